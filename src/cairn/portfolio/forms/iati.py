"""The forms that bring a file of aid data: to be compared, and to be taken in."""

from django import forms
from django.utils.translation import gettext_lazy as _

_WIDGET = {"accept": ".xml,application/xml,text/xml"}


class CompareForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("An activities or organisation file of IATI, as XML."),
        max_length=200,
        widget=forms.ClearableFileInput(attrs=_WIDGET),
    )


class TakeForm(forms.Form):
    """The same file again, with what the preview of it gave: nothing of it was kept."""

    preview = forms.CharField(widget=forms.HiddenInput, max_length=1000)
    file = forms.FileField(
        label=_("The same file again"),
        help_text=_("Nothing of it was kept when it was compared."),
        max_length=200,
        widget=forms.ClearableFileInput(attrs=_WIDGET),
    )
