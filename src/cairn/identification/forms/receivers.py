"""Forms about receiving units: what phones are told of them, a line for each thing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.identification.actions.procedures import Place
from cairn.identification.actions.receivers import ReceiverFacts
from cairn.identification.models import ReceivingUnit
from cairn.identification.rules.receivers import Pair
from cairn.oversight.record_forms import PlaceForm

_LIST = {"rows": 6, "dir": "auto", "spellcheck": "false"}


class ListField(forms.CharField):
    """Lines with two parts and a bar between them; cleaned to pairs of text."""

    default_error_messages = {
        "line": _("Line %(number)d has no bar: “%(line)s”. Write two parts with | between them.")
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs=dict(_LIST))
        super().__init__(required=False, max_length=20_000, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        pairs: list[Pair] = []
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            first, bar, second = line.partition("|")
            if not bar:
                raise forms.ValidationError(
                    self.error_messages["line"] % {"number": number, "line": line.strip()[:40]}
                )
            pairs.append((first.strip(), second.strip()))
        return pairs


def lines(pairs: Any) -> str:
    """Pairs as the form shows them."""
    return "\n".join(f"{first} | {second}" for first, second in pairs)


class ReceiverFactsForm(forms.Form):
    """What phones are told of a unit, and whether it receives at all."""

    name = forms.CharField(
        label=_("Name of the unit"),
        max_length=120,
        help_text=_("As officers know it. Phones show it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    areas = ListField(
        label=_("Areas"),
        help_text=_(
            "One in each line: a short code, a bar, the name: north | Northern district. Officers"
            " choose from these instead of a point on the map. A code never comes to mean another"
            " place."
        ),
    )
    emergency = ListField(
        label=_("Numbers to call when somebody is in danger"),
        help_text=_("One in each line: words, a bar, the number: Ambulance | 112"),
    )
    recipients = ListField(
        label=_("To whom the person can agree that it is passed on"),
        help_text=_(
            "One in each line: a short code, a bar, the words: legal-aid | Free legal advice"
        ),
    )
    accepts_mission = forms.BooleanField(
        label=_("Officers of a mission may report to this unit"),
        required=False,
        help_text=_(
            "Only where the mandate of the mission allows it. Else its officers report to the"
            " focal point of their mission."
        ),
    )
    is_active = forms.BooleanField(label=_("The unit receives reports"), required=False)

    def facts(self) -> ReceiverFacts:
        """What a valid form says."""
        given = self.cleaned_data
        names = ("name", "areas", "recipients", "emergency", "accepts_mission", "is_active")
        return ReceiverFacts(**{name: given[name] for name in names})


def initial_of(unit: ReceivingUnit) -> dict[str, Any]:
    """What the form shows of a unit as it is."""
    return {
        "name": unit.name,
        "areas": lines(unit.areas),
        "emergency": lines(unit.emergency),
        "recipients": lines(unit.recipients),
        "accepts_mission": unit.accepts_mission,
        "is_active": unit.is_active,
    }


class ReceiverForm(PlaceForm, ReceiverFactsForm):
    """A new unit: whose it is, where, and what phones are told of it."""

    def place(self) -> Place:
        """Authority, country and unit of a valid form."""
        given = self.cleaned_data
        return Place(given["organisation"], given["country"], given.get("unit"))
