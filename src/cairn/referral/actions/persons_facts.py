"""What is kept of a person in the clear, and how changes of two colleagues come together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, Unit
from cairn.referral.actions.rows import numbered
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import Conflict
from cairn.referral.rules import merging
from cairn.referral.rules import persons as rules
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import ContactRule
from cairn.referral.subjects import SEALED


@dataclass(frozen=True, slots=True)
class Facts:
    """What is kept of a person in the clear. `keep_until` None: the default of the rules.

    `sex`, `displacement`: codes, empty when not asked. `languages`: ISO 639, the best first.
    """

    organisation: Organisation
    country: str
    age_band: AgeBand
    opened_on: date
    unit: Unit | None = None
    keep_until: date | None = None
    sex: str = ""
    displacement: str = ""
    languages: Sequence[str] = ()
    contact_rule: str = ContactRule.NOT_ASKED

    def plain(self) -> dict[str, Any]:
        """Name of each fact -> what JSON holds of it. The place is one fact."""
        kept = rules.kept_until(self.opened_on, self.keep_until)
        return {
            "place": [str(self.organisation.pk), str(self.unit.pk) if self.unit else ""],
            "country": self.country,
            "age_band": str(self.age_band),
            "opened_on": self.opened_on.isoformat(),
            "keep_until": kept.isoformat(),
            "sex": str(self.sex),
            "displacement": str(self.displacement),
            "languages": list(self.languages),
            "contact_rule": str(self.contact_rule),
        }


@dataclass(frozen=True, slots=True)
class SealedTexts:
    """What is sealed. None leaves it as it is, "" (or no lines) empties it."""

    name: str | None = None
    safe_contact: str | None = None
    note: str | None = None
    do_not_contact: Sequence[str] | None = None

    def given(self) -> dict[str, Any]:
        """The values that are to be written, by field; an empty list is no value."""
        pairs = {name: getattr(self, name) for name in SEALED}
        if pairs["do_not_contact"] is not None:
            pairs["do_not_contact"] = list(pairs["do_not_contact"])
        return {name: value for name, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Base:
    """What somebody saw before they changed it: `facts` as `plain`, `marks` of what is sealed."""

    version: int
    facts: Mapping[str, Any]
    marks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, person: Person) -> Self:
        marks = {name: getattr(person, name).mark() for name in SEALED}
        return cls(person.version, plain_of(person), marks)


def plain_of(person: Person) -> dict[str, Any]:
    """The clear facts of a stored person, in the form of `Facts.plain`."""
    return {
        "place": [str(person.organisation_id), str(person.unit_id or "")],
        "country": person.country,
        "age_band": person.age_band,
        "opened_on": person.opened_on.isoformat(),
        "keep_until": person.keep_until.isoformat() if person.keep_until else "",
        "sex": person.sex,
        "displacement": person.displacement,
        "languages": list(person.languages),
        "contact_rule": person.contact_rule,
    }


def put(person: Person, name: str, value: Any) -> list[str]:
    """Give the fact `name` its plain `value`; returns the columns that it stands in."""
    if name == "place":
        organisation, unit = value
        person.organisation_id = UUID(organisation)
        person.unit_id = UUID(unit) if unit else None
        return ["organisation", "unit"]
    if name in {"opened_on", "keep_until"}:
        value = date.fromisoformat(value) if value else None
    setattr(person, name, value)
    return [name]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one fact: what stands, and the conflict that it leaves, if any."""

    standing: Any
    merged: merging.Merged | None = None
    conflict: Conflict | None = None


def brought_together(person: Person, mine: Mapping[str, Any], base: Base) -> dict[str, Outcome]:
    """Each fact as it stands after the change `mine` by somebody who had seen `base`.

    The caller holds the person. Raises RuleBroken("person.conflict") where somebody who has seen
    that a fact is in conflict writes it once more instead of resolving it.
    """
    now = plain_of(person)
    opened = Conflict.objects.filter(person=person, resolved_at=None, content__isnull=True)
    conflicts = {each.field: each for each in opened}
    found = {}
    for name, value in mine.items():
        before = base.facts.get(name, now[name])
        if value == before:
            found[name] = Outcome(now[name])
        elif (conflict := conflicts.get(name)) is not None:
            _check_unseen(conflict, person, base)
            versions = [*conflict.values, value]
            merged = merging.merge(name, conflict.base, versions)
            found[name] = Outcome(merged.standing, merged, conflict)
        else:
            merged = merging.merge(name, before, [value, now[name]])
            found[name] = Outcome(merged.standing, merged if merged.is_open else None)
            if merged.is_open:
                found[name] = replace(found[name], conflict=Conflict(field=name, base=before))
    return found


def _check_unseen(conflict: Conflict, person: Person, base: Base) -> None:
    if base.version >= person.version:
        raise RuleBroken(
            "person.conflict",
            _("Two people changed this at the same time, and nobody has resolved it yet."),
            _("Resolve it on the page of the person; what you change then holds."),
        )


def noted(person: Person, outcome: Outcome, by: UUID | None) -> Conflict | None:
    """Keep the conflict of a fact, new or with one more value; None where there is none."""
    conflict, merged = outcome.conflict, outcome.merged
    if conflict is None or merged is None:
        return None
    conflict.values, conflict.standing = list(merged.values), merged.standing
    if conflict._state.adding:
        for name, value in numbered(person, "x", Conflict, by).items():
            setattr(conflict, name, value)
        conflict.save(force_insert=True)
    else:
        conflict.save(update_fields=["values", "standing"])
    return conflict


def kept_twice(person: Person, name: str, value: Any, by: UUID | None) -> Conflict:
    """Keep a sealed text that somebody wrote while a colleague wrote another."""
    conflict = Conflict(**numbered(person, "x", Conflict, by), field=name, content=value)
    conflict.save(force_insert=True)
    return conflict
