"""Forms about persons of concern: entering, changing, closing, handing over."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.actions.persons import Facts, SealedTexts
from cairn.referral.rules.persons import AgeBand
from cairn.referral.subjects import SEALED
from cairn.ui.forms import offer

LONGEST_NOTE = 4_000


class PersonForm(PlaceForm):
    """What is kept of a person. The last three fields are sealed when the record is saved."""

    age_band = forms.ChoiceField(
        label=_("Age"),
        choices=AgeBand.choices,
        widget=forms.RadioSelect,
        help_text=_("A band is enough; a date of birth is not asked for."),
    )
    opened_on = day_field(pgettext_lazy("record", "Opened on"))
    keep_until = day_field(
        _("Keep until"),
        required=False,
        help_text=_("Without a day the record is kept for five years."),
    )
    name = forms.CharField(
        label=SEALED["name"],
        max_length=200,
        required=False,
        help_text=_("Only where the work needs it. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    safe_contact = forms.CharField(
        label=SEALED["safe_contact"],
        max_length=500,
        required=False,
        help_text=_("How, when and through whom. What must not be used. Sealed."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=SEALED["note"],
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("What a colleague must know to help. The story is not asked. Sealed."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )

    def facts(self) -> Facts:
        """The clear part of a valid form."""
        given = self.cleaned_data
        return Facts(
            organisation=given["organisation"],
            unit=given.get("unit"),
            country=given["country"],
            age_band=AgeBand(given["age_band"]),
            opened_on=given["opened_on"],
            keep_until=given["keep_until"],
        )

    def texts(self) -> SealedTexts:
        """The sealed part of a valid form."""
        return SealedTexts(**{name: self.cleaned_data[name] for name in SEALED})


class EnterForm(PersonForm):
    """A new record; whoever enters it may take it on."""

    is_mine = forms.BooleanField(label=_("I work on this record"), required=False, initial=True)


class ChangeForm(PersonForm):
    """A change. An empty sealed field leaves what is there, as it cannot be shown here."""

    emptied = forms.MultipleChoiceField(
        label=_("Empty these sealed texts"),
        choices=list(SEALED.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only when nothing is to be kept of them any more."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SEALED:
            self.fields[name].help_text = _(
                "What is sealed is not shown. Leave empty to keep it; what you type replaces it."
            )

    def texts(self) -> SealedTexts:
        """What was typed replaces, what was ticked empties, the rest stays."""
        given = self.cleaned_data
        texts: dict[str, str | None] = {name: given[name] or None for name in SEALED}
        texts |= {name: "" for name in given["emptied"] if not given[name]}
        return SealedTexts(**texts)


class CloseForm(forms.Form):
    """The end of the work with a person."""

    closed_on = day_field(pgettext_lazy("record", "Closed on"))
    keep_until = day_field(
        _("Keep until"),
        required=False,
        help_text=_("Without a day the record is kept for five years after it is closed."),
    )

    def days(self) -> dict[str, date | None]:
        return {name: self.cleaned_data[name] for name in ("closed_on", "keep_until")}


class CaseworkerForm(forms.Form):
    """Who works on a record. The choices are the colleagues of its place."""

    caseworker = forms.ChoiceField(label=_("Who works on it"), required=False)

    def __init__(self, *args: Any, colleagues: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(pk), name) for pk, name in colleagues.items()]
        offer(self.fields["caseworker"], [("", _("Nobody")), *named])

    def clean_caseworker(self) -> UUID | None:
        chosen = self.cleaned_data["caseworker"]
        return UUID(chosen) if chosen else None
