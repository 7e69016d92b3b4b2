"""Forms of services, of the ways to them, and of the places that stay secret."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.actions.services import PUBLIC_TEXTS, ServiceFacts
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.services import Service
from cairn.referral.rules.access_points import Age, Need, Sex, language_codes
from cairn.referral.rules.hours import DAY_WORDS, spans_of, written
from cairn.referral.rules.services import Capacity, Exclusion, Sensitivity, ServiceType
from cairn.ui.forms import offer

_AUTO = {"dir": "auto"}
_LTR = {"dir": "ltr", "autocomplete": "off"}


def _several(
    label: Any, choices: Any, *, required: bool = False, help_text: Any = ""
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=required,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class ServiceForm(PlaceForm):
    """A service as those who refer persons know it. No address, no name of a person."""

    name = forms.CharField(
        label=PUBLIC_TEXTS["name"],
        max_length=120,
        help_text=_("As people there call it. No word that could endanger whoever goes there."),
        widget=forms.TextInput(attrs=_AUTO),
    )
    kinds = _several(_("Kind of service"), ServiceType.choices, required=True)
    needs = _several(_("What it helps with"), Need.choices, required=True)
    sensitivity = forms.ChoiceField(
        label=_("Who may know of it"),
        choices=Sensitivity.choices,
        widget=forms.RadioSelect,
        initial=Sensitivity.RESTRICTED,
        help_text=_("Only public services leave in public files. A shelter is never public."),
    )
    area = forms.CharField(
        label=PUBLIC_TEXTS["area"],
        max_length=80,
        help_text=_("Town, district or camp; never a street."),
        widget=forms.TextInput(attrs=_AUTO),
    )
    description = forms.CharField(
        label=PUBLIC_TEXTS["description"],
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **_AUTO}),
    )
    eligibility = forms.CharField(
        label=PUBLIC_TEXTS["eligibility"],
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, **_AUTO}),
    )
    exclusions = _several(_("Whom it cannot take"), Exclusion.choices)
    ages = _several(_("For which age"), Age.choices, help_text=_("None chosen: everybody."))
    sexes = _several(_("For whom"), Sex.choices, help_text=_("None chosen: everybody."))
    languages = forms.CharField(
        label=_("Languages"),
        max_length=200,
        required=False,
        help_text=_("Names or codes with a comma between, for example: ar, French."),
        widget=forms.TextInput(attrs=_AUTO),
    )
    hours_text = forms.CharField(
        label=PUBLIC_TEXTS["hours_text"],
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_AUTO),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        required=False,
        help_text=_("Only where it is not that of this installation, such as Asia/Kathmandu."),
        widget=forms.TextInput(attrs=_LTR),
    )
    phone = forms.CharField(
        label=_("Telephone for colleagues"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={**_LTR, "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Work mail"),
        max_length=120,
        required=False,
        help_text=_("Gets notices that something waits, never what."),
        widget=forms.EmailInput(attrs=_LTR),
    )
    is_outside = forms.BooleanField(
        label=_("Nobody there has an account here"),
        required=False,
        help_text=_("Referrals go there by a link that opens once, with a code told by voice."),
    )

    def __init__(self, *args: Any, is_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_change:
            del self.fields["organisation"]
        after = list(self.fields).index("hours_text")
        days = {f"hours_{day}": _day_field(words) for day, words in DAY_WORDS.items()}
        pairs = list(self.fields.items())
        self.fields = dict([*pairs[:after], *days.items(), *pairs[after:]])

    def clean_languages(self) -> list[str]:
        try:
            return language_codes(self.cleaned_data["languages"], language())
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="languages") from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in DAY_WORDS:
            try:
                data[f"hours_{day}"] = spans_of(data.get(f"hours_{day}", ""))
            except RuleBroken as refusal:
                self.add_error(f"hours_{day}", forms.ValidationError(str(refusal), code="hours"))
        return data

    def facts(self, **kept: Any) -> ServiceFacts:
        """What a valid form says; `kept`: what it does not ask for."""
        given = self.cleaned_data
        names = (
            "name kinds needs country area sensitivity description languages ages sexes "
            "hours_text zone eligibility exclusions phone email is_outside"
        ).split()
        hours = {day: given[f"hours_{day}"] for day in DAY_WORDS if given.get(f"hours_{day}")}
        return ServiceFacts(**{name: given[name] for name in names}, hours=hours, **kept)

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        """What the form holds before a service is changed."""
        names = (
            "name kinds needs country area sensitivity description ages sexes hours_text zone "
            "eligibility exclusions phone email is_outside"
        ).split()
        held = {name: getattr(service, name) for name in names}
        days = {f"hours_{day}": written(service.hours.get(day, [])) for day in DAY_WORDS}
        return (
            held
            | days
            | {
                "unit": str(service.unit_id or ""),
                "languages": ", ".join(service.languages),
            }
        )


def _day_field(words: Any) -> forms.CharField:
    return forms.CharField(
        label=words,
        max_length=60,
        required=False,
        help_text=_("For example 08:00-12:00, 14:00-16:00. Empty: closed."),
        widget=forms.TextInput(attrs=_LTR),
    )


class CapacityForm(forms.Form):
    """How a service stands today, in one step."""

    capacity = forms.ChoiceField(
        label=_("How does it stand today?"),
        choices=Capacity.choices,
        widget=forms.RadioSelect,
    )


class PointsForm(forms.Form):
    """Through which offices and telephones a service is reached."""

    points = forms.MultipleChoiceField(
        label=_("Offices and telephones"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: those who refer persons call the telephone for colleagues."),
    )

    def __init__(self, *args: Any, points: Iterable[AccessPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(each.code, f"{each.name} · {each.get_way_display()}") for each in points]
        offer(self.fields["points"], offered)


class FocalForm(forms.Form):
    """Who answers referrals of a service first."""

    focal_user = forms.ChoiceField(
        label=_("Who answers referrals"),
        required=False,
        help_text=_("Told first when a referral waits. Without a choice everybody there is told."),
    )

    def __init__(self, *args: Any, answerers: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(user), name) for user, name in answerers.items()]
        offer(self.fields["focal_user"], [("", _("Everybody there")), *named])

    def clean_focal_user(self) -> UUID | None:
        chosen = self.cleaned_data["focal_user"]
        return UUID(chosen) if chosen else None


class AskForm(forms.Form):
    """Whether the link goes out by mail, or is handed over."""

    by_mail = forms.BooleanField(label=_("Send it to the work mail"), required=False)

    def __init__(self, *args: Any, has_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_mail:
            del self.fields["by_mail"]


class LocationForm(forms.Form):
    """Where people are protected; sealed when it is saved."""

    address = forms.CharField(
        label=_("Where it is"),
        max_length=500,
        help_text=_("Sealed. Whoever opens it says why, and it is noted."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", **_AUTO}),
    )
    contact = forms.CharField(
        label=_("Whom to call before coming"),
        max_length=300,
        required=False,
        help_text=_("Sealed."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", **_AUTO}),
    )
