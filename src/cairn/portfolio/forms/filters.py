"""The filter bar of the list of projects."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.portfolio.queries.options import ORDERS, Choices, Options
from cairn.ui.forms import offer

FIRST = ("q", "sort")


class FilterForm(forms.Form):
    """Always unbound: values that are no choice were dropped before, nothing can be refused."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    group = forms.ChoiceField(label=_("Group of countries"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    donor = forms.ChoiceField(label=pgettext_lazy("one who gives money", "Donor"), required=False)
    state = forms.ChoiceField(label=_("Status"), required=False)
    share = forms.ChoiceField(label=_("Funded share"), required=False)
    chapter = forms.ChoiceField(label=_("Chapter of the folder"), required=False)
    publication = forms.ChoiceField(label=_("Publication"), required=False)

    def __init__(self, options: Options, values: Mapping[str, str]) -> None:
        super().__init__(initial=dict(values), auto_id="filter-%s")
        self.fields["q"].widget.attrs["type"] = "search"
        choices: dict[str, Choices] = {
            "country": options.countries,
            "region": options.regions,
            "group": options.groups,
            "theme": options.themes,
            "donor": options.donors,
            "state": options.states,
            "share": options.shares,
            "chapter": options.chapters,
            "publication": options.publications,
        }
        for name, listed in choices.items():
            if not listed:
                del self.fields[name]
                continue
            offer(self.fields[name], [("", _("All")), *listed])
        offer(self.fields["sort"], [(key, label()) for key, label in ORDERS.items()])

    @property
    def first(self) -> list[forms.BoundField]:
        """What is always shown."""
        return [self[name] for name in FIRST]

    @property
    def more(self) -> list[forms.BoundField]:
        """What is folded away until somebody looks for it."""
        return [bound for bound in self if bound.name not in FIRST]
