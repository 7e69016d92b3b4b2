"""Shape and wording of plans for a cascade and their targets, and of the filter of its page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cairn.oversight.forms import day_field
from cairn.portfolio.models import Project
from cairn.training.forms.curriculum import country_field, fill_countries
from cairn.training.models import TrainingEvent
from cairn.ui.forms import offer


class CascadeFilterForm(forms.Form):
    """Choices of the page; what is not among them is not chosen."""

    project = forms.ChoiceField(label=_("Project"), required=False)
    root = forms.ChoiceField(label=_("Below the training"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(
        self,
        *args: Any,
        projects: Sequence[tuple[str, str]],
        roots: Sequence[tuple[str, str]],
        countries: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("project", projects), ("root", roots), ("country", countries)):
            offer(self.fields[name], [("", _("All")), *choices])


class PlanForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), required=False
    )
    root = forms.ModelChoiceField(
        label=_("Training that it begins with"),
        queryset=TrainingEvent.objects.none(),
        required=False,
        help_text=_("Where it is not a whole project's cascade."),
    )
    minimum_share = forms.DecimalField(
        label=_("Least share of the objectives that a trainer has to teach"),
        min_value=0,
        max_value=1,
        decimal_places=2,
        max_digits=3,
        initial="0.50",
        help_text=_("0.5 is half of them. Who teaches less is not counted as the trainer."),
    )

    def __init__(
        self,
        *args: Any,
        projects: QuerySet[Project],
        roots: QuerySet[TrainingEvent],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        self.fields["root"].queryset = roots  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    generation = forms.IntegerField(
        label=_("Generation"),
        min_value=1,
        max_value=20,
        help_text=_("1 for those whom the root trainers train, 2 for those whom they train."),
    )
    persons = forms.IntegerField(label=_("People to reach"), min_value=1, max_value=10_000_000)
    country = country_field()
    area = forms.CharField(label=_("Area"), max_length=120, required=False)
    due_on = day_field(_("By the day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_countries(self.fields["country"])
