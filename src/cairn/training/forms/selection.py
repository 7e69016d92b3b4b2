"""Forms of a panel: scores in a grid by code, outcomes, who sat, and why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.training.forms.people import words_field
from cairn.training.models import Nomination
from cairn.training.rules.choices import SelectionOutcome
from cairn.training.rules.selection import Criterion
from cairn.ui.forms import offer


class ScoresForm(forms.Form):
    """One field for each nomination and criterion, from 0 to 5; an empty one is not scored yet."""

    def __init__(
        self,
        *args: Any,
        nominations: Sequence[Nomination],
        criteria: Sequence[Criterion],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.nominations, self.criteria = nominations, criteria
        for row in nominations:
            for criterion in criteria:
                self.fields[f"{row.pk}.{criterion.code}"] = forms.IntegerField(
                    label=_("%(criterion)s, %(code)s")
                    % {"criterion": criterion.label, "code": row.practitioner.code},
                    min_value=0,
                    max_value=criterion.most,
                    required=False,
                    initial=row.scores.get(criterion.code),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )

    def scores(self) -> dict[UUID, dict[str, int]]:
        """{nomination: {criterion: score}} of a valid form, those without any score left out."""
        given: dict[UUID, dict[str, int]] = {row.pk: {} for row in self.nominations}
        for row in self.nominations:
            for criterion in self.criteria:
                value = self.cleaned_data.get(f"{row.pk}.{criterion.code}")
                if value is not None:
                    given[row.pk][criterion.code] = value
        return {key: scores for key, scores in given.items() if scores}

    def cells(self, row: Nomination) -> list[forms.BoundField]:
        """The bound fields of one nomination, in the order of the criteria."""
        return [self[f"{row.pk}.{criterion.code}"] for criterion in self.criteria]


class DecisionForm(forms.Form):
    """An outcome for each nomination that was ticked, by a panel, with its reason."""

    panel = forms.MultipleChoiceField(
        label=_("Who decided with you"), widget=forms.CheckboxSelectMultiple
    )
    reason = words_field(
        _("Reason"),
        300,
        rows=3,
        help_text=_("It stands with each decision. Say why where the list was not followed."),
    )

    def __init__(
        self,
        *args: Any,
        nominations: Sequence[Nomination],
        proposed: Mapping[UUID, str],
        colleagues: Iterable[tuple[UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.nominations = nominations
        offer(self.fields["panel"], [(str(key), name) for key, name in colleagues])
        choices = [("", _("Not decided now")), *SelectionOutcome.choices]
        for row in nominations:
            self.fields[f"outcome.{row.pk}"] = forms.ChoiceField(
                label=row.practitioner.code,
                choices=choices,
                required=False,
                initial=proposed.get(row.pk, ""),
            )

    def outcome(self, row: Nomination) -> forms.BoundField:
        return self[f"outcome.{row.pk}"]

    def outcomes(self) -> dict[UUID, SelectionOutcome]:
        """{nomination: outcome} of a valid form."""
        return {
            row.pk: SelectionOutcome(value)
            for row in self.nominations
            if (value := self.cleaned_data[f"outcome.{row.pk}"])
        }

    def sat(self) -> list[UUID]:
        return [UUID(each) for each in self.cleaned_data["panel"]]
