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
