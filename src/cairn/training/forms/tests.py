"""Forms about tests: joining one, agreeing to it, choosing and judging forms, keying sheets."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cairn.core import pseudonyms
from cairn.training.testing import personal_codes
from cairn.ui.forms import offer

_CODE = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "dir": "ltr",
    "inputmode": "text",
}


class JoinForm(forms.Form):
    """Two codes instead of an account. What they open is looked up elsewhere."""

    event_code = forms.CharField(
        label=_("Code of the event"),
        max_length=20,
        help_text=_("It is on the screen or on the board, such as K7Q-M2R."),
        widget=forms.TextInput(attrs=_CODE),
    )
    personal_code = forms.CharField(
        label=_("Your own code"),
        max_length=20,
        help_text=_("It is on your badge or slip, such as 7K-QM-3R."),
        widget=forms.TextInput(attrs=_CODE),
    )

    def clean_event_code(self) -> str:
        code = pseudonyms.tidied(personal_codes.latin_digits(self.cleaned_data["event_code"]))
        if not code:
            raise ValidationError(
                _("This cannot be the code of an event: it has six signs, such as K7Q-M2R.")
            )
        return code

    def clean_personal_code(self) -> str:
        typed = self.cleaned_data["personal_code"]
        # The check sign speaks of the typing alone, so it tells nobody which codes there are.
        if personal_codes.is_mistyped(typed):
            raise ValidationError(_("One sign is wrong. Look at your badge again."))
        code = personal_codes.tidied(typed)
        if not code:
            raise ValidationError(_("Your own code has six signs, such as 7K-QM-3R."))
        return code


class BeginForm(forms.Form):
    """Before a test: in which language, and whether one agrees that the answers are kept."""

    language = forms.ChoiceField(label=_("Language of the questions"))
    agrees = forms.BooleanField(
        label=_("I agree that my answers are kept under my code."),
        required=False,
    )

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["language"], languages)


class TestChoiceForm(forms.Form):
    """Which pair of forms an event uses."""

    __test__ = False  # no test class for pytest

    forms_used = forms.ChoiceField(
        label=_("Test"),
        help_text=_("Half of the group takes form A before and B after, half the other way."),
    )

    def __init__(self, *args: Any, usable: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["forms_used"], usable)


class SheetForm(forms.Form):
    """An answer sheet: one short field for each place, a long one for words.

    `cells`: (key, label on paper, type, hint) of each place.
    """

    def __init__(self, *args: Any, cells: list[tuple[str, str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label, kind, hint in cells:
            is_text = kind == "short"
            attrs = {"autocomplete": "off", "dir": "auto" if is_text else "ltr"}
            self.fields[key] = forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=4_000 if is_text else 40,
                widget=forms.Textarea(attrs={**attrs, "rows": 3})
                if is_text
                else forms.TextInput(attrs=attrs),
            )


class DecideForm(forms.Form):
    """Where two entries of a sheet differ: which of them stands, or what the paper really says.

    `cells`: (key, label, first entry, second entry), the entries in the letters of the sheet.
    """

    def __init__(self, *args: Any, cells: list[tuple[str, str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label, first, second in cells:
            self.fields[key] = forms.CharField(
                label=label,
                required=False,
                max_length=4_000,
                help_text=_("First entry: “%(first)s”. Second entry: “%(second)s”.")
                % {"first": first or "–", "second": second or "–"},
                widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            )


class MarkForm(forms.Form):
    """Marks by a rubric. `lines`: (code, words, highest mark) of each line."""

    def __init__(self, *args: Any, lines: list[tuple[str, str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, words, highest in lines:
            self.fields[code] = forms.DecimalField(
                label=words,
                min_value=0,
                max_value=highest,
                decimal_places=2,
                help_text=_("From 0 to %(highest)s.") % {"highest": highest},
            )
