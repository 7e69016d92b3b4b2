"""Forms of shares: what another organisation is to know, and what is decided about it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.oversight.forms import day_field
from cairn.referral.actions.sharing import Terms
from cairn.referral.forms.plans import OrganisationField, name_all, words_field
from cairn.referral.queries.consent import Recipients
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.ui.forms import offer

_ALL = _("Written for the other side; sealed, and open to it only when it has accepted.")
_PURPOSES = [("", _("Choose")), *Purpose.of_words()]


class TermsForm(forms.Form):
    """Purpose, last day, and words by category: what has words is what is shared."""

    purpose = forms.ChoiceField(label=_("What for"), choices=_PURPOSES)
    expires_on = day_field(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, each in enumerate(DataCategory):
            # Said once, at the first of them: it holds for all.
            said = "" if number else _ALL
            self.fields[f"words_{each.value}"] = words_field(each.label, said, rows=2)

    def terms(self, kept: Sequence[str] = ()) -> Terms:
        """What was given; `kept`: categories whose words stay as they are."""
        given = self.cleaned_data
        words = {each.value: given[f"words_{each.value}"].strip() for each in DataCategory}
        content = {name: text for name, text in words.items() if text}
        categories = sorted({*content, *kept})
        return Terms(Purpose(given["purpose"]), categories, given["expires_on"], content)


class ShareForm(TermsForm):
    taker = OrganisationField(label=_("With whom"))

    field_order = ("taker",)

    def __init__(self, *args: Any, takers: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_all(self.fields["taker"], takers)


class AmendForm(TermsForm):
    """Other terms: what stays as it is written, and what is new."""

    stays = forms.MultipleChoiceField(
        label=_("What stays as it is"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why you open what is shared now"),
        help_text=_("What stays is opened to be sealed anew; that is noted with your reason."),
        max_length=500,
    )

    field_order = ("purpose", "expires_on", "stays")

    def __init__(self, *args: Any, categories: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(DataCategory.choices)
        offer(self.fields["stays"], [(each, labels[each]) for each in categories])


class VersionForm(forms.Form):
    """Nothing to type: only which version of the terms was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
