"""The form that brings a file of aid data."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CompareForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("An activities or organisation file of IATI, as XML."),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )
