"""Of which country and which quarter counts are shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.ui.forms import offer


class CountsForm(forms.Form):
    """Sent in the address; what is not among the choices is not chosen."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    quarter = forms.ChoiceField(label=pgettext_lazy("three months", "Quarter"), required=False)

    def __init__(
        self,
        *args: Any,
        countries: Sequence[tuple[str, str]],
        quarters: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], countries)
        offer(self.fields["quarter"], quarters)
