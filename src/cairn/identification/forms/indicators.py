"""Forms about editions of signs: a new one, one sign of a draft, a file of signs."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cairn.core.language import language
from cairn.core.tables import read_table
from cairn.identification.indicatorbank.lists import (
    LONGEST_TEXT,
    REQUIRED,
    Flaw,
    SignRow,
    read_rows,
)
from cairn.identification.models import Indicator
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.ui.forms import offer

# Judgements: the shipped edition has two hundred signs.
MOST_ROWS = 2_000
MOST_BYTES = 2 * 1024 * 1024
_WORDS = {"text": _("Sign (%(language)s)"), "next": _("What is usually asked next (%(language)s)")}


class EditionForm(forms.Form):
    """A new draft."""

    code = forms.CharField(
        label=_("Edition"), max_length=20, help_text=_("The year and a number: 2026-2.")
    )
    based_on = forms.ChoiceField(label=_("Begin with the signs of"))
    source = forms.CharField(
        label=_("What the signs rest on"),
        max_length=300,
        help_text=_("The lists, their year, and who looked at them."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    note = forms.CharField(
        label=_("What this edition does not know"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, editions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["based_on"], [(code, code) for code in editions])


class SignForm(forms.Form):
    """One sign of a draft: its wording in each language, where it is shown, and to whom."""

    def __init__(self, *args: Any, sign: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages_of(sign)
        shown = dict(settings.LANGUAGES)
        for part, label in _WORDS.items():
            for code in self.languages:
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label % {"language": shown.get(code, code)},
                    max_length=LONGEST_TEXT,
                    required=part == "text" and code == "en",
                    widget=forms.Textarea(
                        attrs={"rows": 2, "lang": code, "dir": "rtl" if code == "ar" else "auto"}
                    ),
                )
        self.fields["settings"] = forms.MultipleChoiceField(
            label=_("Shown where"),
            choices=Setting.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: everywhere."),
        )
        self.fields["profiles"] = forms.MultipleChoiceField(
            label=_("Shown to"),
            choices=WorkerProfile.choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: to everybody."),
        )
        self.fields["is_asked"] = forms.BooleanField(
            label=_("It is asked in a conversation, not seen"), required=False
        )

    @staticmethod
    def initial_of(sign: Indicator) -> dict[str, Any]:
        """What the form holds before it is changed."""
        words = {f"text_{code}": text for code, text in sign.texts.items()}
        words |= {f"next_{code}": text for code, text in sign.nexts.items()}
        return words | {
            "settings": sign.settings,
            "profiles": sign.profiles,
            "is_asked": sign.is_asked,
        }

    def words(self, part: str) -> dict[str, str]:
        """{language: words} of "text" or "next"."""
        return {code: self.cleaned_data.get(f"{part}_{code}", "") for code in self.languages}


def languages_of(sign: Indicator) -> list[str]:
    """English, the languages of the installation, and whatever else the sign is worded in."""
    codes = ["en", language(), *dict(settings.LANGUAGES), *sign.texts, *sign.nexts]
    return list(dict.fromkeys(codes))


class FileForm(forms.Form):
    """A file with all signs of an edition."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file in UTF-8, or an Excel workbook (.xlsx). It replaces all signs."),
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def read(self) -> tuple[list[SignRow], list[Flaw]]:
        """The signs of the file, and what is wrong with it row by row.

        Raises RuleBroken ("table...") for a file that cannot be read at all.
        """
        upload = self.cleaned_data["file"]
        table = read_table(upload, filename=upload.name, max_bytes=MOST_BYTES, max_rows=MOST_ROWS)
        missing = [name for name in REQUIRED if name not in table.keys]
        if missing:
            return [], [
                Flaw(
                    None,
                    name,
                    str(_("The file has no column %(column)s.")) % {"column": name},
                    str(_("Take the file of another edition as a pattern.")),
                )
                for name in missing
            ]
        cells = [Flaw(each.row, each.column, each.message, each.remedy) for each in table.problems]
        rows, flaws = read_rows((row.number, row.cells) for row in table.rows)
        return rows, [*cells, *flaws]


class ConfirmForm(forms.Form):
    """A box to tick, so that an empty request changes nothing."""

    sure = forms.BooleanField(label=_("I have read the edition"))
