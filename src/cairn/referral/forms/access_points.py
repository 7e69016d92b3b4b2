"""Forms of the directory of services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.actions.access_points import Service
from cairn.referral.models.directory import AccessPoint
from cairn.referral.rules.access_points import PROTECTED, Age, Need, Sex, Way, language_codes


class AccessPointForm(PlaceForm):
    """A service and how to reach it. Everybody with a phone of the field may read it."""

    name = forms.CharField(
        label=_("What it is called"),
        max_length=120,
        help_text=_("As people there call it. No word that could endanger whoever goes there."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    way = forms.ChoiceField(
        label=_("How one gets there"),
        choices=[*Way.choices, (PROTECTED, _("A protected house, such as a shelter"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("What it helps with"), choices=Need.choices, widget=forms.CheckboxSelectMultiple
    )
    area = forms.CharField(
        label=_("Area"),
        max_length=80,
        help_text=_("Town, district or camp."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reach = forms.CharField(
        label=_("How to find it"),
        max_length=240,
        required=False,
        help_text=_("The street of the office, and whom to ask for. No name of a person."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
    )
    hours = forms.CharField(
        label=_("When it is open"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    languages = forms.CharField(
        label=_("Languages"),
        max_length=200,
        required=False,
        help_text=_("Names or codes with a comma between, for example: ar, French."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    ages = forms.MultipleChoiceField(
        label=_("For which age"),
        choices=Age.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody."),
    )
    sexes = forms.MultipleChoiceField(
        label=_("For whom"),
        choices=Sex.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everybody."),
    )
    nobody_sleeps_there = forms.BooleanField(
        label=_("Nobody who is protected sleeps at this place"),
        required=False,
        help_text=_("Phones can be taken. A protected house never stands in the directory."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("unit", None)
        self.fields["country"].help_text = _("Officers of this country get it on their phones.")

    def clean_languages(self) -> list[str]:
        try:
            return language_codes(self.cleaned_data["languages"], language())
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="languages") from None

    def service(self) -> Service:
        """What a valid form says."""
        given = self.cleaned_data
        return Service(
            name=given["name"],
            way=given["way"],
            needs=given["needs"],
            country=given["country"],
            area=given["area"],
            languages=given["languages"],
            ages=given["ages"],
            sexes=given["sexes"],
            hours=given["hours"],
            phone=given["phone"],
            reach=given["reach"],
        )

    @staticmethod
    def initial_of(point: AccessPoint) -> dict[str, Any]:
        """What the form holds before an entry is changed; nobody says again by default."""
        names = ("name", "way", "needs", "country", "area", "ages", "sexes", "hours", "phone")
        held = {name: getattr(point, name) for name in names}
        return held | {
            "organisation": str(point.organisation_id),
            "reach": point.reach,
            "languages": ", ".join(point.languages),
        }


class ConfirmForm(forms.Form):
    """A box to tick, so that an empty request changes nothing."""

    sure = forms.BooleanField(label=_("I have looked at it today"))
