"""Certificates: who has earned one, how they live, and what a checker learns of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.models import Reading
from cairn.training.actions import credentials as actions
from cairn.training.actions.credentials_print import badge_of, print_event, print_one
from cairn.training.actions.credentials_types import add_standard_types, keep_type
from cairn.training.models import (
    CoursePlan,
    Credential,
    Enrolment,
    Practitioner,
    TeamMember,
    TrainerQualification,
    TrainingConsent,
    TrainingEvent,
)
from cairn.training.openbadges import badge, compact
from cairn.training.openbadges.checking import Verdict
from cairn.training.queries import credentials as queries
from cairn.training.queries import credentials_check as checks
from cairn.training.rules.choices import CredentialKind, LadderStep
from cairn.training.rules.states import CredentialState, EnrolmentState, EventState
from cairn.training.testing import personal_codes
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db

REASON = "Certificates for an invented training"
PLACES = checks.Places(
    page="https://training.example.org/check/",
    issuer="https://training.example.org/check/issuer/",
    lists="https://training.example.org/check/list/",
    name="training.example.org",
)
ATTENDANCE, ACHIEVEMENT = CredentialKind.ATTENDANCE, CredentialKind.ACHIEVEMENT


@pytest.fixture
def officer() -> Actor:
    made = factories.officer()
    add_standard_types(made)
    return made


@pytest.fixture
def event() -> TrainingEvent:
    """A delivered event of 100 minutes whose plan asks for 80 % and a test."""
    plan = CoursePlan.objects.create(code="invented", title="Invented plan", cut_score="0.700")
    made = factories.event("T01", state=EventState.DELIVERED, plan=plan)
    factories.session(made, minutes=100)
    return made


def enrolled(
    event: TrainingEvent, name: str = "Nobody Invented", *, agrees: bool = True, **values: Any
) -> Enrolment:
    person = factories.practitioner(name, organisation=event.organisation)
    if agrees:
        consent(person)
    given: dict[str, Any] = {"state": EnrolmentState.COMPLETED, "minutes_present": 100}
    given |= {"completed_on": date(2026, 3, 4), "code": personal_codes.drawn(())}
    return factories.enrolment(event, person, **given | values)


def consent(person: Practitioner) -> TrainingConsent:
    return TrainingConsent.objects.create(
        practitioner=person,
        purpose=TrainingConsent.Purpose.CERTIFICATE,
        wording_version="1",
        language="en",
        method="signed",
        given_at=timezone.now(),
    )


def only(kind: CredentialKind = ACHIEVEMENT) -> Credential:
    return queries.whole(Credential.objects.filter(type__kind=kind)).get()


def verdict(credential: Credential, *, days: int = 0) -> Verdict:
    found = Credential.objects.select_related("type", "event").get(pk=credential.pk)
    return queries.verdict_of(found, now=clock.now() + timedelta(days=days))


def test_attendance_and_achievement_follow_from_their_own_rules(
    officer: Actor, event: TrainingEvent
) -> None:
    passed = enrolled(event)
    failed = enrolled(event, minutes_present=80, state=EnrolmentState.INCOMPLETE, completed_on=None)
    absent = enrolled(event, minutes_present=79, state=EnrolmentState.INCOMPLETE, completed_on=None)
    due = {line.enrolment.pk: line.due for line in queries.lines(event)}
    assert due == {
        passed.pk: (ATTENDANCE, ACHIEVEMENT),
        failed.pk: (ATTENDANCE,),
        absent.pk: (),
    }
    issued = actions.issue_for_event(officer, "T01", reason=REASON)
    held = {(each.practitioner_id, each.type.kind) for each in issued.credentials}
    assert held == {
        (passed.practitioner_id, "attendance"),
        (passed.practitioner_id, "achievement"),
        (failed.practitioner_id, "attendance"),
    }
    with pytest.raises(RuleBroken) as again:
        actions.issue_for_event(officer, "T01", reason=REASON)
    assert again.value.code == "credential.nobody-due"
    assert Credential.objects.count() == len({row.status_index for row in Credential.objects.all()})


def test_where_nothing_was_tested_there_is_attendance_only(event: TrainingEvent) -> None:
    CoursePlan.objects.update(cut_score=None)
    event.refresh_from_db()
    enrolled(event)
    (line,) = queries.lines(event)
    assert line.due == (ATTENDANCE,)
    assert line.lacks == ("Nothing was tested, so there is attendance only.",)


def test_a_name_is_opened_and_signed_only_for_whoever_agreed(
    officer: Actor, event: TrainingEvent
) -> None:
    named, nameless = (
        enrolled(event, "Named Invented"),
        enrolled(event, "Shy Invented", agrees=False),
    )
    withdrawn = enrolled(event, "Withdrawn Invented")
    TrainingConsent.objects.filter(practitioner=withdrawn.practitioner).update(
        withdrawn_at=timezone.now()
    )
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    (reading,) = Reading.objects.all()
    assert list(reading.subjects.values_list("subject_id", flat=True)) == [named.practitioner_id]
    sealed = {row.practitioner_id: bool(row.name_form) for row in Credential.objects.all()}
    assert sealed == {
        named.practitioner_id: True,
        nameless.practitioner_id: False,
        withdrawn.practitioner_id: False,
    }
    facts = [entry.facts for entry in AuditEntry.objects.filter(code="credential.issued")]
    assert "Invented" not in str(facts)


@pytest.mark.parametrize("state", [EventState.CONFIRMED, EventState.RUNNING, EventState.CANCELLED])
def test_an_event_that_was_not_delivered_certifies_nobody(
    officer: Actor, event: TrainingEvent, state: EventState
) -> None:
    enrolled(event)
    TrainingEvent.objects.update(state=state)
    with pytest.raises(RuleBroken) as refused:
        actions.issue_for_event(officer, "T01", reason=REASON)
    assert refused.value.code == "credential.not-delivered"


def test_who_may_not_issue_or_revoke(officer: Actor, event: TrainingEvent) -> None:
    enrolled(event)
    trainer = factories.trainer(event)
    elsewhere = factories.officer("other-officer", at=factories.agency("Other Invented Agency"))
    for actor in (trainer, elsewhere):
        with pytest.raises(PermissionDenied):
            actions.issue_for_event(actor, "T01", reason=REASON)
    with pytest.raises(TrainingEvent.DoesNotExist):
        actions.issue_for_event(PUBLIC, "T01", reason=REASON)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    with pytest.raises(PermissionDenied):
        actions.revoke(trainer, only().code, REASON)
    with pytest.raises(Credential.DoesNotExist):
        actions.revoke(elsewhere, only().code, REASON)
    assert only().state == CredentialState.ISSUED


def test_the_life_of_a_certificate_is_told_in_its_history(
    officer: Actor, event: TrainingEvent
) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    code = only().code
    assert verdict(only()) == Verdict.VALID
    actions.suspend(officer, code, "A doubt about the marks")
    assert verdict(only()) == Verdict.SUSPENDED
    actions.reinstate(officer, code, "The doubt was cleared")
    actions.revoke(officer, code, "Somebody else sat the test")
    assert verdict(only()) == Verdict.REVOKED
    told = queries.history(only(), officer)
    assert [(each.what, each.why) for each in told[:2]] == [
        ("revoked the certificate.", "Somebody else sat the test"),
        ("reinstated the certificate.", "The doubt was cleared"),
    ]
    assert {each.who for each in told} == {"You"}
    with pytest.raises(RuleBroken) as refused:
        actions.reinstate(officer, code, "It was a mistake")
    assert refused.value.code == "credential.move"
    with pytest.raises(RuleBroken) as short:
        actions.revoke(officer, code, "  ")
    assert short.value.code == "credential.reason"
    actions.replace(officer, code, "The wrong one was revoked")
    states = sorted(Credential.objects.values_list("state", flat=True))
    assert states == ["issued", "revoked"]


def test_expiry_is_computed_and_a_renewal_is_a_record_of_its_own(
    officer: Actor, event: TrainingEvent
) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    old = only()
    assert old.valid_until is not None
    left = (old.valid_until - timezone.localdate()).days
    assert (verdict(old, days=left), verdict(old, days=left + 1)) == (
        Verdict.VALID,
        Verdict.EXPIRED,
    )
    new = actions.renew(officer, old.code, REASON, valid_from=date(2027, 1, 31))
    assert (new.successor_of, new.valid_until) == (old, date(2030, 1, 30))
    assert new.code != old.code
    old.refresh_from_db()
    assert (old.state, old.valid_from) == (CredentialState.SUPERSEDED, timezone.localdate())
    with pytest.raises(RuleBroken) as twice:
        actions.renew(officer, old.code, REASON)
    assert twice.value.code == "credential.succeeded"


def test_trainers_assessors_and_team_members_rest_on_what_is_on_record(officer: Actor) -> None:
    person = factories.practitioner(organisation=factories.agency())
    today = timezone.localdate()

    def certify(kind: str) -> Credential:
        return actions.issue_to(officer, person.code, kind, valid_from=today, reason=REASON)

    for kind in ("trainer", "assessor", "team-member"):
        with pytest.raises(RuleBroken) as refused:
            certify(kind)
        assert refused.value.code == "credential.no-basis"
    with pytest.raises(RuleBroken) as of_event:
        certify("attendance")
    assert of_event.value.code == "credential.of-event"
    held = {"practitioner": person, "family": "invented", "language": "en", "since": today}
    for level in (LadderStep.ASSISTANT, LadderStep.LEAD):
        TrainerQualification.objects.create(
            level=level, basis="Invented", is_assessor=level == LadderStep.LEAD, **held
        )
    assert certify("trainer").level == LadderStep.LEAD
    assert certify("assessor").type.kind == CredentialKind.ASSESSOR
    with pytest.raises(RuleBroken) as twice:
        certify("trainer")
    assert twice.value.code == "credential.held"
    TrainerQualification.objects.update(valid_until=today)
    with pytest.raises(RuleBroken) as lapsed:
        actions.renew(
            officer, only(CredentialKind.TRAINER).code, REASON, valid_from=today + timedelta(days=1)
        )
    assert lapsed.value.code == "credential.no-basis"
    assert not TeamMember.objects.exists()


def test_the_published_lists_say_at_once_what_was_decided(
    officer: Actor, event: TrainingEvent
) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    found, now = only(), clock.now()
    token = checks.signed_without_name(found)
    assert checks.by_token(token, PLACES, now=now).verdict == Verdict.VALID
    actions.suspend(officer, found.code, REASON)
    assert checks.by_token(token, PLACES, now=now).verdict == Verdict.SUSPENDED
    actions.revoke(officer, found.code, REASON)
    answer = checks.by_token(token, PLACES, now=now)
    assert (answer.verdict, answer.is_stale) == (Verdict.REVOKED, False)
    late = now + timedelta(days=30)
    assert checks.by_token(token, PLACES, now=late).as_of is not None


def test_a_code_tells_everything_but_the_name(officer: Actor, event: TrainingEvent) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    code = only().code
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        found = checks.by_code(typed, now=clock.now())
        assert found is not None
        assert found.certificate is not None
        assert (found.certificate.title, found.certificate.holder) == (event.title, "")
    for typed in ("222-222-222", "K7Q", "", "x" * 500):
        assert checks.by_code(typed, now=clock.now()) is None


def test_ones_own_certificates_take_both_codes(officer: Actor, event: TrainingEvent) -> None:
    mine, other = enrolled(event), enrolled(event)
    event.join_code = "K7Q-M2R"
    event.save()
    actions.issue_for_event(officer, "T01", reason=REASON)
    found = checks.own("k7q m2r", mine.personal_code.lower(), now=clock.now())
    assert found is not None
    assert {row.practitioner_id for row, _verdict in found.held} == {mine.practitioner_id}
    assert {row.type.kind for row, _verdict in found.held} == {"attendance", "achievement"}
    assert checks.own("X22-222", mine.personal_code, now=clock.now()) is None
    assert checks.own("K7Q-M2R", "22-22-22", now=clock.now()) is None
    assert other.personal_code != mine.personal_code


def test_certificates_leave_as_paper_and_as_badges_for_a_reason(
    officer: Actor, event: TrainingEvent
) -> None:
    for number in range(3):
        enrolled(event, f"Invented Number {number}")
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    first, second, third = Credential.objects.order_by("code")
    actions.revoke(officer, first.code, REASON)
    printed = print_event(officer, "T01", REASON, PLACES.page)
    assert (printed.count, printed.pdf[:5]) == (2, b"%PDF-")
    with pytest.raises(RuleBroken) as refused:
        print_one(officer, first.code, REASON, PLACES.page)
    assert refused.value.code == "credential.nothing-to-print"
    content = badge.opened(badge_of(officer, second.code, REASON, PLACES.as_issuer), checks.keys())
    assert content["id"] == f"{PLACES.page}{second.code}"
    assert content["credentialSubject"]["identifier"][0]["identityHash"].startswith("Invented")
    assert Reading.objects.filter(kind="credential").count() == 2
    vetting = factories.acting(
        user_with_role("vetting-officer", name="vetting", at=event.organisation)
    )
    assert print_one(vetting, third.code, REASON, PLACES.page).count == 1
    elsewhere = factories.officer("elsewhere", at=factories.agency("Other Invented Agency"))
    with pytest.raises(Credential.DoesNotExist):
        print_one(elsewhere, third.code, REASON, PLACES.page)


def test_an_erased_person_leaves_no_name_in_any_certificate(
    officer: Actor, event: TrainingEvent
) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    found = only()
    assert found.data_key == found.practitioner.data_key
    assert found.token
    assert compact.token_in(str(found.token)) == ""


def test_the_kind_of_a_type_that_was_issued_stays(officer: Actor, event: TrainingEvent) -> None:
    enrolled(event)
    actions.issue_for_event(officer, "T01", [ACHIEVEMENT], REASON)
    texts = {"en": {"name": "Invented", "criteria": "Invented"}}
    changed = keep_type(officer, "achievement", kind=ACHIEVEMENT, texts=texts, validity_months=None)
    assert changed.validity_months is None
    with pytest.raises(RuleBroken) as refused:
        keep_type(officer, "achievement", kind=ATTENDANCE, texts=texts, validity_months=None)
    assert refused.value.code == "credential_type.kind"
    assert add_standard_types(officer) == []
    assert set(queries.types(SYSTEM).get(code="trainer").texts) == {"en", "fr", "ar"}
