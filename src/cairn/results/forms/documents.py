"""Forms of documents: what one is about, its sections, entries of highlights, a reason."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.results.documents.kinds import Kind
from cairn.results.documents.parameters import countries, year
from cairn.results.models import Document, Highlight, Section
from cairn.ui.forms import add_refusal, offer

PREFIX = "about-"
FIELD_HELP = _(
    "Figures are fields, such as [[event:E05 participants]], [[outcome:O03]], "
    "[[project:P49 budget]] or [[cite:…]]. An empty line ends a paragraph; a line that begins "
    "with a hyphen is an item of a list."
)


class DocumentForm(forms.Form):
    """What a document is about. Each parameter of the kind is a field of its own."""

    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    code = forms.SlugField(
        label=pgettext_lazy("of a record", "Code"),
        max_length=60,
        help_text=_("Part of its address: small letters and hyphens. It stays as it is."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, actor: Actor, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = [each.name for each in kind.parameters]
        if not is_new:
            del self.fields["code"]
        for each in kind.parameters:
            made: forms.Field
            if each.choices:
                made = forms.ChoiceField(label=str(each.label), required=each.is_required)
                offer(made, [("", _("All")), *each.choices(actor)])
            else:
                made = forms.CharField(
                    label=str(each.label), required=each.is_required, max_length=400
                )
            made.help_text = str(each.help)
            self.fields[PREFIX + each.name] = made

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code == "new":
            raise forms.ValidationError(_("Choose another code."))
        return code

    @property
    def typed(self) -> dict[str, str]:
        """The parameters as they were typed."""
        return {name: self.cleaned_data.get(PREFIX + name, "") for name in self.names}


def shown_parameters(document: Document) -> dict[str, str]:
    """Parameters as the form shows them: lists with commas between."""
    return {
        PREFIX + name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in document.parameters.items()
    }


class SectionForm(forms.Form):
    """Words that stand in a part of the document."""

    part = forms.ChoiceField(label=_("Part of the document"), required=False)
    number = forms.IntegerField(label=_("Place in the part"), min_value=1, max_value=999, initial=1)
    heading = forms.CharField(
        label=_("Heading"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        help_text=FIELD_HELP,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["part"], [("", _("Before all parts")), *kind.parts])


def values_of_section(section: Section) -> dict[str, Any]:
    return {
        name: getattr(section, name) for name in ("part", "number", "heading", "text", "version")
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class HighlightForm(forms.Form):
    """An entry of the register of highlights. Lists have commas or lines between."""

    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    code = forms.SlugField(label=pgettext_lazy("of a record", "Code"), max_length=20)
    year = forms.CharField(
        label=_("Year"), required=False, help_text=_("Empty where the source gives none.")
    )
    countries = forms.CharField(
        label=_("Countries"),
        required=False,
        max_length=400,
        help_text=_("Names or codes, with commas between."),
    )
    mandates = forms.CharField(
        label=_("Mandates"),
        required=False,
        max_length=1000,
        help_text=_("One on each line, as it is cited: S/RES/2331 (2016)."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        help_text=FIELD_HELP,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    sources = forms.CharField(
        label=_("Sources"), max_length=400, help_text=_("Codes of sources, with commas between.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code == "new":
            raise forms.ValidationError(_("Choose another code."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, read in (("year", year), ("countries", countries)):
            text = cleaned.get(name, "")
            try:
                cleaned[name] = read(text) if text else ([] if name == "countries" else None)
            except RuleBroken as refusal:
                add_refusal(self, refusal, name)
        lines = cleaned.get("mandates", "").splitlines()
        cleaned["mandates"] = [" ".join(each.split()) for each in lines if each.strip()]
        named = cleaned.get("sources", "").split(",")
        cleaned["sources"] = [each.strip() for each in named if each.strip()]
        return cleaned


def values_of_highlight(entry: Highlight) -> dict[str, Any]:
    return {
        "title": entry.title,
        "year": entry.year or "",
        "countries": ", ".join(entry.countries),
        "mandates": "\n".join(entry.mandates),
        "text": entry.text,
        "sources": ", ".join(entry.sources),
        "version": entry.version,
    }
