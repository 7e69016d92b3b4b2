"""Forms about national figures: a name that is asked, a file of lines, a table to give away."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.ui.forms import offer

NONE = "none"


class NameForm(forms.Form):
    """Which country a printed name is. `countries`: (code, name), those that are near first."""

    printed = forms.CharField(max_length=200, widget=forms.HiddenInput)
    country = forms.ChoiceField(label=_("Which country is it?"))

    def __init__(self, *args: Any, countries: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self.fields["country"],
            [("", _("Choose")), *countries, (NONE, _("No country of today, or not told"))],
        )

    def clean_country(self) -> str:
        chosen = str(self.cleaned_data["country"])
        return "" if chosen == NONE else chosen


class LinesForm(forms.Form):
    """A file in the layout of CTDC."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with the columns of the CTDC dictionary of 2021."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Who published it, which edition, and the day you took it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class KeepForm(forms.Form):
    """What a preview counted, signed by the server, on its way back."""

    counted = forms.CharField(widget=forms.HiddenInput)


class GiveForm(forms.Form):
    """Which published table is given as lines; `tables`: (columns with commas, words)."""

    table = forms.ChoiceField(label=_("Table"))

    def __init__(self, *args: Any, tables: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["table"], tables)
