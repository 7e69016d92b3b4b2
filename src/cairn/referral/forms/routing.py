"""What help somebody looks for, for one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.forms.routing_languages import LanguagesForm
from cairn.referral.models.persons import Person
from cairn.referral.rules.choices import Need, Purpose, Sex, Urgency
from cairn.referral.rules.routing import Wish
from cairn.referral.rules.services import Exclusion, ServiceType


class RouteForm(LanguagesForm):
    """A wish; it is sent in the address, so it holds codes and a place and nothing of a person."""

    need = forms.ChoiceField(
        label=_("Which help is needed"), choices=[("", _("Choose")), *Need.choices]
    )
    urgency = forms.ChoiceField(
        label=_("How urgent it is"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        initial=Urgency.ROUTINE,
    )
    area = forms.CharField(
        label=_("Where the person can get to"),
        max_length=80,
        required=False,
        help_text=_("Town, district or camp, as in the directory. Services there come first."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    situation = forms.MultipleChoiceField(
        label=_("Does one of these hold?"),
        choices=Exclusion.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Some services cannot take people in these situations; they are left out."),
    )
    purpose = forms.ChoiceField(
        label=_("For what the service is told something"),
        choices=Purpose.of_words,
        initial=Purpose.ASSISTANCE,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only these kinds of service"),
        choices=ServiceType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every kind."),
    )
    sex = forms.ChoiceField(
        label=pgettext_lazy("person", "Sex"),
        choices=[("", _("Not asked")), *Sex.choices],
        required=False,
    )

    MAIN = ("need", "urgency", "area")
    MORE = ("situation", "kinds", "languages", "sex", "purpose")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].label = _("Languages that the person understands")

    def wish(self, person: Person) -> Wish:
        """What a valid form asks for, for `person`; the country is that of the record."""
        given = self.cleaned_data
        return Wish(
            need=given["need"],
            age_band=person.age_band,
            country=person.country,
            urgency=given["urgency"],
            purpose=given["purpose"],
            kinds=frozenset(given["kinds"]),
            sex=given["sex"],
            languages=tuple(given["languages"]),
            area=given["area"],
            situation=frozenset(given["situation"]),
        )

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """What the record of the person says in the clear."""
        return {
            "urgency": Urgency.ROUTINE,
            "purpose": Purpose.ASSISTANCE,
            "sex": person.sex,
            "languages": ", ".join(person.languages),
        }
