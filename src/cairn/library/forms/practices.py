"""Forms of practices: the form of source 002, and what a reviewer decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.library.forms.fields import CountriesField, languages
from cairn.library.models import Practice
from cairn.library.models.practices import FIELDS
from cairn.library.rules.practices import (
    CrisisPhase,
    CrisisType,
    Guideline,
    PracticeType,
    StakeholderType,
)
from cairn.ui.forms import offer

_LINE = {"dir": "auto"}


def _several(label: Any, listed: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=listed.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        **kwargs,
    )


class PracticeForm(forms.Form):
    """A practice in the parts of the form."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What was done, for whom, in one line."),
        widget=forms.TextInput(attrs=_LINE),
    )
    type = forms.ChoiceField(label=_("Type of practice"), choices=PracticeType.choices)
    countries = CountriesField(
        label=_("Countries"),
        required=False,
        help_text=_("One on each line, in any language of the United Nations."),
    )
    stakeholder = forms.CharField(
        label=_("Who carries it out"),
        max_length=200,
        help_text=_("The organisation or office. No name of a person."),
        widget=forms.TextInput(attrs=_LINE),
    )
    stakeholder_types = _several(_("Types of stakeholder"), StakeholderType)
    stakeholder_other = forms.CharField(
        label=_("Other stakeholder"),
        max_length=200,
        required=False,
        help_text=_("As its source says it."),
        widget=forms.TextInput(attrs=_LINE),
    )
    crisis_types = _several(_("Types of crisis"), CrisisType)
    crisis_phases = _several(_("Phases of a crisis"), CrisisPhase)
    description = forms.CharField(
        label=_("Description"),
        max_length=8000,
        required=False,
        help_text=_("What was done, with whom, and what others can learn. No name of a person."),
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    guidelines = _several(_("Guidelines and thematic areas"), Guideline)
    language = forms.ChoiceField(label=_("Language of this text"))
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("Where it is printed, or who tells it."),
        widget=forms.TextInput(attrs=_LINE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["language"], languages())

    def values(self) -> dict[str, Any]:
        """What a valid form says, by the names of FIELDS."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    @staticmethod
    def initial_of(practice: Practice) -> dict[str, Any]:
        return {name: getattr(practice, name) for name in (*FIELDS, "version")}


class SendForm(forms.Form):
    """A draft goes to review."""

    agrees = forms.BooleanField(label=_("It names no person, and I may make it public"))


class DecideForm(forms.Form):
    """What a reviewer decides on the version that the page showed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("What you decide"),
        choices=[
            ("publish", pgettext_lazy("practice", "Publish it")),
            ("return", _("Send it back to its writer")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=400,
        required=False,
        help_text=_("Needed to send it back: what should change."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class WithdrawForm(forms.Form):
    """A practice leaves the registry."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=400,
        help_text=_("Staff read it. No name of a person."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
