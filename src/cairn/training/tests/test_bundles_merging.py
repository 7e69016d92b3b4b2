"""The merge: several kits and one installation lose no record and double none, whatever happens."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.training.bundles.envelopes import SERVER, Envelope
from cairn.training.bundles.merging import Entry, Kinds, Outcome, Report, Verdict, merge, offer

KINDS = Kinds(appended=frozenset({"mark", "answer"}), owned=frozenset({"seat"}))
KIT = str(UUID(int=1))
POISON = "poison"  # what the rules of this invented store refuse


@dataclass
class Shelf:
    """A store in memory, with what an installation keeps of a merge."""

    made: dict[UUID, Envelope] = field(default_factory=dict)
    applied: list[tuple[str, str]] = field(default_factory=list)
    accepted: dict[tuple[str, UUID], Entry] = field(default_factory=dict)
    others: dict[str, Verdict] = field(default_factory=dict)

    def copy(self) -> "Shelf":
        return Shelf(dict(self.made), list(self.applied), dict(self.accepted), dict(self.others))

    def entry(self, envelope: Envelope) -> Entry | None:
        if found := self.accepted.get((envelope.kind, envelope.id)):
            return found
        if told := self.others.get(envelope.hash):
            return Entry(told.outcome, envelope.hash, envelope.owner, envelope.sequence)
        return None

    def exists(self, id: UUID) -> bool:
        return id in self.made

    def apply(self, envelope: Envelope) -> None:
        if envelope.content.get("v") == POISON:
            raise RuleBroken("test.poison", "This is refused.")
        self.made[envelope.id] = envelope
        self.applied.append((envelope.kind, envelope.hash))

    def remember(self, verdict: Verdict) -> None:
        envelope = verdict.envelope
        if verdict.outcome is Outcome.ACCEPTED:
            self.others.pop(envelope.hash, None)
            self.accepted[envelope.kind, envelope.id] = Entry(
                verdict.outcome, envelope.hash, envelope.owner, envelope.sequence
            )
        else:
            self.others[envelope.hash] = verdict

    def waiting_for(self, id: UUID) -> Sequence[Envelope]:
        return [
            each.envelope
            for each in self.others.values()
            if each.outcome is Outcome.PARKED and id in each.envelope.needs
        ]


def mark(number: int, value: object = 1, needs: tuple[int, ...] = (), owner: str = KIT) -> Envelope:
    return Envelope(
        "mark", UUID(int=number), owner, number, {"v": value}, tuple(UUID(int=n) for n in needs)
    )


def seat(number: int, sequence: int, value: object, owner: str = KIT) -> Envelope:
    return Envelope("seat", UUID(int=number), owner, sequence, {"v": value})


def merged(shelf: Shelf, *records: Envelope, holder: str = KIT) -> Report:
    return Report(list(merge(records, shelf, KINDS, holder)))


def test_a_record_is_accepted_once_and_known_the_second_time() -> None:
    shelf = Shelf()
    assert merged(shelf, mark(5), mark(5)).counts[Outcome.ACCEPTED] == 1
    assert merged(shelf, mark(5)).counts[Outcome.DUPLICATE] == 1
    assert len(shelf.applied) == 1


def test_an_appended_record_cannot_be_changed_afterwards() -> None:
    shelf = Shelf()
    merged(shelf, mark(5))
    report = merged(shelf, mark(5, 2))
    assert [each.code for each in report.having(Outcome.REFUSED)] == ["record.changed"]
    assert shelf.made[UUID(int=5)].content == {"v": 1}
    assert merged(shelf, mark(5)).counts[Outcome.DUPLICATE] == 1


def test_a_record_waits_for_its_parent_and_whole_chains_follow_it() -> None:
    shelf = Shelf()
    waiting = merged(shelf, mark(7, needs=(6,)), mark(6, needs=(5,)))
    assert waiting.counts[Outcome.PARKED] == 2
    assert all(each.reason for each in waiting.verdicts)
    freed = merged(shelf, mark(5))
    assert [each.envelope.sequence for each in freed.having(Outcome.ACCEPTED)] == [5, 6, 7]
    assert shelf.others == {}


def test_a_record_that_waits_for_two_comes_with_the_second() -> None:
    shelf = Shelf()
    merged(shelf, mark(9, needs=(5, 6)), mark(5))
    assert UUID(int=9) not in shelf.made
    merged(shelf, mark(6))
    assert UUID(int=9) in shelf.made


def test_what_the_rules_refuse_is_kept_with_its_reason_and_the_rest_goes_on() -> None:
    shelf = Shelf()
    report = merged(shelf, mark(5), mark(6, POISON), mark(7))
    assert report.counts[Outcome.ACCEPTED] == 2
    (refusal,) = report.having(Outcome.REFUSED)
    assert (refusal.code, refusal.reason) == ("test.poison", "This is refused.")
    assert shelf.others[mark(6, POISON).hash].outcome is Outcome.REFUSED


def test_children_of_a_refused_record_wait_and_are_listed() -> None:
    shelf = Shelf()
    report = merged(shelf, mark(5, POISON), mark(6, needs=(5,)))
    assert (report.counts[Outcome.REFUSED], report.counts[Outcome.PARKED]) == (1, 1)


def test_kinds_that_no_kit_may_bring_are_refused() -> None:
    report = merged(Shelf(), Envelope("account", UUID(int=1), KIT, 1, {}))
    assert [each.code for each in report.verdicts] == ["record.kind"]


def test_the_newest_version_of_an_owned_record_stands_in_any_order() -> None:
    versions = [seat(5, 1, "a"), seat(5, 2, "b"), seat(5, 3, "c")]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1, 0, 2]):
        shelf = Shelf()
        merged(shelf, *(versions[each] for each in order))
        assert shelf.made[UUID(int=5)].content == {"v": "c"}


def test_whoever_does_not_hold_the_event_cannot_change_what_is_owned() -> None:
    shelf = Shelf()
    for report in (
        merged(shelf, seat(5, 1, "a"), holder=SERVER),
        merged(shelf, seat(5, 1, "a"), holder=str(UUID(int=2))),
    ):
        assert [each.code for each in report.verdicts] == ["record.not-owner"]
    assert offer(mark(6), shelf, KINDS, SERVER).outcome is Outcome.ACCEPTED


@settings(max_examples=60, deadline=None)
@given(st.permutations([*range(1, 9)]), st.lists(st.integers(1, 8), max_size=10))
def test_neither_order_nor_repetition_changes_what_stands(
    order: list[int], again: list[int]
) -> None:
    chain = {
        number: mark(number, needs=() if number in {1, 5} else (number - 1,))
        for number in range(1, 9)
    }
    shelf = Shelf()
    merged(shelf, *(chain[number] for number in [*order, *again]))
    assert sorted(each.int for each in shelf.made) == list(range(1, 9))
    assert len(shelf.applied) == 8


class Device:
    """An invented kit: makes records, packs everything that was not yet answered for."""

    def __init__(self, number: int) -> None:
        self.name = str(UUID(int=10_000 + number))
        self.base = number * 1_000
        self.sequence = 0
        self.records: list[Envelope] = []
        self.answered: set[str] = set()

    def work(self, chance: random.Random) -> None:
        self.sequence += 1
        id = UUID(int=self.base + self.sequence)
        older = [each for each in self.records if each.kind == "mark"]
        if chance.random() < 0.3:
            id = UUID(int=self.base + 900 + chance.randrange(3))
            self.records.append(
                Envelope("seat", id, self.name, self.sequence, {"v": self.sequence})
            )
            return
        needs = (chance.choice(older).id,) if older and chance.random() < 0.5 else ()
        value = POISON if chance.random() < 0.08 else self.sequence
        self.records.append(Envelope("mark", id, self.name, self.sequence, {"v": value}, needs))

    def pack(self, chance: random.Random) -> list[Envelope]:
        """Mostly what was not answered for, sometimes a part of it, as an early bundle holds."""
        left = [each for each in self.records if each.hash not in self.answered]
        return left[: chance.randrange(len(left) + 1)] if chance.random() < 0.3 else left


class World:
    """Several devices, files that are lost, repeated and mixed up, and a machine that falls."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a trial, not a secret
        self.devices = [Device(number) for number in range(1, self.chance.randrange(2, 5))]
        self.shelf = Shelf()
        self.under_way: list[tuple[Device, list[Envelope]]] = []
        self.receipts: list[tuple[Device, set[str]]] = []

    def step(self) -> None:
        device = self.chance.choice(self.devices)
        doing = self.chance.randrange(7)
        if doing < 2:
            device.work(self.chance)
        elif doing == 2:
            self.send(device)
        else:
            (self.arrive, self.lose, self.repeat, self.tell)[doing - 3]()

    def send(self, device: Device) -> None:
        self.under_way.append((device, device.pack(self.chance)))

    def lose(self) -> None:
        if self.under_way and self.chance.random() < 0.4:
            self.under_way.pop(self.chance.randrange(len(self.under_way)))

    def repeat(self) -> None:
        if self.under_way:
            self.under_way.append(self.chance.choice(self.under_way))

    def arrive(self) -> None:
        """Any file under way is merged, in batches; the machine may fall within any of them."""
        if not self.under_way:
            return
        device, records = self.under_way.pop(self.chance.randrange(len(self.under_way)))
        records = list(records)
        if self.chance.random() < 0.3:
            self.chance.shuffle(records)
        for start in range(0, len(records), 3):
            before = self.shelf.copy()
            batch = records[start : start + 3]
            for _verdict in merge(batch, self.shelf, KINDS, device.name):
                if self.chance.random() < 0.03:
                    self.shelf = before  # killed before the batch was committed
                    return
        self.receipts.append((device, {each.hash for each in records}))

    def tell(self) -> None:
        """A receipt reaches its device, or is lost."""
        if self.receipts:
            device, hashes = self.receipts.pop(self.chance.randrange(len(self.receipts)))
            if self.chance.random() < 0.7:
                device.answered |= hashes

    def settle(self) -> None:
        """In the end every device hands in what was not answered for, and gets through."""
        for device in self.devices:
            left = [each for each in device.records if each.hash not in device.answered]
            list(merge(left, self.shelf, KINDS, device.name))

    def check(self) -> None:
        shelf = self.shelf
        made = [each for device in self.devices for each in device.records]
        marks = [each for each in made if each.kind == "mark"]
        poisoned = {each.id for each in marks if each.content["v"] == POISON}
        stuck = set(poisoned)
        for each in marks:  # in the order of their making, so parents come first
            if stuck & set(each.needs):
                stuck.add(each.id)
        expected = {each.id for each in marks} - stuck
        assert {each for each in shelf.made if shelf.made[each].kind == "mark"} == expected
        applied = [hash for kind, hash in shelf.applied if kind == "mark"]
        assert len(applied) == len(set(applied)) == len(expected)
        listed = {verdict.envelope.id for verdict in shelf.others.values()}
        assert listed == stuck
        newest = {each.id: each for each in made if each.kind == "seat"}
        assert {id: shelf.made[id].content for id in newest} == {
            id: each.content for id, each in newest.items()
        }


def test_a_thousand_random_interleavings_lose_no_record_and_double_none() -> None:
    seats = stuck = repeated = 0
    for seed in range(1_000):
        world = World(seed)
        for _step in range(60):
            world.step()
        world.settle()
        world.check()
        seats += sum(each.kind == "seat" for each in world.shelf.made.values())
        stuck += len(world.shelf.others)
        repeated += len(world.under_way)
    # The trial is worth nothing where the cases that it is about never happened.
    assert min(seats, stuck, repeated) > 300


def test_the_trial_finds_a_merge_that_forgets_what_it_accepted() -> None:
    class Forgetful(Shelf):
        def entry(self, envelope: Envelope) -> Entry | None:
            return None

    shelf = Forgetful()
    merged(shelf, mark(5), mark(5))
    assert len(shelf.applied) == 2


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_report_counts_every_outcome(outcome: Outcome) -> None:
    assert Report().counts[outcome] == 0
    verdict = Verdict(replace(mark(1)), outcome)
    assert Report([verdict]).counts[outcome] == 1
