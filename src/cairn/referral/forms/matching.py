"""Forms about two records that may be of one person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.referral.rules.matching import PairReason, PairStep

_CHOOSE = ("", _("Choose"))


class DecideForm(forms.Form):
    """One person or two, and what that rests on."""

    step = forms.ChoiceField(
        label=_("What did you find?"),
        choices=[
            (PairStep.SAME.value, _("Both records are of the same person")),
            (PairStep.DIFFERENT.value, _("They are of two persons")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("What does that rest on?"),
        choices=[
            _CHOOSE,
            *((each.value, each.label) for each in PairReason if each is not PairReason.MISTAKE),
        ],
    )


class UndoForm(forms.Form):
    """Why a decision is taken back."""

    reason = forms.ChoiceField(
        label=_("Why is it taken back?"),
        choices=[
            _CHOOSE,
            (PairReason.MISTAKE.value, PairReason.MISTAKE.label),
            (PairReason.TOLD.value, PairReason.TOLD.label),
            (PairReason.PAPERS.value, PairReason.PAPERS.label),
            (PairReason.KNOWN.value, PairReason.KNOWN.label),
        ],
    )
