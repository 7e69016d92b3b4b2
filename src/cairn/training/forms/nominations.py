"""Forms about calls and nominations: terms, seats, proposing somebody, replacing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.pseudonyms import tidied
from cairn.oversight.forms import day_field
from cairn.portfolio.forms.fields import LinesField
from cairn.training.actions.calls import CallTerms
from cairn.training.actions.nominations import Proposal
from cairn.training.forms.people import (
    AgencyField,
    NamesForm,
    ReasonForm,
    ServiceFields,
    give,
    words_field,
)
from cairn.training.models import Call, Nomination
from cairn.training.rules.choices import VettingKind
from cairn.training.rules.selection import Criterion
from cairn.ui.forms import offer


def _criterion(line: str) -> tuple[str, int]:
    """ "Experience | 2" as ("Experience", 2); without a weight it is 1."""
    label, _bar, weight = (part.strip() for part in line.partition("|"))
    if not label or len(label) > 120 or (weight and not (weight.isdigit() and len(weight) < 3)):
        raise RuleBroken(
            "call.criterion",
            str(_("A line says what is scored, a bar, and a weight: Experience | 2.")),
        )
    return label, int(weight or 1)


class CallForm(forms.Form):
    """When a call is open, whom it looks for, and by what the panel will choose."""

    opens_on = day_field(_("Opens on"))
    closes_on = day_field(_("Closes on"), help_text=_("The last day counts."))
    profile = words_field(
        _("Who should be nominated"), 2_000, rows=4, required=False, help_text=_("Published.")
    )
    criteria = LinesField(
        _criterion,
        label=_("Criteria"),
        required=False,
        help_text=_(
            "One on each line with its weight: Experience in the field | 2. Published with the"
            " call; the panel scores each from 0 to 5."
        ),
    )
    vetting_kinds = forms.MultipleChoiceField(
        label=_("Checks that everybody needs"),
        choices=VettingKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    minimum_women = forms.IntegerField(
        label=_("Women in the whole call, at least"), min_value=0, max_value=1_000, initial=0
    )

    @staticmethod
    def of(call: Call) -> dict[str, Any]:
        """What the form begins with for a call that is there."""
        return {
            "opens_on": call.opens_on,
            "closes_on": call.closes_on,
            "profile": call.profile,
            "criteria": [f"{each['label']} | {each.get('weight', 1)}" for each in call.criteria],
            "vetting_kinds": call.vetting_kinds,
            "minimum_women": call.minimum_women,
        }

    def terms(self) -> CallTerms:
        given = self.cleaned_data
        return CallTerms(
            given["opens_on"],
            given["closes_on"],
            profile=given["profile"],
            criteria=[
                Criterion(f"c{place}", label, weight)
                for place, (label, weight) in enumerate(given["criteria"], start=1)
            ],
            vetting_kinds=given["vetting_kinds"],
            minimum_women=given["minimum_women"],
        )


class SeatsForm(forms.Form):
    """Seats of one agency. No seats takes them away."""

    agency = AgencyField(label=_("Agency"))
    seats = forms.IntegerField(label=_("Seats"), min_value=0, max_value=1_000)
    minimum_women = forms.IntegerField(
        label=_("Of these for women, at least"), min_value=0, max_value=1_000, initial=0
    )
    profile = words_field(_("Whom this agency should send"), 300, required=False)

    def __init__(self, *args: Any, agencies: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give(self, "agency", agencies)


class NominateForm(ServiceFields, NamesForm):
    """Somebody whom an agency proposes: by the code of a record, or anew."""

    agency = AgencyField(label=_("Agency"))
    code = words_field(
        _("Code"),
        8,
        required=False,
        help_text=_("Of somebody whom you nominated before; then leave the name empty."),
    )
    motivation = words_field(
        _("Why this person"), 1_000, rows=3, required=False, help_text=_("No names.")
    )
    priority = forms.IntegerField(
        label=_("Your own order"), min_value=0, max_value=999, initial=0, required=False
    )
    note = words_field(_("Your own reference"), 120, required=False)
    field_order = ("agency", "code", "name", "name_latin")

    def __init__(self, *args: Any, agencies: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give(self, "agency", agencies)
        if len(agencies) == 1:
            self.fields["agency"].initial = str(agencies[0].pk)
            self.fields["agency"].widget = forms.HiddenInput()
        self.fields["name"].required = False

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        if typed and not (code := tidied(typed)):
            raise forms.ValidationError(_("This is not the code of a person."), code="code")
        return code if typed else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("code") and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("Give a name, or the code of somebody on record."))
        return given

    def proposal(self) -> Proposal:
        given = self.cleaned_data
        answers = {"motivation": given["motivation"]} if given["motivation"] else {}
        return Proposal(
            facts=None if given["code"] else self.facts(given["agency"]),
            code=given["code"],
            answers=answers,
            priority=given["priority"] or 0,
            note=given["note"],
        )


class ReplaceForm(ReasonForm):
    """Who takes over a seat: the best ranked in reserve stands first."""

    by = forms.ChoiceField(label=_("Who takes the seat"), widget=forms.RadioSelect)
    field_order = ("by", "reason")

    def __init__(self, *args: Any, reserve: Sequence[Nomination], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["by"], [(str(each.pk), each.practitioner.code) for each in reserve])


class MotivationForm(forms.Form):
    """What was missing in a nomination."""

    motivation = words_field(_("Why this person"), 1_000, rows=3, help_text=_("No names."))


class ReceiptForm(forms.Form):
    received_on = day_field(_("Received on"))


class ResultForm(forms.Form):
    """How a check ended. The last field is sealed."""

    outcome = forms.ChoiceField(
        label=_("Result"),
        choices=[("cleared", _("Cleared")), ("refused", _("Refused"))],
        widget=forms.RadioSelect,
    )
    issuer = words_field(_("Who answered"), 120, help_text=_("The office, not a person."))
    decided_on = day_field(_("Dated"))
    valid_until = day_field(
        _("Holds until"), required=False, help_text=_("For a clearance. The last day counts.")
    )
    note = words_field(
        _("Reason of the check"),
        4_000,
        rows=4,
        required=False,
        help_text=_("Sealed. Only vetting officers open it, with a reason."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        until: date | None = given.get("valid_until")
        if given.get("outcome") == "cleared" and until is None and "valid_until" not in self.errors:
            self.add_error("valid_until", _("A clearance says how long it holds."))
        return given
