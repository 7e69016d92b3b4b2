"""The form of a measurement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate, check_order
from cairn.imports import cells
from cairn.portfolio.forms.fields import NOT_VALID, CellField, short

PERIOD_HELP = _("Day, month or year: 2025-02-03, 2025-02 or 2025.")


class MeasureForm(forms.Form):
    """A value for a period, with its source."""

    period_start = CellField(
        cells.partial_date, label=_("Period from"), help_text=PERIOD_HELP, widget=short()
    )
    period_end = CellField(
        cells.partial_date, label=_("Period to"), help_text=PERIOD_HELP, widget=short()
    )
    value = CellField(cells.decimal, label=_("Value"), widget=short(inputmode="decimal"))
    dimension = forms.CharField(
        label=_("Part that is meant"),
        max_length=60,
        required=False,
        help_text=_("For example women. Leave it empty for the whole."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The document, or the office that counted; no names of persons."),
    )

    def __init__(self, *args: Any, parts: list[str], **kwargs: Any) -> None:
        """`parts`: what the indicator is disaggregated by; offered, not imposed."""
        super().__init__(*args, **kwargs)
        if parts:
            self.fields["dimension"].help_text = _(
                "Leave it empty for the whole. Planned for this indicator: %(parts)s."
            ) % {"parts": ", ".join(parts)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("period_start"), given.get("period_end")
        if start and end:
            try:
                check_order(PartialDate.parse(start), PartialDate.parse(end))
            except RuleBroken as refusal:
                self.add_error("period_end", forms.ValidationError(str(refusal), code=NOT_VALID))
        return given
