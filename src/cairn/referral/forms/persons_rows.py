"""Forms for what is noted about a person: names, guardians, dangers, needs, best interests."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight.forms import day_field, reason_field
from cairn.referral.actions.persons_conflicts import Choice
from cairn.referral.actions.persons_rows import NewFinding, NewGuardian
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons_contact import (
    AdultGround,
    AliasKind,
    PanelKind,
    RiskFactor,
    RiskLevel,
)
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.ui.forms import offer

LONGEST_NOTE = 4_000
SEALED = _("Sealed.")


def _line(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    attributes = {"dir": "auto", "autocomplete": "off"}
    return forms.CharField(
        label=label,
        max_length=200,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=attributes),
    )


def _text(label: Any, help_text: Any = SEALED, rows: int = 3) -> forms.CharField:
    attributes = {"rows": rows, "dir": "auto", "autocomplete": "off"}
    return forms.CharField(
        label=label,
        max_length=LONGEST_NOTE,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs=attributes),
    )


class AliasForm(forms.Form):
    """Another name by which somebody knows the person."""

    name = _line(_("The other name"), SEALED)
    kind = forms.ChoiceField(
        label=_("Where it comes from"), choices=AliasKind, widget=forms.RadioSelect
    )


class AliasEndForm(forms.Form):
    """A box to tick, so that an empty request changes nothing."""

    sure = forms.BooleanField(label=_("This name is not used any more"))


class GuardianForm(forms.Form):
    """Who stands by the person. Name and contact are sealed when it is saved."""

    name = _line(_("Name of the guardian"), SEALED)
    contact = _line(_("How to reach the guardian"), SEALED, required=False)
    appointed_by = _line(_("Appointed by"), _("The court or authority. No names of persons."))
    starts_on = day_field(_("From"))
    ends_on = day_field(_("Until"), required=False, help_text=_("Empty when no end is set."))

    def guardian(self) -> NewGuardian:
        return NewGuardian(**self.cleaned_data)


class GuardianEndForm(forms.Form):
    """The last day on which somebody stands by the person."""

    ends_on = day_field(_("Last day"))


class RiskForm(forms.Form):
    """How great the danger is. `seen`: number of the newest assessment on the page."""

    level = forms.ChoiceField(
        label=_("How great is the danger?"),
        choices=RiskLevel,
        widget=forms.RadioSelect,
        help_text=_("In doubt the greater. The person's own view of the danger counts first."),
    )
    factors = forms.MultipleChoiceField(
        label=_("What makes it so"),
        choices=RiskFactor,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    assessed_on = day_field(_("Assessed on"))
    review_on = day_field(
        _("To be looked at again on"),
        required=False,
        help_text=_("Without a day: extreme 1, high 7, medium 30, low 90 days later."),
    )
    note = _text(_("In words"), _("What was agreed to keep the person safe. Sealed."))
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class NeedsForm(forms.Form):
    """Which help is needed and how soon: a choice for each need."""

    assessed_on = day_field(_("Asked on"))
    note = _text(_("In words"), _("What the person says they need. Sealed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {
            _field(need): forms.ChoiceField(
                label=need.label,
                choices=[("", pgettext_lazy("help", "Not needed")), *Urgency.choices],
                required=False,
            )
            for need in Need
        }
        self.fields = asked | self.fields

    def needs(self) -> dict[str, str]:
        """Code of each need that was found -> code of how soon."""
        given = self.cleaned_data
        return {need.value: found for need in Need if (found := given[_field(need)])}

    @staticmethod
    def initial_of(needs: dict[str, str]) -> dict[str, str]:
        return {_field(need): needs.get(need.value, "") for need in Need}


def _field(need: Need) -> str:
    return f"need_{need.value}".replace("-", "_")


class InterestsForm(forms.Form):
    """What was found to be best for a child."""

    kind = forms.ChoiceField(
        label=_("Which procedure"),
        choices=PanelKind,
        widget=forms.RadioSelect,
        help_text=_("A return is determined by a panel of several professions."),
    )
    question = forms.ChoiceField(
        label=_("What is asked"), choices=Question, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=_("What was found"), choices=BestOutcome, widget=forms.RadioSelect
    )
    view = _text(
        _("The child's own view"),
        _("In the child's own words, as far as possible. Sealed."),
    )
    options = _text(_("What could be done instead"))
    decided_by = _line(_("Who sat together"), _("By function. No names of persons."))
    decided_on = day_field(_("Found on"))
    review_on = day_field(
        _("Looked at again on"), required=False, help_text=_("Empty when no day is set.")
    )

    def finding(self) -> NewFinding:
        given = self.cleaned_data
        return NewFinding(
            kind=PanelKind(given["kind"]),
            question=Question(given["question"]),
            outcome=BestOutcome(given["outcome"]),
            decided_by=given["decided_by"],
            decided_on=given["decided_on"],
            review_on=given["review_on"],
            options=given["options"],
            view=given["view"],
        )


class FactForm(forms.Form):
    """Which of several values holds. `versions`: (value, words); the answer is the place in it."""

    value = forms.ChoiceField(label=_("What holds"), widget=forms.RadioSelect)
    adult_ground = forms.ChoiceField(
        label=_("Counted as a child till now: on what does it rest that the person is an adult?"),
        choices=[("", _("Nothing of that kind")), *AdultGround.choices],
        required=False,
    )

    def __init__(
        self, *args: Any, versions: Sequence[tuple[Any, str]], asks_age: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.versions = versions
        offer(
            self.fields["value"],
            [(str(place), words) for place, (_value, words) in enumerate(versions)],
        )
        if not asks_age:
            del self.fields["adult_ground"]

    def chosen(self) -> Any:
        return self.versions[int(self.cleaned_data["value"])][0]


class TextForm(forms.Form):
    """Which version of a sealed text holds. Both are opened for it."""

    choice = forms.ChoiceField(
        label=_("What holds"),
        choices=[
            (Choice.STANDING, _("The version that stands")),
            (Choice.OTHER, _("The other version")),
            (Choice.BOTH, _("Both, one after the other")),
        ],
        widget=forms.RadioSelect,
    )
    reason = reason_field(
        _("Reason"),
        _("Why now, in your own words. The data-protection officer reads it. No names."),
    )

    def __init__(self, *args: Any, has_both: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_both:
            field = self.fields["choice"]
            offer(field, [each for each in field.choices if each[0] != Choice.BOTH])  # type: ignore[attr-defined]
