"""The form that brings a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

ACCEPTED = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """`kind` says what the file holds; whether its sender may read it in, the action decides."""

    kind = forms.CharField(max_length=40, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file in UTF-8, or an Excel workbook (.xlsx) with the table first."),
        max_length=200,
        allow_empty_file=True,  # the action says what an empty file lacks
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
