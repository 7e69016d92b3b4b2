"""The form of an open question."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.observatory.rules.series import MAY_GROUP, MOST_DIMENSIONS, Series
from cairn.ui.forms import offer


class AskForm(forms.Form):
    """Which year, and by which columns; `years` as (code, words)."""

    year = forms.ChoiceField(label=_("Year"))
    by = forms.MultipleChoiceField(
        label=_("Count persons by"),
        help_text=_("One to three columns. The fewer, the more an answer tells beside its error."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, series: Series, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["year"], [(str(year), str(year)) for year in years])
        columns = [each for each in series.dimensions if each.field_class in MAY_GROUP]
        offer(self.fields["by"], [(each.name, each.label) for each in columns])

    def clean_by(self) -> list[str]:
        chosen = list(self.cleaned_data["by"])
        if len(chosen) > MOST_DIMENSIONS:
            raise forms.ValidationError(_("Choose three columns at most."), code="most")
        return chosen

    def clean_year(self) -> int:
        return int(self.cleaned_data["year"])
