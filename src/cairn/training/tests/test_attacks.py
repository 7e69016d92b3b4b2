"""What somebody hostile sends or asks for, and what answers: never a crash, never one person."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyrage
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import resolve, reverse
from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.oversight.models import Hold
from cairn.portfolio.models import AssistanceRequest
from cairn.training.actions import followup, reports, roster, selection
from cairn.training.bundles import container
from cairn.training.forms.attendance_marks import read_batch
from cairn.training.models import (
    Call,
    MergeDecision,
    NameKey,
    Nomination,
    Practitioner,
    Restriction,
    SeatAllocation,
    TrainingRequest,
    VettingCheck,
)
from cairn.training.openbadges import checking, jose
from cairn.training.openbadges.checking import Verdict
from cairn.training.queries import closing_people, desk, nominations
from cairn.training.queries import followup as survey_queries
from cairn.training.queries import tests as test_queries
from cairn.training.queries.closing_people import Slice
from cairn.training.rules.choices import InstrumentKind, SelectionOutcome, Sex
from cairn.training.rules.reports import Counted
from cairn.training.rules.roster import Criterion
from cairn.training.rules.states import ReportState
from cairn.training.subjects import forget
from cairn.training.tests import factories
from cairn.ui.headers import longest_body
from cairn.vault import keyring

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
DEEP = b"[" * 200_000


def code_of(refusal: pytest.ExceptionInfo[RuleBroken]) -> str:
    return refusal.value.code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("device", "phone\x00one"),
        ("code", "7K\ud800QM"),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("at", "9999-12-31T23:59:59-14:00"),
        ("sent_at", "0001-01-01T00:00:00+00:00"),
    ],
)
def test_marks_that_no_column_holds_are_refused_in_words(field: str, value: str) -> None:
    mark = {"id": "00000000-0000-4000-8000-000000000001", "session": None, "code": "7K-QM-3R"}
    mark |= {"kind": "in", "at": NOW.isoformat()}
    batch: dict[str, Any] = {"event": "T01", "marks": [mark]}
    (mark if field in {"code", "at"} else batch)[field] = value

    with pytest.raises(RuleBroken) as refusal:
        read_batch(json.dumps(batch).encode(), now=NOW)
    assert code_of(refusal) == "mark.shape"


def test_a_phone_that_lives_in_1970_is_still_heard() -> None:
    start = "1970-01-01T03:00:00+00:00"
    mark = {"id": "00000000-0000-4000-8000-000000000001", "kind": "in", "at": start}
    sent = json.dumps({"event": "T01", "sent_at": start, "marks": [mark]}).encode()
    (read,) = read_batch(sent, now=NOW).marks
    assert read.offset_seconds is not None
    assert -(2**31) < read.offset_seconds < 0


def test_a_certificate_nested_without_end_is_no_certificate() -> None:
    token = f"{jose.to_base64(DEEP)}.YQ.YQ"
    assert checking.check(token, {}, None, now=NOW).verdict == Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("lines", "code"),
    [([b"{}", DEEP], "bundle.signature"), ([DEEP, b"{}"], "bundle.signature")],
)
def test_a_bundle_nested_without_end_is_refused(lines: list[bytes], code: str) -> None:
    identity = pyrage.x25519.Identity.generate()
    recipient = identity.to_public()
    whole = container._outer(str(recipient)) + pyrage.encrypt(
        b"\n".join(lines) + b"\n", [recipient]
    )
    digest = container._digest(io.BytesIO(whole), len(whole))
    file = io.BytesIO(whole + container._END + digest.encode() + b"\n")

    with pytest.raises(RuleBroken) as refusal:
        container.check(file, str(identity), lambda *_given: False)
    assert code_of(refusal) == code


@pytest.mark.parametrize("name", ["kit-check-in", "kit-receipt-taken"])
def test_a_bundle_of_a_whole_week_fits_where_it_is_brought(name: str) -> None:
    args = [] if name == "kit-receipt-taken" else ["00000000-0000-4000-8000-000000000001"]
    view = resolve(reverse(f"training:{name}", args=args)).func
    assert longest_body(view) > 10 * 1024 * 1024


@pytest.mark.django_db
def test_a_phone_stays_out_once_its_participant_has_withdrawn() -> None:
    own = factories.enrolment(factories.event())
    assert test_queries.participant(own.pk) == own
    own.state = "withdrawn"
    own.save(update_fields=["state"])
    assert test_queries.participant(own.pk) is None


@pytest.mark.django_db
def test_who_sent_a_report_by_counts_does_not_check_it() -> None:
    sender, colleague = factories.officer("who-sends"), factories.officer("who-checks")
    facts = reports.ReportFacts(
        counts=[Counted("female", 6)],
        title="Invented course",
        organisation=factories.agency(),
        country="NPL",
        starts="2026-03-02",
    )
    sent = reports.report_by_counts(sender, facts)
    for act in (
        lambda: reports.move_report(sender, sent.pk, ReportState.PLAUSIBLE),
        lambda: reports.record_sample(sender, sent.pk, method="Called", asked=5, confirmed=5),
    ):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert code_of(refusal) == "cascade_report.own"
    reports.move_report(colleague, sent.pk, ReportState.PLAUSIBLE)
    reports.move_report(sender, sent.pk, ReportState.DISPUTED, "Counted twice after all.")


@pytest.mark.django_db
def test_who_recorded_a_check_does_not_select_whom_it_was_about() -> None:
    officer, other = factories.officer("who-vets"), factories.officer("who-sits")
    call = Call.objects.create(
        event=factories.event(), opens_on="2026-01-01", closes_on="2026-02-01"
    )
    SeatAllocation.objects.create(call=call, agency=factories.agency(), seats=2)
    who = factories.practitioner()
    nomination = Nomination.objects.create(
        call=call,
        practitioner=who,
        agency=factories.agency(),
        state="eligible",
        proposed_at=timezone.now(),
    )
    VettingCheck(
        data_key=who.data_key,
        practitioner=who,
        code="invented.v1",
        kind="security",
        state="cleared",
        requested_on="2026-01-01",
        decided_on="2026-01-05",
        valid_until="2099-01-01",
        recorded_by=officer.user_id,
    ).save(force_insert=True)
    assert officer.user_id
    assert other.user_id
    for decider, colleague in ((officer, other.user_id), (other, officer.user_id)):
        with pytest.raises(RuleBroken) as refusal:
            selection.decide(
                decider,
                "T01",
                {nomination.pk: SelectionOutcome.SELECTED},
                panel=[colleague],
                reason="Invented reason",
            )
        assert code_of(refusal) == "selection.vetted"


def test_whether_one_officer_completed_does_not_follow_from_a_closing_report() -> None:
    here = [
        Slice("Invented Large", "", Sex.MALE, "", "completed", 7),
        Slice("Invented Alone", "", Sex.FEMALE, "", "incomplete", 1),
    ]
    rows = closing_people._rows(here, lambda row: row.agency, True)
    assert [(row.total, row.completed) for row in rows] == [(7, None), (1, None)]
    (whole,) = closing_people._rows(here, lambda row: "all alike", True)
    assert (whole.total, whole.completed) == (8, 7)


@pytest.mark.django_db
def test_the_silence_of_one_woman_does_not_follow_from_the_rate_of_the_men() -> None:
    planner, event = factories.officer(), factories.event(state="delivered")
    for number in range(7):
        who = factories.practitioner(sex=Sex.MALE if number else Sex.FEMALE)
        factories.enrolment(event, who, state="completed", completed_on="2026-03-04")
    today = timezone.localdate()
    wave = followup.open_wave(
        planner,
        "T01",
        InstrumentKind.REACTION,
        months=0,
        opens_on=today,
        closes_on=today + timedelta(days=7),
    )
    assert [rate.value for _sex, rate in survey_queries.response_by_sex(wave)] == [None, None]


def joined() -> tuple[Practitioner, Practitioner]:
    kept, other = factories.practitioner("Invented Kept"), factories.practitioner("Invented Joined")
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
    NameKey.objects.create(practitioner=other, kind="words", digest="a" * 64)
    MergeDecision.objects.create(
        kept=kept,
        merged=other,
        reason="Both are called Invented Kept.",
        decided_by=kept.pk,
        decided_at=clock.now(),
    )
    return kept, other


@pytest.mark.django_db
@pytest.mark.parametrize("is_kept", [True, False])
def test_erasing_a_person_erases_every_record_that_was_joined_with_theirs(is_kept: bool) -> None:
    kept, other = joined()
    asked, twin = (kept, other) if is_kept else (other, kept)
    call = Call.objects.create(
        event=factories.event(), opens_on="2026-01-01", closes_on="2026-02-01"
    )
    Nomination.objects.create(
        call=call,
        practitioner=twin,
        agency=factories.agency(),
        answers={"motivation": "I am the only Invented Joined of my post."},
        proposed_at=timezone.now(),
    )

    forget(asked)

    twin.refresh_from_db()
    assert not keyring.exists([twin.data_key])
    assert twin.erased_on is not None
    assert not NameKey.objects.exists()
    assert Nomination.objects.get().answers == {}
    assert MergeDecision.objects.get().reason == "–"


@pytest.mark.django_db
def test_a_joined_record_that_a_court_keeps_is_not_erased_by_the_way() -> None:
    kept, other = joined()
    Hold(
        kind="trainee",
        subject_id=other.pk,
        code=other.code,
        reason="An invented order of a court.",
        placed_by=user_with_role("data-protection-officer", at=factories.agency()).pk,
        placed_at=clock.now(),
    ).save(force_insert=True)

    forget(kept)

    other.refresh_from_db()
    assert keyring.exists([other.data_key])
    assert other.erased_on is None


@pytest.mark.django_db
def test_the_desk_tells_neither_who_failed_nor_what_a_state_asked_for_to_who_may_not_see() -> None:
    event = factories.event(state="delivered")
    large, alone = factories.agency("Invented Large"), factories.agency("Invented Alone")
    for number in range(6):
        who = factories.practitioner(agency=large if number else alone)
        done = {"state": "completed", "completed_on": "2026-03-04"} if number else {}
        factories.enrolment(event, who, **(done or {"state": "incomplete"}))
    asked = AssistanceRequest.objects.create(
        reference="INV-1", requested_by="Invented State", request="Invented request", countries=[]
    )
    TrainingRequest.objects.create(request=asked, raised_at=event)
    officer = factories.officer()
    counts = factories.acting(user_with_role("statistics-officer", name="invented-counts"))

    told = desk.participants(event)
    assert [(row.count, row.completed) for row in told.by_agency] == [(5, None), (1, None)]
    assert [row.request for row in desk.requests_raised(event, officer)] == [asked]
    assert desk.requests_raised(event, counts) == []


@pytest.mark.django_db
def test_a_trainer_records_neither_their_own_observation_nor_one_in_another_name() -> None:
    event = factories.event()
    hopeful, today = factories.trainer(event), timezone.localdate()
    own = Practitioner.objects.get(user_id=hopeful.user_id)
    master, pupil = factories.practitioner("Invented Master"), factories.practitioner()
    for each in (master, pupil):
        factories.enrolment(event, each)
    grades = {each.value: 4 for each in Criterion}

    def record(about: Practitioner) -> None:
        roster.observe(
            hopeful, about.code, grades, observer=master.code, observed_on=today, event="T01"
        )

    for about in (own, pupil):
        with pytest.raises(PermissionDenied):
            record(about)


@pytest.mark.django_db
def test_an_officer_who_also_trains_decides_nothing_about_themselves() -> None:
    officer, today = factories.officer(), timezone.localdate()
    own = factories.practitioner(user_id=officer.user_id)
    master = factories.practitioner("Invented Master")
    held = Restriction.objects.create(practitioner=own, kind="conflict", since=today)

    with pytest.raises(RuleBroken) as refusal:
        roster.lift_restriction(officer, own.code, held.pk)
    assert code_of(refusal) == "roster.own"
    grades = {each.value: 4 for each in Criterion}
    with pytest.raises(RuleBroken) as refusal:
        roster.observe(officer, own.code, grades, observer=master.code, observed_on=today)
    assert code_of(refusal) == "observation.self"


@pytest.mark.django_db
@pytest.mark.parametrize(("women", "is_told"), [(1, False), (5, True)])
def test_the_way_of_women_does_not_tell_that_the_only_one_was_refused(
    women: int, is_told: bool
) -> None:
    call = Call.objects.create(
        event=factories.event(), opens_on="2026-01-01", closes_on="2026-02-01"
    )
    for number in range(5 + women):
        sex = Sex.MALE if number < 5 else Sex.FEMALE
        Nomination.objects.create(
            call=call,
            practitioner=factories.practitioner(sex=sex),
            agency=factories.agency(),
            state="eligible" if number else "not-eligible",
            proposed_at=timezone.now(),
        )
    steps = [row.count.step for row in nominations.sex_funnel(call)]
    assert ("cleared" in steps) is is_told
