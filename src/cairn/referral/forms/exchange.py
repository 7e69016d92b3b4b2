"""Why a referral is taken out as a file, and in which form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.oversight.record_forms import OpenForm


class FileForm(OpenForm):
    form = forms.ChoiceField(
        label=_("Form of the file"),
        choices=[
            ("own", _("JSON, with the words that may be told")),
            ("primero", _("JSON for Primero, without sealed words")),
        ],
        widget=forms.RadioSelect,
        initial="own",
    )
