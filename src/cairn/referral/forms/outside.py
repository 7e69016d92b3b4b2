"""The forms of a recipient without an account: the number, and which of the answers is given."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.referral.forms.referrals import AskForm, DeclineForm, FinishForm, GoesOnForm


class NumberForm(forms.Form):
    """The number that came by another way than the link."""

    number = forms.CharField(
        label=_("Number"),
        max_length=20,
        help_text=_("Eight digits. You got them by another way than this link."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


# What may be said by the link; passing on needs the directory, which it does not open.
SAID = {form.verb.value: form for form in (DeclineForm, AskForm, GoesOnForm, FinishForm)}
