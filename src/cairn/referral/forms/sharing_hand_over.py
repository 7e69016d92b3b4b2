"""The form with which a whole caseload changes hands."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cairn.referral.queries.sharing_hand_over import Caseload
from cairn.referral.rules.sharing import Why
from cairn.ui.forms import offer

_REASONS = [(each.value, each.label) for each in (Why.POST_CLOSES, Why.STAFF_LEAVES)]


class HandOverForm(forms.Form):
    """Whose records, who takes them on, and why. What was seen goes with the choice."""

    whose = forms.ChoiceField(label=_("Whose records"))
    to_user = forms.ChoiceField(label=_("Who takes them on"))
    why = forms.ChoiceField(
        label=_("Why"), choices=[*_REASONS, (Why.BETTER_PLACED.value, Why.BETTER_PLACED.label)]
    )

    def __init__(
        self,
        *args: Any,
        caseloads: Sequence[Caseload],
        helpers: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        whose = [(f"{each.user_id or ''}/{each.count}", caseload_words(each)) for each in caseloads]
        offer(self.fields["whose"], [("", _("Choose")), *whose])
        takers = [(str(pk), name) for pk, name in helpers.items()]
        offer(self.fields["to_user"], [("", _("Choose")), *takers])

    def given(self) -> tuple[UUID | None, UUID, Why, int]:
        """(from, to, why, how many were seen)."""
        whose, count = self.cleaned_data["whose"].split("/")
        to_user = UUID(self.cleaned_data["to_user"])
        return UUID(whose) if whose else None, to_user, Why(self.cleaned_data["why"]), int(count)


def caseload_words(each: Caseload) -> str:
    """Whose it is, and how many open records."""
    words = ngettext("%(name)s: %(count)d open record", "%(name)s: %(count)d open records",
                     each.count)  # fmt: skip
    return words % {"name": each.name, "count": each.count}
