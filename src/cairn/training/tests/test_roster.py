"""Trainers on record: level, observation, days, restrictions, and the roster's page."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.errors import RuleBroken
from cairn.oversight.models import Reading
from cairn.training.actions import roster as actions
from cairn.training.models import Practitioner, Restriction, Staffing
from cairn.training.queries import roster as queries
from cairn.training.rules.choices import AvailabilityKind, LadderStep, RestrictionKind, StaffRole
from cairn.training.rules.roster import Criterion, Fact, Standing
from cairn.training.tests.factories import (
    agency,
    event,
    officer,
    practitioner,
    session,
    staffing,
    trainer,
)
from cairn.training.tests.roster_scene import FAMILY, delivered, listed

pytestmark = pytest.mark.django_db
GOOD = dict.fromkeys([each.value for each in Criterion], 3)
DAY = timedelta(days=1)


def test_the_roster_tells_each_status_with_its_reason_in_a_constant_number_of_queries() -> None:
    actor, today = officer(), timezone.localdate()
    taught = delivered("D01")
    current = listed(taught=taught)
    lapsed = listed(is_vetted=False)

    def asked() -> tuple[dict[str, Standing], int]:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            rows = queries.trainers(actor, queries.Filters(), today=today)
        return {row.practitioner.code: row.status.standing for row in rows}, len(counted)

    found, few = asked()
    assert found == {current.code: Standing.CURRENT, lapsed.code: Standing.LAPSED}
    for _number in range(3):
        listed(taught=taught)
    assert asked()[1] == few
    only = queries.trainers(actor, queries.Filters(standing="lapsed"), today=today)
    assert [row.practitioner.code for row in only] == [lapsed.code]
    assert only[0].status.reasons[0].fact == Fact.VETTING


def test_a_level_is_decided_only_when_the_record_reaches_it_or_it_was_earned_elsewhere() -> None:
    actor = officer()
    person = listed(level=None)
    with pytest.raises(RuleBroken, match="a training of trainers, passed"):
        actions.award_level(actor, person.code, FAMILY, "en", LadderStep.PARTICIPANT, basis="x")
    made = actions.award_level(
        actor, person.code, FAMILY, "en", LadderStep.ASSISTANT, basis="Invented", is_recognised=True
    )
    assert made.valid_until == made.since.replace(year=made.since.year + 3)
    with pytest.raises(RuleBroken) as refusal:
        actions.award_level(
            actor, person.code, FAMILY, "en", LadderStep.ASSISTANT, basis="y", is_recognised=True
        )
    assert refusal.value.code == "roster.once"


def test_supervised_sessions_and_an_observation_make_a_co_trainer() -> None:
    actor, today = officer(), timezone.localdate()
    person, observer = listed(level=LadderStep.ASSISTANT), listed(level=LadderStep.MASTER)
    at = delivered("D01")
    for position in range(1, 4):
        session(at, position)
    over = staffing(at, observer, role=StaffRole.LEAD)
    staffing(at, person, role=StaffRole.ASSISTANT, supervised_by=over)
    place = queries.find_trainer(actor, person.code, today=today).place
    assert (place.next, [each.condition for each in place.missing]) == (
        LadderStep.CO_TRAINER,
        ["observed"],
    )
    seen = actions.observe(
        actor, person.code, GOOD, observer=observer.code, observed_on=today, event="D01"
    )
    assert seen.is_passed
    made = actions.award_level(
        actor, person.code, FAMILY, "en", LadderStep.CO_TRAINER, basis="Ladder"
    )
    assert made.level == "co-trainer"


def test_an_observation_needs_a_fit_observer_and_is_kept_when_not_passed() -> None:
    actor, today = officer(), timezone.localdate()
    person, master = listed(level=LadderStep.ASSISTANT), listed(level=LadderStep.MASTER)
    with pytest.raises(RuleBroken) as refusal:
        actions.observe(actor, master.code, GOOD, observer=person.code, observed_on=today)
    assert refusal.value.code == "observation.observer"
    weak = actions.observe(
        actor, person.code, GOOD | {"safety": 2}, observer=master.code, observed_on=today
    )
    assert (weak.is_passed, weak.verdict) == (False, "not-yet")


def test_a_trainer_says_own_days_and_decides_nothing_about_others() -> None:
    at = event("T05")
    acting = trainer(at)
    own = Practitioner.objects.get(user_id=acting.user_id)
    first = timezone.localdate()
    said = actions.say_availability(acting, own.code, AvailabilityKind.AWAY, first, first + DAY)
    again = actions.say_availability(acting, own.code, AvailabilityKind.AWAY, first, first + DAY)
    assert said.pk == again.pk
    with pytest.raises(PermissionDenied):
        actions.restrict(acting, own.code, RestrictionKind.POSTING, first)
    with pytest.raises(RuleBroken, match="before it begins"):
        actions.say_availability(acting, own.code, AvailabilityKind.AWAY, first, first - DAY)
    actions.take_back_availability(acting, own.code, said.pk)
    assert not own.availability.exists()


def test_a_restriction_holds_back_until_it_is_lifted() -> None:
    actor, today = officer(), timezone.localdate()
    person = listed(taught=delivered("D01"))
    held = actions.restrict(actor, person.code, RestrictionKind.CONFLICT, today - DAY)
    found = queries.find_trainer(actor, person.code, today=today)
    assert (found.status.standing, found.status.can_be_asked) == (Standing.CURRENT, False)
    actions.lift_restriction(actor, person.code, held.pk)
    assert Restriction.objects.get().until == today - DAY
    assert queries.find_trainer(actor, person.code, today=today).status.can_be_asked


def test_another_organisation_sees_no_trainer() -> None:
    person = listed()
    stranger = officer("invented-stranger", at=agency("Invented Other Agency"))
    with pytest.raises(Practitioner.DoesNotExist):
        queries.find_trainer(stranger, person.code, today=timezone.localdate())
    with pytest.raises(Practitioner.DoesNotExist):
        actions.list_trainer(stranger, person.code)


def test_the_pages_show_codes_and_open_names_only_for_a_reason(client: Client) -> None:
    user = user_with_role("training-officer", name="invented-officer", at=agency())
    sign_in(client, user)
    person = listed(taught=delivered("D01"))
    page = client.get(reverse("training:trainers")).content.decode()
    assert person.code in page
    assert "Invented Trainer" not in page
    one = client.get(reverse("training:trainer", args=[person.code])).content.decode()
    assert "The last delivery was on" in one
    assert "Invented Trainer" not in one
    refused = client.post(reverse("training:trainers-open"), {"reason": ""})
    assert refused.status_code == 422
    assert "Invented Trainer" not in refused.content.decode()
    opened = client.post(
        reverse("training:trainers-open"), {"reason": "To invite them to the invented course."}
    )
    assert "Invented Trainer" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    assert Reading.objects.count() == 1


def test_forms_record_a_level_an_observation_and_days(client: Client) -> None:
    user = user_with_role("training-officer", name="invented-officer", at=agency())
    sign_in(client, user)
    person, master = listed(level=None), listed(level=LadderStep.MASTER)
    today = timezone.localdate().isoformat()

    def sent(name: str, given: Mapping[str, object]) -> int:
        return client.post(reverse(f"training:{name}", args=[person.code]), given).status_code

    level = {"family": FAMILY, "language": "en", "level": "lead", "basis": "b", "since": today}
    assert sent("trainer-level", level) == 409
    assert sent("trainer-level", level | {"is_recognised": "on"}) == 302
    grades = {f"grade-{each.value}": "3" for each in Criterion}
    observed = {"observer": master.code.lower(), "observed_on": today, "kind": "delivery"}
    assert sent("trainer-observe", observed) == 422
    assert sent("trainer-observe", observed | grades) == 302
    assert sent("trainer-observe", observed | grades | {"observer": "ZZZ-ZZZ"}) == 409
    assert sent("trainer-availability", {"kind": "away", "first": today, "last": today}) == 302
    assert sent("trainer-restrict", {"kind": "posting", "since": today}) == 302
    assert sent("trainer-travel", {"travel_days": "30"}) == 302
    page = client.get(reverse("training:trainer", args=[person.code])).content.decode()
    for words in ("Lead trainer", "Away", "Posting", "May travel 30 days", "Not available until"):
        assert words in page


def test_somebody_new_is_put_on_the_roster_by_code(client: Client) -> None:
    sign_in(client, user_with_role("training-officer", name="invented-officer", at=agency()))
    person = practitioner()
    address = reverse("training:trainer-new")
    assert client.post(address, {"code": "ZZZ-ZZZ"}).status_code == 409
    answer = client.post(address, {"code": person.code.lower()})
    assert answer["Location"] == reverse("training:trainer", args=[person.code])
    assert Staffing.objects.count() == 0
    assert client.get(answer["Location"]).status_code == 200
