"""Of which time, and of which country, the chain of results is shown."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.results.rules.chain import QUARTERS
from cairn.ui.forms import offer


class TimeForm(forms.Form):
    """Sent in the address; what is not among the choices is not chosen."""

    year = forms.ChoiceField(label=_("Year"), required=False)
    quarter = forms.ChoiceField(label=pgettext_lazy("three months", "Quarter"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["year"], [("", _("All years")), *((str(one), one) for one in years)])
        offer(
            self.fields["quarter"],
            [("", _("Whole year")), *((str(one), one) for one in QUARTERS)],
        )


class PlaceForm(TimeForm):
    """The same with a country, and with the project that a page was opened for."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    project = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("country", "year", "quarter", "project")

    def __init__(
        self, *args: Any, countries: Sequence[tuple[str, str]], is_by_country: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], [("", _("The whole programme")), *countries])
        if not is_by_country:
            del self.fields["country"]
