"""Forms about the care for children: guardians, best-interests steps, interviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.identification.actions.care import Guardian
from cairn.identification.forms.rights import language_field, offer_languages
from cairn.identification.rules.care import BestOutcome, InterviewState, Question
from cairn.identification.rules.telling import Interpreter
from cairn.oversight.forms import day_field


class GuardianForm(forms.Form):
    """Who was appointed as guardian. Name and contact are sealed when it is saved."""

    name = forms.CharField(
        label=_("Name of the guardian"),
        max_length=200,
        help_text=_("Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("How to reach the guardian"),
        max_length=300,
        required=False,
        help_text=_("Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    appointed_by = forms.CharField(
        label=_("Appointed by"),
        max_length=200,
        help_text=_("The court or authority. No names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"), required=False, help_text=_("Empty when no end is set."))

    def guardian(self) -> Guardian:
        """What a valid form says."""
        return Guardian(**self.cleaned_data)


class GuardianEndForm(forms.Form):
    """A guardianship ends."""

    ends_on = day_field(_("Last day"))


class BestInterestsForm(forms.Form):
    """A best-interests step."""

    question = forms.ChoiceField(
        label=_("What is asked"), choices=Question, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("What was found"), choices=BestOutcome, widget=forms.RadioSelect
    )
    assessed_on = day_field(_("Found on"))
    review_on = day_field(
        _("Looked at again on"), required=False, help_text=_("Empty when no day is set.")
    )
    view = forms.CharField(
        label=_("What the child says of it"),
        max_length=4_000,
        required=False,
        help_text=_("In the child's own words, as far as possible. Sealed."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )


class InterviewForm(forms.Form):
    """An interview is planned."""

    planned_on = day_field(_("On which day"))
    language = language_field(_("In which language"))
    interpreter = forms.ChoiceField(
        label=_("With an interpreter"), choices=Interpreter, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.fields["language"])


class SettleForm(forms.Form):
    """A planned interview was held, or cancelled."""

    state = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (each.value, each.label) for each in (InterviewState.HELD, InterviewState.CANCELLED)
        ],
        widget=forms.RadioSelect,
    )
    happened_on = day_field(_("On which day"))
    interpreter = forms.ChoiceField(
        label=_("With an interpreter"), choices=Interpreter, widget=forms.RadioSelect
    )
