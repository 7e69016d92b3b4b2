"""Forms of tools: the entry, a version, an adaptation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.imports import cells
from cairn.library.forms.fields import ReadField, languages
from cairn.library.models import Tool, ToolAdaptation, ToolVersion
from cairn.ui.forms import offer

_LINE = {"dir": "auto"}


def _line(label: Any, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.TextInput(attrs=_LINE), **kwargs
    )


def _since() -> ReadField:
    return ReadField(
        cells.partial_date,
        label=_("In use since"),
        max_length=10,
        required=False,
        help_text=_("A day, a month or a year: 2025-02-03, 2025-02 or 2025."),
    )


def _source() -> forms.CharField:
    return _line(
        _("Source"), 200, required=False, help_text=_("Where it is printed, or who tells it.")
    )


class EntryForm(forms.Form):
    """What the three forms have in common: the version that is changed, and its values."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Fields of the record -> what a valid form says."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def initial_of(cls, held: Tool | ToolVersion | ToolAdaptation) -> dict[str, Any]:
        return {name: getattr(held, name) for name in cls.base_fields}


class ToolForm(EntryForm):
    """A tool: what it is, and the languages that its source states."""

    title = _line(_("Title"), 300)
    kind = _line(_("Kind"), 60, help_text=_("For example toolkit, manual, film."))
    topic = _line(_("Topic"), 60)
    languages = forms.MultipleChoiceField(
        label=_("Languages that exist"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("As stated by the source. Versions add their own language."),
    )
    forthcoming = forms.MultipleChoiceField(
        label=_("Languages to come"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    as_of = forms.IntegerField(
        label=_("Languages as of which year"), required=False, min_value=1945, max_value=2100
    )
    source = _line(_("Source"), 60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("languages", "forthcoming"):
            offer(self.fields[name], languages())


class VersionForm(EntryForm):
    """One edition in one language."""

    edition = _line(_("Edition"), 60, help_text=_("For example second edition, or a year."))
    language = forms.ChoiceField(label=_("Language"))
    since = _since()
    link = ReadField(
        cells.web_address(400),
        label=_("Link"),
        max_length=400,
        required=False,
        help_text=_("Where it can be taken, whole, from https:// on."),
    )
    source = _source()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["language"], languages())


class AdaptationForm(EntryForm):
    """What was made of a tool elsewhere."""

    country = ReadField(
        cells.country,
        label=_("Country"),
        max_length=120,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("Name or three-letter code."),
    )
    adapted_by = _line(
        _("Adapted by"), 200, help_text=_("The organisation or office. No name of a person.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    changed = forms.CharField(
        label=_("What was changed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    since = _since()
    source = _source()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["languages"], languages())
