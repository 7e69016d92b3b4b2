"""Attacks on reports, keys and decisions that once went through, or would if a guard were lost."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.identification.actions import held, intake, intake_rows, triage, unit_keys
from cairn.identification.actions.care import assess_best_interests
from cairn.identification.actions.duty import issue_token
from cairn.identification.actions.profiles import set_country_profile
from cairn.identification.actions.rights import step_reflection, tell_decision
from cairn.identification.models import (
    BestInterests,
    HeldEnvelope,
    KeyHolder,
    Report,
    ReportContent,
    ReportStep,
)
from cairn.identification.queries import rights as rights_queries
from cairn.identification.rules import held as held_rules
from cairn.identification.rules.care import BestOutcome, Question
from cairn.identification.rules.choices import HeldReason, ReportState
from cairn.identification.rules.procedures import State
from cairn.identification.rules.profiles import Profile, Right
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.telling import Telling, ToldHow, ToldTo
from cairn.identification.rules.triage import ClosedReason
from cairn.identification.subjects import forget_report
from cairn.identification.tests.factories import actor_of, authority, decide, procedure
from cairn.identification.tests.reception import (
    FULL,
    OTHER,
    PASSPHRASE,
    WHY,
    Sender,
    cheap,
    member,
    unit_with_key,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> Actor:
    return member("opener")


@pytest.fixture
def sender(actor: Actor) -> Sender:
    return Sender(unit_with_key(actor)[0])


def opened(actor: Actor, report: Report) -> ReportContent:
    triage.open_report(actor, report.code, PASSPHRASE, *WHY)
    return ReportContent.objects.select_related("report").get(report=report)


def supervisor(sender: Sender) -> Actor:
    at = sender.device.organisation
    return actor_of(user_with_role("field-supervisor", name="supervisor", at=at))


def held_for_its_clock(sender: Sender) -> tuple[dict[str, Any], HeldEnvelope]:
    item = sender.phone.report(clock.now() + timedelta(days=9), content=FULL)
    [result] = intake.receive([item], now=clock.now())
    assert result.reason == HeldReason.FUTURE_DATE
    return item, HeldEnvelope.objects.get(claimed_id=result.id)


# --- Envelopes -------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_clock_at_the_edge_of_time_is_held_before_any_page_has_to_count_with_it(
    sender: Sender, year: int
) -> None:
    made_at = datetime(year, 12 if year > 1 else 1, 1, tzinfo=UTC)
    [result] = intake.receive([sender.phone.report(made_at)], now=clock.now())
    assert (result.outcome, result.reason) == ("held", "unreadable")


def test_a_long_name_of_a_language_keeps_no_report_shut(actor: Actor, sender: Sender) -> None:
    content = opened(actor, sender.send({**FULL, "language": "zh-Hant-TW"}))
    assert content.language == "zh"
    assert content.report.flaw == ""


def test_a_number_pasted_with_hidden_signs_is_still_shown_and_without_them(
    actor: Actor, sender: Sender
) -> None:
    """Contacts put signs of direction around a number; pages escape what looks like markup."""
    given = {"v": 1, "name": "Zarquil <b", "phone": "\u202a+000 17\u202c", "note": "one\r\ntwo"}
    report = sender.send(identity=given)
    opened(actor, report)
    block = triage.open_identity(actor, report.code, PASSPHRASE, *WHY)
    assert block.flaw == ""
    assert (block.name, block.phone, block.note) == ("Zarquil <b", "+000 17", "one\ntwo")


def test_two_copies_of_one_phone_never_wait_for_each_other_in_a_circle(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows go in by phone and number: the order of ids differs between the copies."""
    orders = []
    insert = intake_rows.insert

    def noted(rows: Sequence[Report]) -> None:
        orders.append([row.sequence for row in rows])
        insert(rows)

    monkeypatch.setattr(intake_rows, "insert", noted)
    for step in (1, -1):
        sender.phone.sequence = 0
        ids = [f"{number:08x}-0000-4000-8000-00000000000{step % 3}" for number in range(6)]
        items = [sender.phone.report(clock.now(), id=each) for each in ids[::step]]
        intake.receive(items, now=clock.now())
    assert orders[0] == orders[1] == [1, 2, 3, 4, 5, 6]


# --- Erasure ---------------------------------------------------------------------------------


def test_an_erased_report_lives_on_in_nothing_that_was_held(actor: Actor, sender: Sender) -> None:
    item, row = held_for_its_clock(sender)
    held.release(supervisor(sender), row.pk, clock.now())
    report = Report.objects.get(pk=item["id"])
    forget_report(opened(actor, report))
    row.refresh_from_db()
    assert bytes(row.body) == b""
    [result] = intake.receive([item], now=clock.now())
    assert result.outcome == "duplicate"
    report.refresh_from_db()
    assert report.payload is None


def test_what_is_held_of_an_erased_report_cannot_be_released_again(
    actor: Actor, sender: Sender
) -> None:
    item, row = held_for_its_clock(sender)
    intake.receive([item], now=clock.now() + timedelta(days=8))
    forget_report(opened(actor, Report.objects.get(pk=item["id"])))
    with pytest.raises(RuleBroken) as refusal:
        held.release(supervisor(sender), row.pk, clock.now())
    assert refusal.value.code == "held.settled"
    row.refresh_from_db()
    assert row.settlement == held_rules.ARRIVED


def test_nothing_is_written_into_an_erased_report(actor: Actor, sender: Sender) -> None:
    report = sender.send()
    content = opened(actor, report)
    forget_report(content)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: triage.link_to_procedure(actor, report.code),
        lambda: triage.settle(
            actor,
            report.code,
            ReportState.NO_CONCERN,
            ClosedReason.EXPLAINED,
            note="Invented words",
        ),
        lambda: triage.take_up(actor, report.code, "new-facts"),
    )
    for number, attempt in enumerate(attempts):
        if number == 2:
            Report.objects.filter(pk=report.pk).update(state=ReportState.NO_CONCERN)
        with pytest.raises(RuleBroken) as refusal:
            attempt()
        assert refusal.value.code == "report.erased"
    assert ReportContent.objects.get(report=report).keep_until is None


# --- Reception keys --------------------------------------------------------------------------


def test_a_key_is_not_destroyed_while_somebody_may_still_release_what_is_sealed_to_it(
    actor: Actor, sender: Sender
) -> None:
    _item, row = held_for_its_clock(sender)
    key = sender.device.receiver.keys.get()
    with cheap():
        unit_keys.make_key(actor, sender.device.receiver, PASSPHRASE)
    unit_keys.ask_destruction(actor, key.pk)
    second = member("second")
    with pytest.raises(RuleBroken) as refusal:
        unit_keys.destroy(second, key.pk)
    assert refusal.value.code == "key.unopened"
    held.close(supervisor(sender), row.pk, held_rules.Closing.TEST, clock.now())
    assert unit_keys.destroy(second, key.pk).destroyed_at is not None


def test_whoever_lost_the_key_does_not_come_back_by_a_code_of_before(actor: Actor) -> None:
    _unit, key, recovery = unit_with_key(actor)
    colleague = member("colleague")
    with cheap():
        code = unit_keys.hand_over(actor, key.pk, PASSPHRASE, person_of(colleague))
        unit_keys.recover(colleague, key.pk, recovery, OTHER)
    unit_keys.end_holder(actor, key.pk, colleague.user_id)
    with pytest.raises(RuleBroken) as refusal, cheap():
        unit_keys.take_over(colleague, key.pk, code, OTHER)
    assert refusal.value.code == "key.handover"
    assert not KeyHolder.objects.filter(user_id=colleague.user_id, ended_at=None).exists()


def person_of(actor: Actor) -> UUID:
    assert actor.user_id is not None
    return actor.user_id


# --- Decisions and rights --------------------------------------------------------------------


def law(ends: frozenset[Right]) -> None:
    set_country_profile(
        actor_of(user_with_role("administrator", name=f"invented-{len(ends)}")),
        Profile(
            country="NPL",
            source="Invented Act",
            review_days=0,
            ends={State.CONCLUSIVE_NEGATIVE: ends},
        ),
    )


def test_a_law_that_comes_after_a_refusal_ends_nothing_by_it() -> None:
    law(frozenset())
    officer = authority()
    made = procedure(officer)
    decide(
        officer,
        made,
        State.UNDER_ASSESSMENT,
        State.REASONABLE_GROUNDS,
        State.CONCLUSIVE_NEGATIVE,
    )
    law(frozenset({Right.NO_REMOVAL}))
    today = timezone.localdate()
    tell_decision(officer, made.code, 3, Telling(today, ToldTo.PERSON, ToldHow.BOTH, "ne"))
    later = today + timedelta(days=400)
    barred = [
        line.holds
        for line in rights_queries.rights_of(made, later)
        if line.right is Right.NO_REMOVAL
    ]
    assert barred == [True]


@pytest.mark.parametrize("wish", [Reflection.COOPERATION, Reflection.NO_COOPERATION])
def test_no_word_on_the_police_makes_the_time_for_reflection_a_day_shorter(
    wish: Reflection,
) -> None:
    officer = authority()
    made, today = procedure(officer), timezone.localdate()
    decide(officer, made, State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    for step in (Reflection.OFFERED, Reflection.RUNNING, wish):
        step_reflection(officer, made.code, step, on=today)
    last = today + timedelta(days=29)
    held_then = {line.right for line in rights_queries.rights_of(made, last) if line.holds}
    assert {Right.REFLECTION, Right.NO_REMOVAL, Right.ASSISTANCE} <= held_then


def test_the_duty_check_is_sent_in_its_full_length_to_every_browser() -> None:
    officer = authority()
    token = issue_token(officer, procedure(officer).code)
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(user_with_role("front-line-officer"))
    answer = client.post("/duty/", {"token": token})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding", "identity") == "identity"


def test_steps_are_neither_changed_nor_removed_in_many_at_once(
    actor: Actor, sender: Sender
) -> None:
    opened(actor, sender.send())
    made = procedure(actor)
    step = assess_best_interests(
        actor,
        made.code,
        question=Question.INTERVIEW,
        outcome=BestOutcome.NO,
        assessed_on=timezone.localdate(),
    )
    step.outcome = BestOutcome.YES
    attempts: tuple[Callable[[], object], ...] = (
        lambda: ReportStep.objects.update(reason=""),
        lambda: ReportStep.objects.all().delete(),
        lambda: BestInterests.objects.update(outcome=BestOutcome.YES),
        lambda: step.save(update_fields=["outcome"]),
    )
    for attempt in attempts:
        with pytest.raises(TypeError):
            attempt()


# --- Files of partners -----------------------------------------------------------------------


def bring(client: Client, unit: str, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("file.csv", content)
    return client.post("/htcds/bring/", {"unit": unit, "file": file, **more})


def partner(name: str) -> Client:
    client = Client()
    sign_in(client, user_with_role("intake-partner", name=name, at=organisation(name)))
    return client


def test_two_partners_who_number_their_rows_alike_lose_nothing(actor: Actor) -> None:
    unit = unit_with_key(actor)[0].code
    content = b"prs_Gender,prs_PrimaryLanguage,key\nFemale,npi,17\n"
    for number, name in enumerate(("Invented one", "Invented two"), 1):
        client = partner(name)
        looked = bring(client, unit, content)
        assert (looked.context["new"], looked.context["here"]) == (1, 0)
        bring(client, unit, content, seen=looked.context["found"].digest)
        assert Report.objects.count() == number
        assert bring(client, unit, content).context["here"] == 1


def test_half_a_sign_in_a_file_is_refused_and_no_fault(actor: Actor) -> None:
    unit = unit_with_key(actor)[0].code
    content = b'[{"prs_Gender": "Female", "key": "\\ud800"}]'
    assert bring(partner("Invented one"), unit, content).status_code in {200, 409, 422}
