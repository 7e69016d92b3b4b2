"""Forms of the roster of experts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import geography
from cairn.core.language import language
from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.actions.experts import Skills
from cairn.referral.forms.routing_languages import LanguagesForm
from cairn.referral.models.experts import Expert
from cairn.referral.rules.experts import Availability, ExpertField
from cairn.ui.forms import offer


class ExpertForm(LanguagesForm, PlaceForm):
    """Somebody who agreed to be asked. The last two fields are sealed."""

    title = forms.CharField(
        label=_("What kind of expert"),
        max_length=120,
        help_text=_("The profession, for example: physician. No name: many read this."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    fields_known = forms.MultipleChoiceField(
        label=_("What the expert is asked about"),
        choices=ExpertField.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.MultipleChoiceField(
        label=_("For which countries"),
        required=False,
        help_text=_("None chosen: everywhere."),
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    availability = forms.ChoiceField(
        label=_("Whether the expert can be asked"),
        choices=Availability.choices,
        widget=forms.RadioSelect,
        initial=Availability.AVAILABLE,
    )
    keep_until = day_field(
        _("Keep until"), help_text=_("Then the expert is asked again. At most three years.")
    )
    name = forms.CharField(
        label=pgettext_lazy("expert", "Name"),
        max_length=200,
        help_text=_("Sealed: whoever opens it gives a reason."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=pgettext_lazy("expert", "How to make contact"),
        max_length=500,
        help_text=_("Sealed: whoever opens it gives a reason."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )

    field_order = (
        "organisation",
        "country",
        "title",
        "fields_known",
        "languages",
        "countries",
        "availability",
        "keep_until",
        "name",
        "contact",
    )

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("unit", None)
        named = [
            (each.alpha3, geography.country_name(each.alpha3, language()))
            for each in geography.countries()
        ]
        offer(self.fields["countries"], sorted(named, key=lambda pair: pair[1]))
        if not is_new:
            # An entry stays with the organisation that promised the expert to keep it.
            del self.fields["organisation"], self.fields["country"]
            for name in ("name", "contact"):
                self.fields[name].required = False
                self.fields[name].help_text = _(
                    "What is sealed is not shown. Leave empty to keep it; what you type replaces "
                    "it."
                )

    def skills(self) -> Skills:
        """The clear part of a valid form."""
        given = self.cleaned_data
        return Skills(
            title=given["title"],
            fields=given["fields_known"],
            keep_until=given["keep_until"],
            languages=given["languages"],
            countries=given["countries"],
            availability=given["availability"],
        )

    @staticmethod
    def initial_of(expert: Expert) -> dict[str, Any]:
        """The clear part only."""
        return {
            "title": expert.title,
            "fields_known": expert.fields,
            "languages": ", ".join(expert.languages),
            "countries": expert.countries,
            "availability": expert.availability,
            "keep_until": expert.keep_until.isoformat() if expert.keep_until else "",
        }
