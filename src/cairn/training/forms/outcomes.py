"""Forms about outcomes from the field: a report, a claim. No place for a person's story."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.portfolio.forms.fields import NOT_VALID
from cairn.training.rules.choices import Confidence, OutcomeKind, Strength
from cairn.training.rules.outcomes import LONGEST_NOTE, MOST_IN_A_REPORT, Factor, doubts
from cairn.ui.forms import offer


class FactorsField(forms.MultipleChoiceField):
    """What else may have led to it: always asked."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=_("What else may have led to it"),
            choices=Factor.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("“None known” is an answer, too."),
            **more,
        )


class OutcomeForm(forms.Form):
    """Kind, month, area and count. Nothing about a victim, a witness or a suspect."""

    kind = forms.ChoiceField(label=_("What was done"), choices=OutcomeKind.choices)
    month = forms.CharField(
        label=_("Month"),
        max_length=7,
        help_text=_("As 2026-02."),
        widget=forms.TextInput(attrs={"type": "month", "dir": "ltr"}),
    )
    country = forms.ChoiceField(label=_("Country"))
    area = forms.CharField(
        label=_("Area"),
        max_length=120,
        required=False,
        help_text=_("Province or region. No town, no camp, no checkpoint."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_IN_A_REPORT)
    unit = forms.CharField(
        label=_("What is counted"),
        max_length=40,
        help_text=_("For example: cases, referrals, procedures."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    confidence = forms.ChoiceField(
        label=_("How sure is the count"), choices=Confidence.choices, widget=forms.RadioSelect
    )
    event = forms.ChoiceField(label=_("Training that contributed"), required=False)
    factors = FactorsField(required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_(
            "Only about the work, in a few words. Names, ages, days, numbers and anything about a"
            " victim or a case are refused."
        ),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    is_nobody = forms.BooleanField(label=_("The note names nobody"), required=False)

    def __init__(
        self,
        *args: Any,
        countries: Iterable[tuple[str, str]],
        events: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], [("", _now("Choose")), *countries])
        offer(self.fields["event"], [("", _now("None of them")), *events])

    def clean_kind(self) -> OutcomeKind:
        return OutcomeKind(self.cleaned_data["kind"])

    def clean_confidence(self) -> Confidence:
        return Confidence(self.cleaned_data["confidence"])

    def clean(self) -> dict[str, Any]:
        """Words that may be a name are shown and asked about once."""
        given = super().clean() or self.cleaned_data
        found = doubts(given.get("note", ""))
        if found and not given.get("is_nobody"):
            self.add_error(
                "is_nobody",
                ValidationError(
                    _now("Is this somebody's name: %(words)s? Take it out, or say that it is not.")
                    % {"words": ", ".join(found)},
                    code=NOT_VALID,
                ),
            )
        return given


class ClaimForm(forms.Form):
    """That a training contributed, and how that is known."""

    event = forms.ChoiceField(label=_("Training that contributed"))
    strength = forms.ChoiceField(
        label=_("How it is known"), choices=Strength.choices, widget=forms.RadioSelect
    )
    factors = FactorsField()
    evidence = forms.CharField(
        label=_("Document that shows it"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("Title and keeper, for a documented claim. Not its content, no names."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, events: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["event"], events)

    def clean_strength(self) -> Strength:
        return Strength(self.cleaned_data["strength"])


class WithdrawForm(forms.Form):
    """Why a report is taken back."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_NOTE,
        help_text=_("In a few words, without names."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
