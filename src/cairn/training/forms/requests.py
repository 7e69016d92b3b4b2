"""Forms about requests that come out of trainings: what is asked for, and its next step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.imports import cells
from cairn.oversight.forms import day_field
from cairn.portfolio.forms.fields import LinesField, short
from cairn.training.models import CurriculumIntegration
from cairn.training.rules.choices import RequestKind


class KindsField(forms.TypedMultipleChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=_("What is asked for"),
            choices=RequestKind.choices,
            coerce=RequestKind,
            widget=forms.CheckboxSelectMultiple,
            **more,
        )


class RaiseForm(forms.Form):
    """Somebody asked for help at a training."""

    event = forms.CharField(
        label=_("At the training"),
        max_length=20,
        help_text=_("Its reference."),
        widget=short(),
    )
    requested_by = forms.CharField(
        label=_("Who asks"),
        max_length=200,
        help_text=_("The body or delegation, not a person."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    countries = LinesField(
        cells.country,
        label=_("Countries"),
        required=False,
        help_text=_("One on each line, in any language of the United Nations."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kinds = KindsField()
    request = forms.CharField(
        label=_("In their words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    received_on = day_field(_("Received on"))
    next_step_by = day_field(_("Next step by"), required=False)


class PlanForm(forms.Form):
    """By when the next step is due, and what answers the request."""

    kinds = KindsField()
    next_step_by = day_field(_("Next step by"), required=False)
    answered_by = forms.CharField(
        label=_("Training that answers it"),
        max_length=20,
        required=False,
        help_text=_("Its reference."),
        widget=short(),
    )
    integrated = forms.ModelChoiceField(
        label=_("Curriculum that it became part of"),
        queryset=CurriculumIntegration.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, integrations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["integrated"].queryset = integrations  # type: ignore[attr-defined]


def filter_options() -> list[tuple[str, str]]:
    """Kinds to narrow the list to."""
    return [(kind.value, str(kind.label)) for kind in RequestKind]
