"""Forms with which files go to another organisation: to whom, which, and the answer."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.models import Unit
from cairn.referral.forms.plans import OrganisationField, name_all
from cairn.referral.forms.sharing_hand_over import caseload_words
from cairn.referral.queries.consent import Recipients
from cairn.referral.queries.sharing_hand_over import Caseload
from cairn.referral.rules.sharing import HandOverState, Why
from cairn.ui.forms import offer


class WhereForm(forms.Form):
    """Whose records, to whom, and why. `record`: one record by its code, instead of a caseload."""

    record = forms.CharField(required=False, max_length=7, widget=forms.HiddenInput)
    whose = forms.ChoiceField(label=_("Whose records"), required=False)
    taker = OrganisationField(label=_("To which organisation"))
    why = forms.ChoiceField(label=_("Why"), choices=[("", _("Choose")), *Why.choices])

    def __init__(
        self,
        *args: Any,
        caseloads: Sequence[Caseload],
        takers: Recipients,
        record: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        name_all(self.fields["taker"], takers)
        if record:
            del self.fields["whose"]
            return
        self.fields["whose"].required = True
        named = [(str(each.user_id or "nobody"), caseload_words(each)) for each in caseloads]
        offer(self.fields["whose"], [("", _("Choose")), *named])

    @property
    def from_user(self) -> UUID | None:
        whose = self.cleaned_data.get("whose", "")
        return UUID(whose) if whose and whose != "nobody" else None


class WhichForm(forms.Form):
    """Which of the records that may go are offered: all of them, unless somebody says no."""

    records = forms.MultipleChoiceField(
        label=_("Records that may go"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["records"], [(each, each) for each in codes])
        self.fields["records"].initial = list(codes)


class SeenForm(forms.Form):
    """Nothing to type: only how the hand-over stood when the page was made."""

    seen = forms.ChoiceField(choices=HandOverState.choices, widget=forms.HiddenInput)


class TakeForm(forms.Form):
    """Which files are taken over, where they go, and who works on them."""

    numbers = forms.TypedMultipleChoiceField(
        label=_("What you take over"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is declined, and stays where it is."),
    )
    unit = forms.ChoiceField(label=pgettext_lazy("part of an organisation", "Unit"), required=False)
    to_user = forms.ChoiceField(label=_("Who takes them on"), required=False)

    def __init__(
        self,
        *args: Any,
        lines: Sequence[tuple[int, str]],
        units: Sequence[Unit],
        helpers: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["numbers"], [(str(number), words) for number, words in lines])
        self.fields["numbers"].initial = [number for number, _words in lines]
        self.units = {str(each.pk): each for each in units}
        named = [(pk, each.name) for pk, each in self.units.items()]
        offer(self.fields["unit"], [("", _("The whole organisation")), *named])
        users = [(str(pk), name) for pk, name in helpers.items()]
        offer(self.fields["to_user"], [("", _("Decided later")), *users])

    def given(self) -> dict[str, Any]:
        """The arguments of `answer_transfer`."""
        data = self.cleaned_data
        return {
            "numbers": data["numbers"],
            "unit": self.units.get(data["unit"]),
            "to_user": UUID(data["to_user"]) if data["to_user"] else None,
        }
