"""Forms about phones: inviting one, revoking one, certificates that were shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.identification.actions.devices import DeviceFacts
from cairn.identification.models import ReceivingUnit
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.oversight.record_forms import PlaceForm
from cairn.ui.forms import offer

PLAIN = {"dir": "auto", "autocomplete": "off"}


class InviteForm(PlaceForm):
    """For whom a phone is, and to which unit it reports."""

    receiver = forms.ChoiceField(
        label=_("Reports to"),
        help_text=_("Only members of this unit can open what the phone sends."),
    )
    profile = forms.ChoiceField(
        label=_("Profile"),
        choices=[("", _("Choose")), *WorkerProfile.choices],
        help_text=_("It decides which cards and signs the phone shows."),
    )
    role = forms.CharField(
        label=_("Function"),
        max_length=60,
        required=False,
        help_text=_("As the service calls it, such as “shift leader”. No name."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    area = forms.ChoiceField(
        label=_("Post or area"), required=False, help_text=_("From the list of the unit.")
    )
    certificate = forms.CharField(
        label=_("Code of the certificate of training"),
        max_length=24,
        required=False,
        help_text=_("It is looked at and not kept. Only its generation in the cascade is."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    officer = forms.CharField(
        label=_("Name of the officer"),
        max_length=200,
        required=False,
        help_text=_("Sealed. Reports never show it; a supervisor opens it with a reason."),
        widget=forms.TextInput(attrs=PLAIN),
    )

    def __init__(self, *args: Any, receivers: list[ReceivingUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = {each.code: each for each in receivers}
        offered = [(each.code, _words(each)) for each in receivers]
        offer(self.fields["receiver"], [("", _("Choose")), *offered])
        if len(receivers) == 1:
            self.fields["receiver"].initial = receivers[0].code
            self.fields["country"].initial = receivers[0].country
        offer(self.fields["area"], [("", _("None")), *_areas(receivers)])
        self.order_fields(["receiver", "profile", "role", "area", "certificate", "officer"])

    def chosen_receiver(self) -> ReceivingUnit:
        return self.receivers[self.cleaned_data["receiver"]]

    def facts(self, generation: int | None) -> DeviceFacts:
        """What a valid form says. `generation`: of the certificate that was shown."""
        given = self.cleaned_data
        return DeviceFacts(
            organisation=given["organisation"],
            country=given["country"],
            profile=WorkerProfile(given["profile"]),
            unit=given.get("unit"),
            area=given["area"],
            role=given["role"],
            officer=given["officer"],
            generation=generation,
        )


def _words(receiver: ReceivingUnit) -> str:
    same = receiver.name == receiver.organisation.name
    return receiver.name if same else f"{receiver.name} ({receiver.organisation.name})"


def _areas(receivers: list[ReceivingUnit]) -> list[tuple[str, str]]:
    """Areas of all units; where one code stands in several lists, it is offered once."""
    found: dict[str, str] = {}
    for each in receivers:
        for code, label in each.areas:
            found.setdefault(code, label)
    return sorted(found.items(), key=lambda pair: pair[1])


class RevokeForm(forms.Form):
    """Why a phone ends. A code: what happened belongs into an incident, not here."""

    reason = forms.ChoiceField(label=_("Why"), choices=RevokeReason, widget=forms.RadioSelect)
