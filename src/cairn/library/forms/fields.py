"""Fields of the library's forms that read what people type by the rules of an import."""

from collections.abc import Callable
from typing import Any

from django import forms

from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.ui.formats import locale

NOT_VALID = "not-valid"  # a slip of the pen, no refusal: see cairn.ui.forms.status_of


def read(parse: Callable[[str], Any], text: str) -> Any:
    """What `parse` makes of `text`. Raises ValidationError in the words of its refusal."""
    try:
        return parse(text)
    except RuleBroken as refusal:
        raise forms.ValidationError(str(refusal), code=NOT_VALID) from None


class ReadField(forms.CharField):
    """A line that `parse` reads; empty stays empty."""

    def __init__(self, parse: Callable[[str], Any], **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"dir": "ltr"}))
        super().__init__(**kwargs)
        self.parse = parse

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return read(self.parse, typed) if typed else ""


class CountriesField(forms.CharField):
    """Countries, one on each line, by name or code: gives their alpha-3 codes, each once."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
        super().__init__(max_length=4000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        named = [line for line in super().clean(value).splitlines() if line.strip()]
        return list(dict.fromkeys(read(cells.country, name.strip()) for name in named))


def languages() -> list[tuple[str, str]]:
    """Languages that may be chosen, by their name in the reader's language."""
    known = locale().languages
    named = [(code, str(name)) for code, name in known.items() if len(code) == 2]
    return sorted(named, key=lambda pair: pair[1].casefold())
