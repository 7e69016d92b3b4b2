"""Triage: opening with a key, reading again, the identity block, outcomes, and who is kept out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions import triage as actions
from cairn.identification.actions import unit_keys
from cairn.identification.models import Procedure, Report, ReportContent, ReportStep
from cairn.identification.queries import triage as queries
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.triage import TRIAGE_WITHIN
from cairn.identification.rules.unit_keys import WrongPassphrase
from cairn.identification.tests.factories import actor_of
from cairn.identification.tests.reception import (
    FULL,
    IDENTITY,
    NAME,
    NOTE,
    OTHER,
    PASSPHRASE,
    WHY,
    Sender,
    cheap,
    member,
    unit_with_key,
)
from cairn.oversight.models import Reading, ReadingSubject

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return member("opener")


@pytest.fixture
def sender(actor: Actor) -> Sender:
    return Sender(unit_with_key(actor)[0])


def opened(actor: Actor, report: Report) -> actions.Opened:
    return actions.open_report(actor, report.code, PASSPHRASE, *WHY)


def again(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


# --- Opening ---------------------------------------------------------------------------------


def test_opening_shows_the_content_seals_it_anew_and_tells_the_phone_that_it_was_read(
    actor: Actor, sender: Sender
) -> None:
    report = sender.send(identity=IDENTITY)
    assert opened(actor, report).content["note"] == NOTE
    after = again(report)
    assert after.state == ReportState.OPENED
    assert (after.read_by, after.flaw) == (actor.user_id, "")
    assert after.read_at is not None
    assert after.due_at is not None
    assert after.due_at - after.read_at == TRIAGE_WITHIN
    assert after.payload is None
    assert after.identity_payload is None
    content = ReportContent.objects.get(report=report)
    assert (content.area, content.age, content.band) == ("north", "adult", "unclear")
    assert content.signs == ["cannot-leave", "documents-held"]
    assert content.keep_until is not None
    assert bool(content.content)
    assert bool(content.identity)
    reading = Reading.objects.get()
    assert reading.fields == ["content", "note"]
    assert ReadingSubject.objects.get().code == report.code
    log = [(entry.code, str(entry.facts)) for entry in AuditEntry.objects.all()]
    assert "report.opened" in dict(log)
    assert not any(NOTE in facts or NAME in facts for _code, facts in log)


def test_what_was_opened_is_read_again_with_a_reason_and_without_the_key(
    actor: Actor, sender: Sender
) -> None:
    report = sender.send()
    opened(actor, report)
    second = member("second")
    assert actions.read_report(second, report.code, *WHY).content["note"] == NOTE
    with pytest.raises(RuleBroken) as caught:
        actions.read_report(second, report.code, WHY[0], "short")
    assert caught.value.code == "oversight.reason"
    with pytest.raises(RuleBroken) as caught:
        opened(actor, report)
    assert caught.value.code == "report.opened"


def refusals() -> list[tuple[str, Callable[[Actor, Report], object], type[Exception]]]:
    return [
        (
            "a wrong passphrase",
            lambda actor, report: actions.open_report(actor, report.code, OTHER, *WHY),
            WrongPassphrase,
        ),
        (
            "no passphrase",
            lambda actor, report: actions.open_report(actor, report.code, "", *WHY),
            WrongPassphrase,
        ),
        (
            "no reason",
            lambda actor, report: actions.open_report(actor, report.code, PASSPHRASE, WHY[0], "no"),
            RuleBroken,
        ),
        (
            "a colleague without the key",
            lambda actor, report: opened(member("keyless"), report),
            RuleBroken,
        ),
        (
            "a member of another authority",
            lambda actor, report: opened(
                member("stranger", at=organisation("Another Agency")), report
            ),
            Report.DoesNotExist,
        ),
        (
            "a supervisor of phones",
            lambda actor, report: opened(
                actor_of(user_with_role("field-supervisor", at=organisation())), report
            ),
            Report.DoesNotExist,
        ),
        (
            "a member for another country",
            lambda actor, report: opened(member("abroad", country="KEN"), report),
            Report.DoesNotExist,
        ),
        (
            "reading what nobody opened",
            lambda actor, report: actions.read_report(actor, report.code, *WHY),
            ReportContent.DoesNotExist,
        ),
        (
            "linking what nobody opened",
            lambda actor, report: actions.link_to_procedure(actor, report.code),
            RuleBroken,
        ),
    ]


@pytest.mark.parametrize(
    ("attempt", "refusal"), [case[1:] for case in refusals()], ids=[case[0] for case in refusals()]
)
def test_who_does_not_open_a_report_leaves_it_as_it_was(
    actor: Actor,
    sender: Sender,
    attempt: Callable[[Actor, Report], object],
    refusal: type[Exception],
) -> None:
    report = sender.send(identity=IDENTITY)
    with pytest.raises(refusal):
        attempt(actor, report)
    after = again(report)
    assert (after.state, after.read_at, after.flaw) == (ReportState.RECEIVED, None, "")
    assert after.payload
    assert not ReportContent.objects.exists()
    assert not Reading.objects.exists()


def test_an_ended_holder_a_superseded_and_a_destroyed_key(actor: Actor) -> None:
    unit, old, _code = unit_with_key(actor)
    early = Sender(unit).send()
    second = member("second")
    assert second.user_id is not None
    with cheap():
        code = unit_keys.hand_over(actor, old.pk, PASSPHRASE, second.user_id)
        unit_keys.take_over(second, old.pk, code, OTHER)
        unit_keys.make_key(actor, unit, PASSPHRASE)
    unit_keys.end_holder(actor, old.pk, second.user_id)
    with pytest.raises(RuleBroken) as caught:
        actions.open_report(second, early.code, OTHER, *WHY)
    assert caught.value.code == "key.holder"
    unit_keys.retire(actor, old.pk)
    assert opened(actor, early).content["note"] == NOTE
    unit_keys.ask_destruction(actor, old.pk)
    unit_keys.destroy(second, old.pk)
    assert actions.read_report(actor, early.code, *WHY).content["note"] == NOTE
    with pytest.raises(RuleBroken) as caught:
        actions.open_identity(actor, early.code, PASSPHRASE, *WHY)
    assert caught.value.code == "key.destroyed"


# --- What cannot be read ---------------------------------------------------------------------


def test_a_report_that_does_not_open_keeps_its_bytes_and_shows_a_flaw(
    actor: Actor, sender: Sender
) -> None:
    report = sender.send()
    damaged = bytes(report.payload or b"")
    Report.objects.filter(pk=report.pk).update(payload=damaged[:-1] + bytes([damaged[-1] ^ 1]))
    assert opened(actor, report).flaw == "not-opened"
    after = again(report)
    assert (after.state, after.flaw, after.read_at) == (ReportState.RECEIVED, "not-opened", None)
    assert after.payload
    assert after.due_at == report.due_at
    assert ReportStep.objects.get().facts == {"flaw": "not-opened"}
    actions.settle(actor, report.code, ReportState.INSUFFICIENT, "unreadable", note="Invented.")
    assert again(report).payload


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"note": "<b>bold</b> invented"}, "markup"),
        ({"colour": "blue"}, "unknown-field"),
        ({"age": "invented"}, "wrong-code"),
        ({"v": 2}, "version"),
    ],
    ids=str,
)
def test_a_content_that_is_not_understood_is_shown_as_it_came_and_never_lost(
    actor: Actor, sender: Sender, change: dict[str, Any], flaw: str
) -> None:
    report = sender.send(FULL | change)
    first = opened(actor, report)
    assert (first.flaw, first.content) == (flaw, {})
    assert json.loads(first.raw) == FULL | change
    after = again(report)
    assert (after.state, after.flaw) == (ReportState.OPENED, flaw)
    assert after.payload
    assert ReportContent.objects.get(report=report).signs == []
    assert json.loads(actions.read_report(actor, report.code, *WHY).raw) == FULL | change
    assert opened(actor, report).flaw == flaw


# --- The identity block ----------------------------------------------------------------------


def test_the_identity_block_takes_passphrase_and_reason_each_time(
    actor: Actor, sender: Sender
) -> None:
    report = sender.send(identity=IDENTITY)
    opened(actor, report)
    before = Reading.objects.count()
    assert actions.open_identity(actor, report.code, PASSPHRASE, *WHY).name == NAME
    assert Reading.objects.count() == before + 1
    assert Reading.objects.filter(fields=["identity"]).exists()
    with pytest.raises(WrongPassphrase):
        actions.open_identity(actor, report.code, OTHER, *WHY)
    with pytest.raises(RuleBroken):
        actions.open_identity(actor, report.code, PASSPHRASE, WHY[0], "no")
    with pytest.raises(RuleBroken) as caught:
        actions.open_identity(member("keyless"), report.code, OTHER, *WHY)
    assert caught.value.code == "key.holder"
    assert Reading.objects.count() == before + 1


def test_an_identity_block_that_is_not_as_it_must_be_is_named_and_shown_to_nobody(
    actor: Actor, sender: Sender
) -> None:
    report = sender.send(identity=IDENTITY | {"passport": "invented"})
    opened(actor, report)
    block = actions.open_identity(actor, report.code, PASSPHRASE, *WHY)
    assert (block.flaw, block.name) == ("unknown-field", "")


# --- Outcomes --------------------------------------------------------------------------------


def test_a_report_is_closed_with_a_reason_and_taken_up_again(actor: Actor, sender: Sender) -> None:
    report = sender.send()
    opened(actor, report)
    actions.settle(actor, report.code, ReportState.NO_CONCERN, "explained", note="Invented why.")
    closed = again(report)
    assert (closed.state, closed.due_at) == (ReportState.NO_CONCERN, None)
    assert actions.read_report(actor, report.code, *WHY).note == "Invented why."
    actions.take_up(actor, report.code, "new-facts")
    taken_up = again(report)
    assert taken_up.state == ReportState.OPENED
    assert taken_up.due_at is not None
    steps = [(step.state, step.reason) for step in ReportStep.objects.order_by("at", "id")]
    assert steps == [("opened", ""), ("no-concern", "explained"), ("opened", "new-facts")]
    entries = AuditEntry.objects.filter(code__startswith="report.").order_by("sequence")
    log = [entry.code for entry in entries]
    assert log[-3:] == ["report.opened", "report.settled", "report.taken_up"]


@pytest.mark.parametrize(
    ("age", "status"), [("child", "child"), ("maybe-child", "age-disputed"), ("adult", "adult")]
)
def test_a_new_procedure_begins_with_the_age_of_the_report(
    actor: Actor, sender: Sender, age: str, status: str
) -> None:
    report = sender.send(FULL | {"age": age})
    opened(actor, report)
    procedure = actions.link_to_procedure(actor, report.code)
    assert (procedure.age_status, procedure.country) == (status, report.receiver.country)
    content = ReportContent.objects.get(report=report)
    assert content.procedure == procedure
    assert content.keep_until == procedure.keep_until
    assert again(report).state == ReportState.LINKED


def test_a_later_report_of_a_child_makes_the_procedure_one_of_a_child_and_never_back(
    actor: Actor, sender: Sender
) -> None:
    ages = ("adult", "child", "adult")
    reports = [sender.send(FULL | {"age": age}) for age in ages]
    code = None
    known = []
    for report in reports:
        opened(actor, report)
        code = actions.link_to_procedure(actor, report.code, code).code
        known.append(Procedure.objects.get(code=code).age_status)
    assert known == ["adult", "child", "child"]
    assert Procedure.objects.count() == 1


def test_a_procedure_that_is_not_seen_cannot_be_linked(actor: Actor, sender: Sender) -> None:
    report = sender.send()
    opened(actor, report)
    with pytest.raises(Procedure.DoesNotExist):
        actions.link_to_procedure(actor, report.code, "K7Q-M2R")
    assert again(report).state == ReportState.OPENED


def test_only_a_person_says_that_a_report_repeats_another_and_can_take_it_back(
    actor: Actor, sender: Sender
) -> None:
    first, second = sender.send(), sender.send(FULL | {"language": ""})
    other_area = sender.send(FULL | {"area": "south"})
    for report in (first, second, other_area):
        opened(actor, report)
    content = queries.content_of(second)
    assert content is not None
    alike = queries.duplicates(actor, second, content)
    assert [each.code for each in alike] == [first.code]
    assert "the same area" in alike[0].agree
    assert again(second).state == ReportState.OPENED
    actions.settle(actor, second.code, ReportState.DUPLICATE, "same-person", repeats=first.code)
    assert queries.repeated_by(first) == [second.code]
    with pytest.raises(RuleBroken) as caught:
        actions.settle(actor, first.code, ReportState.DUPLICATE, "same-person", repeats=second.code)
    assert caught.value.code == "report.repeats"
    actions.take_up(actor, second.code, "closed-wrongly")
    assert queries.repeated_by(first) == []


def test_reports_of_two_units_never_repeat_each_other(actor: Actor, sender: Sender) -> None:
    elsewhere = Sender(unit_with_key(actor, name="Invented desk of the south")[0])
    one, other = sender.send(), elsewhere.send()
    for report in (one, other):
        opened(actor, report)
    content = queries.content_of(one)
    assert content is not None
    assert queries.duplicates(actor, one, content) == []
    with pytest.raises(RuleBroken) as caught:
        actions.settle(actor, one.code, ReportState.DUPLICATE, "same-person", repeats=other.code)
    assert caught.value.code == "report.other-unit"


def test_whoever_may_not_decide_gives_no_outcome(actor: Actor, sender: Sender) -> None:
    report = sender.send()
    opened(actor, report)
    reader = Actor(
        user_id=actor.user_id,
        permissions=actor.permissions - {"report:triage"},
        scopes=tuple(
            type(scope)(scope.role, scope.permissions - {"report:triage"}, scope.organisation_id)
            for scope in actor.scopes
        ),
    )
    for attempt in (
        lambda: actions.settle(reader, report.code, ReportState.NO_CONCERN, "explained"),
        lambda: actions.link_to_procedure(reader, report.code),
        lambda: actions.take_up(reader, report.code, "review"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert again(report).state == ReportState.OPENED
