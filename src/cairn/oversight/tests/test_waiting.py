"""What waits for whom: right people, right number, right clock; empty groups are left out."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import actor_with_role, organisation, user_with_role
from cairn.core import clock
from cairn.core.actor import PUBLIC, Actor
from cairn.oversight.actions.alerts import raise_alert
from cairn.oversight.actions.break_glass import break_glass, review_break_glass
from cairn.oversight.actions.desk import record_request, report_incident
from cairn.oversight.actions.erasures import ask_erasure, refuse_erasure
from cairn.oversight.actions.exports import ask_export, decide_export
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.models.desk import IncidentKind, Severity, Wish
from cairn.oversight.queries.waiting import Waiting, waiting
from cairn.oversight.rules import ReviewState
from cairn.oversight.tests.conftest import Wait
from cairn.oversight.tests.factories import NOTE, REASON, elsewhere, officer
from cairn.referral.models import Person
from cairn.referral.tests.factories import person, provider

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Actor:
    return officer()


@pytest.fixture
def worker() -> Actor:
    return provider()


def group(actor: Actor, href: str) -> Waiting | None:
    """The group that leads to `href`, as `actor` is told of it."""
    found = [each for each in waiting(actor) if each.href.split("?")[0].endswith(f"/{href}/")]
    assert len(found) <= 1
    return found[0] if found else None


def count(actor: Actor, href: str) -> int:
    found = group(actor, href)
    return found.count if found else 0


def test_nothing_waits_where_nothing_happened(desk: Actor, worker: Actor) -> None:
    assert waiting(desk) == waiting(worker) == []
    with pytest.raises(PermissionDenied):
        waiting(PUBLIC)


def test_emergency_accesses_wait_for_another_reviewer_until_they_are_reviewed(
    desk: Actor, worker: Actor
) -> None:
    access = break_glass(elsewhere(), "person", person(worker).code, REASON)
    assert count(desk, "emergency/all") == 1
    assert group(desk, "emergency/all").clock == access.opened_at  # type: ignore[union-attr]
    assert count(worker, "emergency/all") == 0
    review_break_glass(desk, access.pk, ReviewState.JUSTIFIED, NOTE)
    assert count(desk, "emergency/all") == 0


def test_exports_wait_for_approval_and_then_for_who_asked(
    desk: Actor, worker: Actor, wait: Wait
) -> None:
    asked = ask_export(worker, "person", organisation().pk, [], REASON)
    assert (count(desk, "exports"), count(worker, "exports")) == (1, 0)
    decide_export(desk, asked.pk, approve=True)
    assert (count(desk, "exports"), count(worker, "exports")) == (0, 1)
    assert group(worker, "exports").is_due  # type: ignore[union-attr]
    wait(DAY)
    assert count(worker, "exports") == 0


def test_an_export_whose_time_is_over_waits_for_nobody(
    desk: Actor, worker: Actor, wait: Wait
) -> None:
    ask_export(worker, "person", organisation().pk, [], REASON)
    wait(DAY)
    assert count(desk, "exports") == 0


def test_erasures_wait_for_somebody_else_than_who_asked(desk: Actor, worker: Actor) -> None:
    asked = ask_erasure(desk, "person", person(worker).code, REASON)
    second = officer("second")
    assert (count(desk, "erasures"), count(second, "erasures")) == (0, 1)
    refuse_erasure(second, asked.pk, NOTE)
    assert count(second, "erasures") == 0


def test_requests_and_incidents_wait_with_the_nearest_limit(desk: Actor, worker: Actor) -> None:
    today = clock.now().date()
    for ago in (3, 20, 0):
        record_request(
            desk,
            Wish.ACCESS,
            received_on=today - ago * DAY,
            who="",
            safe_channel="",
            statement="",
        )
    found = group(desk, "requests")
    assert found is not None
    assert (found.count, found.clock, found.is_due) == (3, today + 10 * DAY, True)
    aware = clock.now() - DAY
    for moment in (aware, clock.now()):
        report_incident(worker, IncidentKind.OTHER, Severity.LOW, aware_at=moment, description=NOTE)
    found = group(desk, "incidents")
    assert found is not None
    assert (found.count, found.clock) == (2, aware + 3 * DAY)
    assert count(worker, "incidents") == 0


def test_findings_of_the_watch_and_records_past_their_time_wait_for_the_desk(
    desk: Actor, worker: Actor
) -> None:
    raise_alert(AlertKind.MANY_PERSONS, window="invented", actor_id=worker.user_id)
    made = person(worker)
    Person.objects.filter(pk=made.pk).update(keep_until=timezone.localdate() - DAY)
    assert (count(desk, "alerts"), count(desk, "retention")) == (1, 1)
    assert (count(worker, "alerts"), count(worker, "retention")) == (0, 0)


def test_notices_wait_for_whom_they_are_for(desk: Actor, worker: Actor) -> None:
    break_glass(elsewhere(), "person", person(worker).code, REASON)
    assert count(worker, "notices") == count(desk, "notices") == 1
    bystander = provider("bystander", at=organisation("Invented Third"))
    assert waiting(bystander) == []


def test_roles_wait_for_a_second_person(desk: Actor) -> None:
    member = user_with_role("trainer").memberships.get()
    member.confirmed_at = None
    member.save()
    assert count(desk, "people") == 1
    assert waiting(actor_with_role("donor")) == []
