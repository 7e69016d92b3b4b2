"""Donors and partners by printed name: a State, an organisation on record, or a new one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.actions.donors import enter_donor

NOT_NAMED = "(donor not named)"
_ALIKE = 85.0  # of 100: closer names are taken for a typing error and asked about


@dataclass(frozen=True, slots=True)
class Donor:
    """Who gives. `key` is "" when the source names nobody, "state:TUR" or "org:one un"."""

    key: str
    name: str
    id: UUID | None = None
    country: str = ""

    @property
    def is_new(self) -> bool:
        return bool(self.key) and self.id is None


def organisations_named(names: Iterable[str]) -> dict[str, Organisation]:
    """{lower-case name: organisation} of those on record. One query."""
    wanted = {name.lower() for name in names}
    rows = Organisation.objects.annotate(lower=Lower("name")).filter(lower__in=wanted)
    return {row.name.lower(): row for row in rows}


def donor_key(organisation: Organisation | None) -> str:
    if organisation is None:
        return ""
    if organisation.kind == OrganisationKind.STATE:
        return f"state:{organisation.country}"
    return f"org:{organisation.name.lower()}"


def donors_named(names: Sequence[str]) -> dict[str, Donor | RuleBroken]:
    """{printed name: donor, or the refusal of a name that looks like a typing error}."""
    places = {name: geography.resolve(name) for name in set(names) if name != NOT_NAMED}
    states = {
        row.country: row
        for row in Organisation.objects.filter(
            kind=OrganisationKind.STATE,
            country__in={each.codes[0] for each in places.values() if each.kind == "country"},
        )
    }
    others = organisations_named(name for name, place in places.items() if place.kind != "country")
    found: dict[str, Donor | RuleBroken] = {NOT_NAMED: Donor("", NOT_NAMED)}
    for name, place in places.items():
        if place.kind == "country":
            code = place.codes[0]
            row = states.get(code)
            found[name] = Donor(f"state:{code}", name, row.pk if row else None, code)
        elif (known := others.get(name.lower())) is not None:
            found[name] = Donor(f"org:{name.lower()}", name, known.pk)
        else:
            found[name] = _new_or_refused(name, place)
    return found


def _new_or_refused(name: str, place: geography.Resolution) -> Donor | RuleBroken:
    known = list(
        Organisation.objects.exclude(kind=OrganisationKind.STATE).values_list("name", flat=True)[
            :2_000
        ]
    )
    near = [each.name for each in place.nearest if each.score >= _ALIKE]
    near += [
        match[0]
        for match in process.extract(name, known, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2)
    ]
    if near:
        return RuleBroken(
            "import.donor",
            _("“%(name)s” is not on record, but looks like %(near)s.")
            % {"name": name, "near": " / ".join(near)},
            _("Correct the name. For a donor that is really another one, add it first."),
        )
    return Donor(f"org:{name.lower()}", name)


def create_donors(actor: Actor, donors: Iterable[Donor]) -> dict[str, UUID | None]:
    """Enter the donors that are new. {key: primary key; None for "not named"}."""
    ids: dict[str, UUID | None] = {"": None}
    for donor in donors:
        if donor.key not in ids:
            ids[donor.key] = donor.id or enter_donor(actor, donor.name, country=donor.country).pk
    return ids
