"""The form of the duty check: one token, nothing else."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DutyForm(forms.Form):
    """The token that somebody shows."""

    token = forms.CharField(
        label=_("Token on the slip"),
        max_length=40,
        help_text=_("Twelve signs in four groups of three. The last one finds typing errors."),
        widget=forms.TextInput(
            attrs={
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
