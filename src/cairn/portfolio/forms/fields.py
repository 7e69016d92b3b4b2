"""Fields that read what people type by the same rules as the cells of an import."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.portfolio.places import places_of

NOT_VALID = "not-valid"  # a slip of the pen, no refusal: see cairn.ui.forms.status_of


class CellField(forms.CharField):
    """One line of text that `parse` turns into a value, or refuses with a reason and a remedy.

    An empty field gives `empty`.
    """

    def __init__(self, parse: Callable[[str], Any], *, empty: Any = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parse = parse
        self.empty = empty

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return parsed(self.parse, text) if text else self.empty


class LinesField(forms.CharField):
    """A list, one entry on each line; blank lines are dropped. `check` may refuse an entry."""

    def __init__(self, check: Callable[[str], Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)
        self.check = check

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return lines if self.check is None else [parsed(self.check, line) for line in lines]


def parsed(parse: Callable[[str], Any], text: str) -> Any:
    """What `parse` makes of `text`. Raises ValidationError in the words of its refusal."""
    try:
        return parse(text)
    except RuleBroken as refusal:
        raise ValidationError(str(refusal), code=NOT_VALID) from None


def place(printed: str) -> str:
    """A place as printed, when it is a country, group or region that is known, or says that it
    is not decided yet. Raises RuleBroken("cell.country")."""
    (found,) = places_of([printed], "", on=None).resolved
    if found.kind == "unknown":
        raise cells.unknown_place(printed, found)
    return cells.text(200)(printed)


def short(**attrs: Any) -> forms.TextInput:
    """An input for codes, dates and numbers, whose direction does not turn."""
    return forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", **attrs})


def day_input() -> forms.TextInput:
    """An input with the calendar of the browser; without one, text in the written form."""
    return forms.TextInput(attrs={"type": "date", "dir": "ltr"})
