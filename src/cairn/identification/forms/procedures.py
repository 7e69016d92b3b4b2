"""Forms about procedures: entering one, and deciding its next step."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cairn.identification.actions.procedures import Place
from cairn.identification.rules.procedures import (
    CONSEQUENCES,
    GROUNDS,
    AgeStatus,
    Ground,
    Standard,
    State,
)
from cairn.identification.rules.profiles import AuthorityKind, Profile, Right
from cairn.identification.rules.rights import OPENED_BY
from cairn.identification.subjects import SEALED
from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.ui.forms import offer


class ProcedureForm(PlaceForm):
    """A procedure is opened. The last two fields are sealed when it is saved."""

    opened_on = day_field(pgettext_lazy("record", "Opened on"))
    keep_until = day_field(
        _("Keep until"),
        required=False,
        help_text=_("Without a day the procedure is kept for ten years. It decides nothing."),
    )
    age_status = forms.ChoiceField(
        label=_("Age"),
        choices=AgeStatus,
        initial=AgeStatus.DISPUTED,
        help_text=_("Where it is disputed or not known, the person counts as a child."),
    )
    authority_kind = forms.ChoiceField(
        label=_("What kind of authority it is"),
        choices=[("", _("Not entered yet")), *AuthorityKind.choices],
        required=False,
        help_text=_("The profile of the country says which of them decide."),
    )
    subject_name = forms.CharField(
        label=SEALED["subject_name"],
        max_length=200,
        required=False,
        help_text=_("Only where the procedure needs it. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    summary = forms.CharField(
        label=SEALED["summary"],
        max_length=8_000,
        required=False,
        help_text=_("What was observed and by whom; no conclusions. Sealed."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )

    def place(self) -> Place:
        """Authority, country and unit of a valid form."""
        given = self.cleaned_data
        return Place(given["organisation"], given["country"], given.get("unit"))


@dataclass(frozen=True, slots=True)
class Possible:
    """An outcome that can be decided now, with the standards that it takes in this country."""

    outcome: State
    takes: frozenset[Standard]


class DecisionForm(forms.Form):
    """The next decision. What there is to choose depends on the decisions before and the law."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(
        label=_("Short reason"),
        help_text=_("The page says which reasons each decision can have."),
    )
    standard = forms.ChoiceField(
        label=_("Standard"),
        widget=forms.RadioSelect,
        help_text=_("How sure you had to be. The page says which standard each decision takes."),
    )
    authority_kind = forms.ChoiceField(
        label=_("What kind of authority decides"),
        required=False,
        help_text=_("Empty: the kind that is entered with the procedure."),
    )
    authority = forms.CharField(
        label=_("On what authority"),
        max_length=200,
        help_text=_("The law or order, with its article. No names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=8_000,
        help_text=_("What was found and why it leads to this decision. Sealed."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, choices: list[Possible], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [each.outcome for each in choices]
        offer(self.fields["outcome"], [(each.value, each.label) for each in outcomes])
        takes = {standard for each in choices for standard in each.takes}
        offer(
            self.fields["standard"],
            [(each.value, each.label) for each in Standard if each in takes],
        )
        if len(takes) == 1:  # nothing to choose
            self.fields["standard"].initial = takes.pop()
        grounds = {ground for each in outcomes for ground in GROUNDS[each]}
        offer(
            self.fields["ground"],
            [
                ("", _("Choose")),
                *((each.value, each.label) for each in Ground if each in grounds),
            ],
        )
        kinds = [(each.value, each.label) for each in AuthorityKind]
        offer(self.fields["authority_kind"], [("", _("As entered")), *kinds])


def explained(choices: list[Possible], law: Profile) -> list[dict[str, Any]]:
    """Each possible decision with its standards and reasons, and what it brings about by law."""
    return [
        {
            "label": each.outcome.label,
            "standards": [one.label for one in Standard if one in each.takes],
            "grounds": [one.label for one in GROUNDS[each.outcome]],
            "consequence": CONSEQUENCES[each.outcome],
            "opens": _opened(each.outcome, law),
            "ends": [one.label for one in Right if one in law.rights_ended(each.outcome)],
        }
        for each in choices
    ]


def _opened(outcome: State, law: Profile) -> list[str]:
    stage = OPENED_BY.get(outcome)
    if stage is None:
        return []
    return [length_words(right, days, law) for right, days in law.rights_opened(stage).items()]


def length_words(right: Right, days: int | None, law: Profile) -> str:
    """A right with its length, as a page says it."""
    if right is Right.REFLECTION:
        days = law.reflection_days
    if days is None:
        return str(right.label)
    return ngettext("%(right)s (%(days)d day)", "%(right)s (%(days)d days)", days) % {
        "right": right.label,
        "days": days,
    }
