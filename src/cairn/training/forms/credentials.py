"""Forms about certificates: types, issuing, decisions with a reason, and the public check."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cairn.oversight.forms import day_field, reason_field
from cairn.training.models import CredentialType
from cairn.training.openbadges.compact import BUDGET
from cairn.training.queries.credentials import EVENT_KINDS
from cairn.training.rules.choices import CredentialKind
from cairn.ui.forms import offer

_LONGEST_CRITERIA = 400


class TypeForm(forms.Form):
    """A type of certificate. Each language has its own name and criteria; English is required."""

    code = forms.SlugField(
        label=_("Code"), max_length=20, help_text=_("Short, in small letters: “trainer”.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CredentialKind.choices)
    validity_months = forms.IntegerField(
        label=_("Valid for how many months"),
        min_value=1,
        max_value=600,
        required=False,
        help_text=_("Leave empty when it does not expire."),
    )
    renewal_rule = forms.CharField(
        label=_("How it is renewed"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if code:
            del self.fields["code"]
        for language, name in settings.LANGUAGES:
            attributes = {"dir": "auto", "lang": language}
            self.fields[f"name_{language}"] = forms.CharField(
                label=_("Name (%(language)s)") % {"language": name},
                max_length=120,
                required=language == "en",
                widget=forms.TextInput(attrs=attributes),
            )
            self.fields[f"criteria_{language}"] = forms.CharField(
                label=_("What it takes (%(language)s)") % {"language": name},
                max_length=_LONGEST_CRITERIA,
                required=language == "en",
                widget=forms.Textarea(attrs={**attributes, "rows": 2}),
            )

    def texts(self) -> dict[str, dict[str, str]]:
        """Name and criteria by language, those that were given."""
        given = self.cleaned_data
        return {
            language: {"name": given[f"name_{language}"], "criteria": given[f"criteria_{language}"]}
            for language, _name in settings.LANGUAGES
            if given[f"name_{language}"]
        }


class IssueForm(forms.Form):
    """Issue for an event what its participants have earned."""

    kinds = forms.MultipleChoiceField(
        label=_("Which certificates"),
        choices=[(kind.value, kind.label) for kind in EVENT_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = reason_field(
        _("Reason"),
        _(
            "Names of those who agreed to have them on the certificate are opened for this. "
            "The data-protection officer reads the reason. No names."
        ),
    )

    def chosen(self) -> list[CredentialKind]:
        return [CredentialKind(kind) for kind in self.cleaned_data["kinds"]]


class IssueToForm(forms.Form):
    """Certify a trainer, an assessor or a team member."""

    person = forms.CharField(
        label=_("Code of the person"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
    type = forms.ChoiceField(label=_("Type of certificate"))
    valid_from = day_field(_("Valid from"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    reason = reason_field(_("Reason"), _("On what it rests. No names."))

    def __init__(
        self, *args: Any, types: Iterable[tuple[CredentialType, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["type"], [(each.code, name) for each, name in types])


class DecisionForm(forms.Form):
    """A decision on one certificate: its reason stays in the history."""

    reason = reason_field(
        _("Reason"),
        _("In a sentence, without names. It stays in the history and is not published."),
    )


class CheckForm(forms.Form):
    """What somebody presents: the code, or the address out of the QR code."""

    presented = forms.CharField(
        label=_("Code on the certificate"),
        help_text=_("Such as K7Q-M2R-9HW. You can also paste the address from the QR code."),
        max_length=2 * BUDGET,
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class OwnForm(forms.Form):
    """A participant's own code at one event."""

    code = forms.CharField(
        label=_("Your personal code"),
        help_text=_("It stands on your badge, such as 7K-QM-3R."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}
        ),
    )
