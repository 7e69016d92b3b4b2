"""Forms about persons of concern: entering, changing, closing, handing over."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.actions.persons import Base, Facts, SealedTexts
from cairn.referral.forms.persons_identity import IdentityForm
from cairn.referral.models.persons import Person
from cairn.referral.rules.access_points import language_codes
from cairn.referral.rules.choices import Displacement
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import AdultGround, ContactRule, PersonSex
from cairn.referral.subjects import SEALED
from cairn.ui.forms import offer

LONGEST_NOTE = 4_000
IDENTITY = frozenset(IdentityForm.base_fields)
TYPED = [name for name in IDENTITY if not name.startswith(("paper_kind", "born"))]
NOT_ASKED = ("", pgettext_lazy("answer", "Not asked"))
# A form that lies open for longer shows what has long changed.
BASE_HOLDS = 24 * 60 * 60


class PersonForm(PlaceForm):
    """What is kept of a person. The last fields are sealed when the record is saved."""

    age_band = forms.ChoiceField(
        label=_("Age"),
        choices=AgeBand.choices,
        widget=forms.RadioSelect,
        help_text=_("A band is enough; a date of birth is not asked for."),
    )
    sex = forms.ChoiceField(
        label=pgettext_lazy("person", "Sex"),
        choices=[NOT_ASKED, *PersonSex.choices],
        required=False,
    )
    displacement = forms.ChoiceField(
        label=_("Driven from home"), choices=[NOT_ASKED, *Displacement.choices], required=False
    )
    languages = forms.CharField(
        label=_("Languages"),
        max_length=200,
        required=False,
        help_text=_("The best understood first, with a comma between, for example: ar, French."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    contact_rule = forms.ChoiceField(
        label=_("Contact"),
        choices=ContactRule.choices,
        widget=forms.RadioSelect,
        initial=ContactRule.NOT_ASKED,
        help_text=_("Colleagues see it before anything else. In doubt choose the stricter one."),
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
        help_text=_("By which the person wishes to be called. Only where the work needs it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    safe_contact = forms.CharField(
        label=SEALED["safe_contact"],
        max_length=500,
        required=False,
        help_text=_("How, when and through whom. What must not be used. Sealed."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )
    do_not_contact = forms.CharField(
        label=SEALED["do_not_contact"],
        max_length=4_000,
        required=False,
        help_text=_("Numbers, people and places that must not be used, one in each line. Sealed."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=SEALED["note"],
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("What a colleague must know to help. The story is not asked. Sealed."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "autocomplete": "off"}),
    )

    def clean_languages(self) -> list[str]:
        try:
            return language_codes(self.cleaned_data["languages"], language())
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="languages") from None

    def clean_do_not_contact(self) -> list[str]:
        given: str = self.cleaned_data["do_not_contact"]
        return [line.strip() for line in given.splitlines() if line.strip()]

    def facts(self) -> Facts:
        """The clear part of a valid form."""
        given = self.cleaned_data
        return Facts(
            organisation=given["organisation"],
            unit=given.get("unit"),
            country=given["country"],
            age_band=AgeBand(given["age_band"]),
            sex=given["sex"],
            displacement=given["displacement"],
            languages=given["languages"],
            contact_rule=given["contact_rule"],
            opened_on=given["opened_on"],
            keep_until=given["keep_until"],
        )

    def texts(self) -> SealedTexts:
        """The sealed part of a valid form."""
        return SealedTexts(**{name: self.cleaned_data[name] for name in SEALED})


class EnterForm(IdentityForm, PersonForm):
    """A new record; whoever enters it may take it on.

    `looked`: that the records which may be of the same person were shown, and are of others.
    """

    is_mine = forms.BooleanField(label=_("I work on this record"), required=False, initial=True)
    looked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    # The form for one person has one field for the sex; the identity takes it from there.
    born_sex = None  # type: ignore[assignment] # so Django takes a field away

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The visible fields that are not of the identity, in order, for a template."""
        return [each for each in self.visible_fields() if each.name not in IDENTITY]

    @property
    def has_identity(self) -> bool:
        """Whether somebody has typed who it is, so that it is not folded away again."""
        return self.is_bound and any(self[name].data for name in TYPED)

    def identity(self) -> dict[str, Any]:
        """Who it is, as far as it was given."""
        found = super().identity()
        return found | {"sex": self.cleaned_data["sex"]} if found else {}


class ChangeForm(PersonForm):
    """A change. An empty sealed field leaves what is there, as it cannot be shown here.

    `base`: what was seen when the form was made, signed, so that two changes are told apart.
    """

    base = forms.CharField(required=False, widget=forms.HiddenInput)
    adult_ground = forms.ChoiceField(
        label=_("Counted as a child till now: on what does it rest that the person is an adult?"),
        choices=[("", _("Nothing of that kind")), *AdultGround.choices],
        required=False,
    )
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
        texts: dict[str, Any] = {name: given[name] or None for name in SEALED}
        texts |= {name: "" for name in given["emptied"] if not given[name]}
        return SealedTexts(**texts)

    def seen(self, person: Person) -> Base:
        """What whoever filled the form had seen; what is there now, where nothing tells."""
        try:
            found: Mapping[str, Any] = signing.loads(
                self.cleaned_data["base"], salt=_salt(person), max_age=BASE_HOLDS
            )
        except signing.BadSignature:
            return Base.of(person)
        return Base(found["version"], found["facts"], found["marks"])

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        """The clear part of a record, and what tells this state of it from another."""
        base = Base.of(person)
        signed = {"version": base.version, "facts": base.facts, "marks": base.marks}
        organisation, unit = base.facts["place"]
        return {
            **base.facts,
            "organisation": organisation,
            "unit": unit,
            "languages": ", ".join(person.languages),
            "base": signing.dumps(signed, salt=_salt(person), compress=True),
        }


def _salt(person: Person) -> str:
    return f"referral.person.{person.pk}"


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
