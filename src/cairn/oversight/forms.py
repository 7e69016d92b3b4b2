"""Forms of oversight: reasons, days, codes. Shape and words only; rules are in rules.py."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.oversight import rules
from cairn.oversight.models.desk import IncidentKind, Severity, Wish
from cairn.oversight.rules import LONGEST_REASON, ReviewState
from cairn.oversight.subjects import kinds
from cairn.ui.forms import offer


def reason_field(label: Any = "", help_text: Any = "") -> forms.CharField:
    """A reason in words; stored sealed, read by reviewers."""
    return forms.CharField(
        label=label or _("Reason"),
        help_text=help_text
        or _("In a sentence or two, without names. It is kept sealed, and read in reviews."),
        min_length=rules.SHORTEST_REASON,
        max_length=rules.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def code_field(**more: Any) -> forms.CharField:
    """The code of a record as people read it aloud or type it."""
    return forms.CharField(
        label=_("Code of the record"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        **more,
    )


class KindField(forms.ChoiceField):
    """One of the registered kinds of records; `only` narrows them."""

    def __init__(self, only: Any = None, **more: Any) -> None:
        chosen = [kind for kind in kinds() if only is None or only(kind)]
        super().__init__(
            label=_("Kind of record"),
            choices=[(kind.key, kind.label) for kind in chosen],
            **more,
        )


class NoteForm(forms.Form):
    """A decision with its reason."""

    note = reason_field(_("Your reason"))


class HoldForm(forms.Form):
    """A legal hold on one record."""

    code = code_field()
    reason = reason_field(_("Legal reason"), _("Which order or law, of which day."))
    ends_on = day_field(
        _("Until"), required=False, help_text=_("Leave empty when no end is known.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"kind": KindField(), **self.fields}


class LongerForm(forms.Form):
    """Keep a record longer."""

    until = day_field(_("Keep it until"), help_text=_("At most a year from today."))
    reason = reason_field()


class ErasureForm(forms.Form):
    """Ask that a record is erased."""

    reason = reason_field(help_text=_("Who wishes it, and on what ground."))


class ConfirmForm(forms.Form):
    """Typing the code again shows that one knows which record it is."""

    code = code_field(help_text=_("Type it again, to confirm."))

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = code

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).strip().upper()
        if typed != self.wanted:
            raise forms.ValidationError(_("This is not the code of the record. Look again."))
        return typed


class EscalateForm(forms.Form):
    """Make an alert an incident."""

    severity = forms.ChoiceField(label=_("How serious"), choices=Severity)
    note = reason_field(_("What happened"))


class EmergencyForm(forms.Form):
    """Which record, why, and that a life is in danger."""

    code = code_field()
    reason = reason_field(
        _("What is the danger?"),
        _("In a sentence. It is kept sealed, and read in the review."),
    )
    danger = forms.BooleanField(label=_("A life is in danger now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"kind": KindField(lambda kind: kind.break_glass is not None), **self.fields}


class ReviewForm(forms.Form):
    """Whether it was justified, and why."""

    verdict = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=[(each.value, each.label) for each in ReviewState if each != ReviewState.WAITING],
        widget=forms.RadioSelect,
    )
    note = reason_field(_("Why"))


class RequestForm(forms.Form):
    """What a person asked, and how to answer without endangering them."""

    wish = forms.ChoiceField(label=_("What the person wishes"), choices=Wish)
    received_on = day_field(_("Received on"))
    who = forms.CharField(
        label=_("Who asks"),
        max_length=200,
        help_text=_("Kept sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    safe_channel = forms.CharField(
        label=_("How to answer safely"),
        max_length=300,
        help_text=_("What the person said is safe. Kept sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    statement = forms.CharField(
        label=_("In the person's words"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("Kept sealed."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
    )
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)
    code = forms.CharField(
        label=_("Code of the record"),
        max_length=24,
        required=False,
        help_text=_("If it is known."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Not known")), *((kind.key, kind.label) for kind in kinds())]
        offer(self.fields["kind"], choices)


class StepForm(forms.Form):
    """The next step, with its note."""

    to = forms.ChoiceField(label=_("Next step"))
    note = reason_field(_("What was done"))

    def __init__(self, *args: Any, moves: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["to"], moves)


class IncidentForm(forms.Form):
    """What happened, as short as it can be said."""

    kind = forms.ChoiceField(label=_("What"), choices=IncidentKind)
    severity = forms.ChoiceField(label=_("How serious"), choices=Severity, initial=Severity.SERIOUS)
    aware_at = forms.DateTimeField(
        label=_("Since when it is known"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("The 72 hours are counted from then."),
    )
    description = reason_field(_("What happened"), _("Kept sealed; read by data protection."))
    persons_affected = forms.IntegerField(
        label=_("How many persons it may concern"), min_value=0, required=False
    )
