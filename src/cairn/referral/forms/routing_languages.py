"""Languages as people type them, by name or code, in the forms that ask for them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.referral.rules.access_points import language_codes


class LanguagesForm(forms.Form):
    """Cleaned: a list of ISO 639 codes."""

    languages = forms.CharField(
        label=_("Languages"),
        max_length=200,
        required=False,
        help_text=_("Names or codes with a comma between, for example: ar, French."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def clean_languages(self) -> list[str]:
        try:
            return language_codes(self.cleaned_data["languages"], language())
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="languages") from None
