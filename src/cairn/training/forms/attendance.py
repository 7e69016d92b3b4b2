"""Forms about attendance, participants and reports by counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.forms.fields import NOT_VALID, short
from cairn.training.forms.events import language_choices
from cairn.training.forms.sessions import practitioner_of
from cairn.training.models import Practitioner
from cairn.training.rules.choices import MarkKind, Profession, Sex
from cairn.ui.forms import offer


class ScanForm(forms.Form):
    """One badge: its code and whether the person comes or goes. Works without a script."""

    code = forms.CharField(
        label=_("Code on the badge"),
        max_length=200,
        widget=short(autocapitalize="characters", spellcheck="false", autofocus=True),
    )
    kind = forms.ChoiceField(
        label=_("The person"),
        choices=[(MarkKind.IN.value, _("comes in")), (MarkKind.OUT.value, _("goes out"))],
        initial=MarkKind.IN,
        widget=forms.RadioSelect,
    )


class DeskMarkForm(forms.Form):
    """What is said at the desk about one person in one session."""

    session = forms.ChoiceField(label=_("Session"))
    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(each.value, each.label) for each in MarkKind if each is not MarkKind.VOID],
    )

    def __init__(self, *args: Any, sessions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["session"], [(str(each.pk), each.title) for each in sessions])


class ReasonForm(forms.Form):
    """Why something is recorded."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("In a few words; no names."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class ResolutionForm(forms.Form):
    """What was done about a refused record."""

    resolution = forms.CharField(
        label=_("What was done about it"),
        max_length=300,
        help_text=_("For example: marked at the desk instead; badge of another event. No names."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class CompletionForm(ReasonForm):
    """A decision otherwise than the rule says."""

    completed = forms.ChoiceField(
        label=_("The person"),
        choices=[("yes", _("has completed")), ("no", _("has not completed"))],
        widget=forms.RadioSelect,
    )
    field_order = ("completed", "reason")


class EnrolForm(forms.Form):
    """Somebody who is known already, by code."""

    code = forms.CharField(label=_("Code of the person"), max_length=12, widget=short())
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        offer(self.fields["language"], [("", _now("As the person speaks")), *language_choices()])

    def clean_code(self) -> Practitioner:
        return practitioner_of(self.actor, self.cleaned_data["code"])


class WalkInForm(forms.Form):
    """Somebody who came and is not known yet. The name is sealed when it is stored."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As the person writes it. It is sealed: opening it takes a reason."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    name_latin = forms.CharField(
        label=_("Name in Latin letters"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.NOT_STATED)
    profession = forms.ChoiceField(
        label=_("Profession"), choices=Profession.choices, initial=Profession.NOT_STATED
    )
    agency = forms.CharField(
        label=_("Agency"),
        max_length=250,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "list": "organisations-known"}),
    )
    country = forms.ChoiceField(label=_("Country of service"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    is_another = forms.BooleanField(
        label=_("This is somebody else than the people found"),
        required=False,
        help_text=_("Only needed when people with a similar name were found."),
    )

    def __init__(
        self, *args: Any, countries: list[tuple[str, str]], country: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], countries)
        self.fields["country"].initial = country
        offer(self.fields["language"], [("", _now("Not recorded")), *language_choices()])

    def clean_agency(self) -> Organisation | None:
        return organisation_called(self.cleaned_data["agency"])


def organisation_called(typed: str) -> Organisation | None:
    """The organisation of this name; None when empty. Raises ValidationError when unknown."""
    name = typed.strip()
    if not name:
        return None
    found = Organisation.objects.filter(name__iexact=name).first()
    if found is None:
        raise forms.ValidationError(
            _now("There is no organisation “%(name)s”. Choose one from the list.") % {"name": name},
            code=NOT_VALID,
        )
    return found
