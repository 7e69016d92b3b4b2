"""The file of people for the directory, or of the participants of one event."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.imports.kinds import Kind, Row
from cairn.training.actions import enrolments, people, steps
from cairn.training.imports import persons
from cairn.training.models import Affiliation, Enrolment, Practitioner, TrainingEvent
from cairn.training.queries import name_keys
from cairn.training.rules.names import KeyKind

CODE = "participants"


def participants_kind(
    actor: Actor, organisation: Organisation, country: str, event: TrainingEvent | None = None
) -> Kind:
    """The kind of file for people of `organisation`; with `event` each is enrolled as well.

    `country`: of whoever the file names no country for. Raises PermissionDenied.
    """
    require(actor, Permission.TRAINEE_EDIT, within=_Place(organisation.pk, country))
    if event is not None:
        steps.require_run(actor, event)
    reading = _Reading(actor, organisation, country, event)
    return Kind(
        code=CODE,
        label=_("People"),
        permission=Permission.TRAINEE_EDIT.value,
        columns=(persons.AGENCY_COLUMN, *persons.PERSON_COLUMNS),
        prepare=reading.prepare,
        existing=reading.existing,
        write=reading.write,
        finish=reading.enrol,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose records these are, for `require`."""

    organisation_id: UUID
    country: str


@dataclass(slots=True)
class _Reading:
    """One reading of one file, from the first chunk to the last."""

    actor: Actor
    organisation: Organisation
    country: str
    event: TrainingEvent | None
    seen: persons.Seen = field(default_factory=persons.Seen)
    offered: dict[str, Organisation] | None = None

    def prepare(self, rows: Sequence[Row]) -> None:
        """Where each person serves, whether an earlier row is the same person, the row's key."""
        if self.offered is None:
            self.offered = persons.called(list(Organisation.objects.all()))
        agencies = persons.agencies_named(rows, self.offered)
        whole = [row for row in rows if row.number in agencies]
        digests = persons.digests_of(whole)
        numbers = name_keys.number_digests([row.cleaned["service_number"] for row in whole])
        for row, number in zip(whole, numbers, strict=True):
            agency = agencies[row.number]
            self._check_place(row)
            self.seen.refuse_alike(row, agency, digests[row.number])
            row.cleaned["_agency"] = agency
            row.after = {"enrolled": self.event is not None}
            row.key = (str(agency.pk), persons.words_of(digests[row.number]), number)

    def _check_place(self, row: Row) -> None:
        country = row.cleaned["country"] or self.country
        if not self.actor.may_within(Permission.TRAINEE_EDIT, self.organisation.pk, None, country):
            row.refuse(
                "country",
                RuleBroken(
                    "import.place",
                    _now("You do not keep records of people in this country."),
                    _now("Leave the row to a colleague who does."),
                ),
            )

    def existing(
        self, keys: Sequence[Hashable]
    ) -> Mapping[Hashable, tuple[Any, Mapping[str, Any]]]:
        """People of the same agency who have this service number, or lacking one this very name.

        They stay as they are: a file adds people, it does not change them. For an event, who is
        on record and not enrolled yet is a change.
        """
        wanted = [key for key in keys if isinstance(key, tuple)]
        words = {
            (KeyKind.WORDS.value, digest)
            for key in wanted
            for digest in str(key[1]).split("|")
            if digest
        }
        called_so = name_keys.holders_of_each(words)
        numbered = name_keys.numbered([key[2] for key in wanted])
        ids = {each for found in (*called_so.values(), *numbered.values()) for each in found}
        serving = self._serving(ids)
        enrolled = self._enrolled(ids)
        found: dict[Hashable, tuple[Any, Mapping[str, Any]]] = {}
        for key in wanted:
            owners = numbered.get(key[2], set()) if key[2] else set()
            if not owners:
                owners = set[UUID]().union(
                    *(
                        called_so.get((KeyKind.WORDS.value, each), set())
                        for each in str(key[1]).split("|")
                    )
                )
            same = sorted(each for each in owners if (each, key[0]) in serving)
            if same:
                is_there = self.event is None or same[0] in enrolled
                found[key] = (same[0], {"enrolled": self.event is not None and is_there})
        return found

    def _serving(self, ids: set[UUID]) -> set[tuple[UUID, str]]:
        kept = Practitioner.objects.filter(organisation=self.organisation).kept()
        rows = Affiliation.objects.filter(practitioner__in=kept)
        every = sorted(ids)
        return {
            (owner, str(agency))
            for start in range(0, len(every), 500)
            for owner, agency in rows.filter(
                practitioner__in=every[start : start + 500]
            ).values_list("practitioner", "agency")
        }

    def _enrolled(self, ids: set[UUID]) -> set[UUID]:
        if self.event is None:
            return set()
        rows = Enrolment.objects.filter(event=self.event)
        return set(rows.values_list("practitioner", flat=True)) & ids

    def write(self, actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        """Enter who is new; who is on record stays as they are."""
        today = timezone.localdate()
        made: list[tuple[Practitioner, people.PersonFacts]] = []
        for row in created:
            facts = persons.facts_of(row, row.cleaned["_agency"])
            record = people.built(self.organisation, facts, today)
            record.country = facts.country or self.country
            row.cleaned["_record"] = record
            made.append((record, facts))
        people.store_all(actor, made)
        known = Practitioner.objects.in_bulk([row.target for row in changed])
        for row in changed:
            row.cleaned["_record"] = known[row.target]
        if len(made) > 1:
            audit.record(
                actor,
                "trainees.received",
                self.organisation,
                people=len(made),
                event=self.event.reference if self.event else "",
            )

    def enrol(self, actor: Actor, rows: Sequence[Row]) -> None:
        """Enrol each in the event; who cannot be is told, and the others go on."""
        if self.event is None:
            return
        for row in rows:
            try:
                enrolments.enrol(actor, self.event, row.cleaned["_record"])
            except RuleBroken as refusal:
                row.refuse("", refusal)
