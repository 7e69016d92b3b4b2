"""The file of an agency's nominations for one call."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.imports import cells
from cairn.imports.kinds import Column, Kind, Row
from cairn.training.actions import calls, nominations, people
from cairn.training.actions.nominations import Proposal
from cairn.training.imports import persons
from cairn.training.models import (
    Call,
    IdentifierHash,
    Nomination,
    Practitioner,
    SeatAllocation,
    Step,
)
from cairn.training.queries import name_keys
from cairn.training.rules import nomination as rules
from cairn.training.rules.names import KeyKind

CODE = "nominations"
OWN_COLUMNS = (
    Column("motivation", cells.text(1_000), _("why this person; no names")),
    Column("priority", cells.small, _("the agency's own order: 1, 2, 3"), empty=0),
    Column("note", cells.text(120), _("the agency's own reference, for example list 3 no. 14")),
)


def nominations_kind(actor: Actor, call: Call, agency: Organisation | None = None) -> Kind:
    """The kind of file for this call; without `agency` a column says whose nominee each row is.

    Raises PermissionDenied, RuleBroken ("call.closed", "nomination.seats").
    """
    rules.check_open(calls.facts_of(call), timezone.localdate())
    offered = [
        row.agency
        for row in SeatAllocation.objects.filter(call=call).select_related("agency")
        if nominations.may_nominate(actor, call, row.agency_id)
    ]
    if agency is not None:
        nominations.check_seats(call, agency)
        offered = [each for each in offered if each.pk == agency.pk]
    if not offered:
        raise PermissionDenied(Permission.NOMINATION_MAKE.value)
    reading = _Reading(call, agency, offered)
    columns: tuple[Column, ...] = (*persons.PERSON_COLUMNS, *OWN_COLUMNS)
    if agency is None:
        columns = (persons.AGENCY_COLUMN, *columns)
    return Kind(
        code=CODE,
        label=_("Nominations"),
        permission=Permission.NOMINATION_MAKE.value,
        columns=columns,
        prepare=reading.prepare,
        existing=reading.existing,
        write=reading.write,
    )


@dataclass(slots=True)
class _Reading:
    """One reading of one file, from the first chunk to the last."""

    call: Call
    agency: Organisation | None
    offered: Sequence[Organisation]
    seen: persons.Seen = field(default_factory=persons.Seen)
    nominated: dict[tuple[UUID, str], UUID] | None = None
    numbers: dict[UUID, set[str]] = field(default_factory=dict)

    def prepare(self, rows: Sequence[Row]) -> None:
        """Whose nominee each row is, whether an earlier row is the same person, the row's key."""
        if self.agency is None:
            agencies = persons.agencies_named(rows, persons.called(self.offered))
        else:
            agencies = {row.number: self.agency for row in rows}
        whole = [row for row in rows if row.number in agencies]
        digests = persons.digests_of(whole)
        numbers = name_keys.number_digests([row.cleaned["service_number"] for row in whole])
        for row, number in zip(whole, numbers, strict=True):
            agency = agencies[row.number]
            self.seen.refuse_alike(row, agency, digests[row.number])
            row.cleaned["_agency"], row.cleaned["_number"] = agency, number
            row.key = (str(agency.pk), persons.words_of(digests[row.number]), number)

    def existing(
        self, keys: Sequence[Hashable]
    ) -> Mapping[Hashable, tuple[Any, Mapping[str, Any]]]:
        """Nominations of this call that these rows repeat, so that they stay as they are.

        Same agency and same words of the name, unless two service numbers differ; or the same
        agency and number, however the name is spelled.
        """
        wanted = [key for key in keys if isinstance(key, tuple)]
        digests = {(KeyKind.WORDS.value, each) for key in wanted for each in _digests(key)}
        holders = name_keys.holders_of_each(digests)
        if self.nominated is None:
            self.nominated, self.numbers = self._on_record()
        by_number = {
            (number, agency): pk
            for (owner, agency), pk in self.nominated.items()
            for number in self.numbers.get(owner, set())
        }
        found: dict[Hashable, tuple[Any, Mapping[str, Any]]] = {}
        for key in wanted:
            agency, _words, number = key
            if pk := by_number.get((number, agency)):
                found[key] = (pk, {})
            for digest in _digests(key):
                for owner in holders.get((KeyKind.WORDS.value, digest), set()):
                    pk = self.nominated.get((owner, agency))
                    theirs = self.numbers.get(owner, set())
                    if pk and not (number and theirs and number not in theirs):
                        found[key] = (pk, {})
        return found

    def _on_record(self) -> tuple[dict[tuple[UUID, str], UUID], dict[UUID, set[str]]]:
        """({(person, agency): nomination}, {person: hashes of numbers}) of this call."""
        rows = Nomination.objects.filter(call=self.call).exclude(state__in=rules.OVER)
        nominated = {
            (owner, str(agency)): pk
            for pk, owner, agency in rows.values_list("pk", "practitioner", "agency")
        }
        numbers: dict[UUID, set[str]] = defaultdict(set)
        known = IdentifierHash.objects.filter(
            practitioner__nominations__call=self.call, kind=name_keys.SERVICE_NUMBER
        )
        for owner, digest in known.values_list("practitioner", "digest"):
            numbers[owner].add(digest)
        return nominated, dict(numbers)

    def write(self, actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        """Enter the people who are new, and nominate each. A row never changes a nomination."""
        if not created:
            return
        today = timezone.localdate()
        known = self._known_by_number(created)
        event = self.call.event
        fresh: list[tuple[Row, Practitioner, people.PersonFacts]] = []
        owners: dict[int, Practitioner] = {}
        for row in created:
            facts = nominations.placed(
                persons.facts_of(row, row.cleaned["_agency"]), self.call, row.cleaned["_agency"]
            )
            if row.number in known:
                owners[row.number] = known[row.number]
            else:
                record = people.built(event.organisation, facts, today)
                owners[row.number] = record
                fresh.append((row, record, facts))
        people.store_all(actor, [(record, facts) for _row, record, facts in fresh])
        self._nominate(actor, created, owners)

    def _known_by_number(self, rows: Sequence[Row]) -> dict[int, Practitioner]:
        """{row number: record of the same agency with the same service number}."""
        owners = name_keys.numbered([row.cleaned["_number"] for row in rows])
        ids = {each for found in owners.values() for each in found}
        records = Practitioner.objects.filter(
            pk__in=ids, organisation=self.call.event.organisation
        ).kept()
        by_id = {each.pk: each for each in records}
        taken = set(
            Nomination.objects.filter(call=self.call, practitioner__in=by_id).values_list(
                "practitioner", flat=True
            )
        )
        found = {}
        for row in rows:
            for owner in owners.get(row.cleaned["_number"], set()):
                record = by_id.get(owner)
                is_same = record is not None and record.agency_id == row.cleaned["_agency"].pk
                if record is not None and is_same and owner not in taken:
                    found[row.number] = record
                    taken.add(owner)
        return found

    def _nominate(
        self, actor: Actor, rows: Sequence[Row], owners: Mapping[int, Practitioner]
    ) -> None:
        now = clock.now()
        made = []
        for row in rows:
            owner, given = owners[row.number], row.cleaned
            answers = {"motivation": given["motivation"]} if given["motivation"] else {}
            proposal = Proposal(persons.facts_of(row, given["_agency"]), answers=answers)
            made.append(
                Nomination(
                    call=self.call,
                    agency=given["_agency"],
                    practitioner=owner,
                    state=nominations.first_state(owner, proposal),
                    priority=given["priority"],
                    answers=answers,
                    note=given["note"],
                    proposed_by=actor.user_id,
                    proposed_at=now,
                )
            )
        Nomination.objects.bulk_create(made, batch_size=500)
        Step.objects.bulk_create(
            (
                Step(
                    subject="nomination",
                    subject_id=each.pk,
                    before="",
                    after=each.state,
                    at=now,
                    author_id=actor.user_id,
                )
                for each in made
            ),
            batch_size=500,
        )
        audit.record(
            actor,
            "nominations.received",
            self.call,
            event=self.call.event.reference,
            people=len(made),
        )


def _digests(key: tuple[Any, ...]) -> list[str]:
    return [each for each in str(key[1]).split("|") if each]
