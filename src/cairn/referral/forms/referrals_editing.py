"""The form by which what was prepared for a service is changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.actions.referrals import Wanted
from cairn.referral.forms.referrals import WriteForm
from cairn.referral.models.referrals import Referral
from cairn.referral.rules.choices import DataCategory, Need, Purpose, Urgency
from cairn.ui.forms import offer


class EditForm(WriteForm):
    """All of a prepared referral; the words that are there are not shown, and stay unless said.

    `version`: how much had happened to the referral when the page was made.
    """

    version = forms.IntegerField(widget=forms.HiddenInput())
    service = forms.ChoiceField(label=_("Service"))
    need = forms.ChoiceField(label=pgettext_lazy("help", "Need"), choices=Need.choices)
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=Urgency.choices, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.of_words)
    stays = forms.MultipleChoiceField(
        label=_("Written already"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Take the mark away, and the words of this kind are taken out."),
    )

    def __init__(
        self,
        *args: Any,
        found: Referral,
        version: int,
        services: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        first = {
            "version": version,
            "service": found.service.code,
            "need": found.need,
            "urgency": found.urgency,
            "purpose": found.purpose,
            "place": found.place,
            "language": found.card.get("language", ""),
            "exclusions": found.card.get("exclusions", []),
            "stays": found.categories,
        }
        super().__init__(*args, initial=first, **kwargs)
        offer(self.fields["service"], services)
        written = [each for each in DataCategory if each.value in found.categories]
        is_worded = [each for each in written if each is not DataCategory.NEED]
        offer(self.fields["stays"], [(each.value, each.label) for each in is_worded])
        if not is_worded:
            del self.fields["stays"]
        for each in written:
            if field := self.fields.get(f"words_{each.value}"):
                field.help_text = _("Empty: what is written stays. Else it is written anew.")
        first_ones = "service need urgency purpose place language exclusions emergency_reason stays"
        self.order_fields(first_ones.split())

    def changed(self) -> Wanted:
        """What a valid form says."""
        given = self.cleaned_data
        plain = self.wanted(given["need"], given["urgency"], given["purpose"])
        kept = {*plain.categories, *given.get("stays", ())}
        return Wanted(
            plain.need,
            plain.urgency,
            plain.purpose,
            sorted(kept),
            plain.content,
            plain.exclusions,
            plain.language,
            plain.place,
            plain.emergency_reason,
        )
