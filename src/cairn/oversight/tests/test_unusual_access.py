"""Unusual access becomes an alert: once for actor, rule and window, with ids and counts only."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from cairn.access.models import Membership, User
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, OrganisationKind
from cairn.oversight.actions import unusual_access
from cairn.oversight.actions.unusual_access import clocks_of, look_for_unusual_access
from cairn.oversight.models import Alert, ExportRequest, Reading, ReadingSubject
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding
from cairn.oversight.rules import AlertState, Basis, Purpose
from cairn.oversight.unusual import Rule
from cairn.vault import keyring

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)  # a Wednesday
MINUTE = timedelta(minutes=1)
ONE = UUID(int=1)


@pytest.fixture(autouse=True)
def afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Wednesday, three in the afternoon."""
    monkeypatch.setattr(clock, "now", lambda: NOON + 3 * timedelta(hours=1))


def read(
    records: Iterable[int] = (100,), at: datetime = NOON, actor: UUID = ONE, **more: Any
) -> None:
    country, is_own = more.pop("country", ""), more.pop("is_own", True)
    reading = Reading(
        at=at,
        actor_id=actor,
        kind="invented",
        subject_zone=Zone.PROTECTION,
        fields=["name"],
        purpose=more.pop("purpose", Purpose.ASSISTANCE),
        basis=more.pop("basis", Basis.MEMBERSHIP),
        audit_sequence=Reading.objects.count() + 1,
        data_key=keyring.named("reasons-invented", Zone.OVERSIGHT),
        reason="An invented reason, long enough",
    )
    reading.save(force_insert=True)
    for number in records:
        ReadingSubject(
            reading=reading,
            subject_id=UUID(int=number),
            code=f"INV-{number}",
            country=country,
            is_own_caseload=is_own,
        ).save()


def look(facts: Facts | None = None) -> Facts:
    return look_for_unusual_access(facts or {}).facts


def alerts(kind: AlertKind) -> list[Alert]:
    return list(Alert.objects.filter(kind=kind).order_by("first_at", "window"))


def the_alert(kind: AlertKind) -> Alert:
    (alert,) = alerts(kind)
    return alert


def test_usual_work_raises_nothing() -> None:
    for number in range(8):
        read([number], NOON + number * 10 * MINUTE)
    outcome = look_for_unusual_access({})
    assert outcome.finding is Finding.WELL
    assert not Alert.objects.exists()


def test_many_persons_are_one_alert_with_ids_and_counts_only() -> None:
    for number in range(21):
        read([number], NOON + number * MINUTE)
    look()
    alert = the_alert(AlertKind.MANY_PERSONS)
    assert (alert.actor_id, alert.count, alert.state) == (ONE, 21, AlertState.OPEN)
    assert alert.facts == {
        "rule": "many-persons",
        "persons": 21,
        "since": "2026-03-11T12:00:00+00:00",
        "until": "2026-03-11T13:00:00+00:00",
    }


def test_looking_again_changes_nothing() -> None:
    read(range(21))
    look()
    columns = ("pk", "window", "count", "first_at", "last_at", "facts")
    before = list(Alert.objects.values(*columns))
    assert look()["news"] == 0
    assert list(Alert.objects.values(*columns)) == before


def test_a_further_reading_in_the_window_raises_the_count() -> None:
    read(range(21))
    look()
    read([50], NOON + MINUTE)
    look()
    assert the_alert(AlertKind.MANY_PERSONS).count == 22


def test_another_window_is_another_alert() -> None:
    read(range(21))
    read(range(21), NOON + timedelta(hours=2))
    look()
    assert [alert.count for alert in alerts(AlertKind.MANY_PERSONS)] == [21, 21]


def test_a_decision_does_not_cover_what_came_after_it() -> None:
    read([1, 2], is_own=False)
    look()
    Alert.objects.update(state=AlertState.EXPLAINED)
    look()
    assert len(alerts(AlertKind.OUTSIDE_CASELOAD)) == 1
    read([3], NOON + MINUTE, is_own=False)
    look()
    first, second = alerts(AlertKind.OUTSIDE_CASELOAD)
    assert (first.count, first.state) == (2, AlertState.EXPLAINED)
    assert (second.count, second.state) == (3, AlertState.OPEN)
    read([4], NOON + 2 * MINUTE, is_own=False)
    look()
    assert [alert.count for alert in alerts(AlertKind.OUTSIDE_CASELOAD)] == [2, 4]


def test_a_third_alert_of_one_window_has_its_own_number() -> None:
    for number in range(3):
        read([number], NOON + number * MINUTE, is_own=False)
        look()
        Alert.objects.update(state=AlertState.EXPLAINED)
    windows = [alert.window for alert in alerts(AlertKind.OUTSIDE_CASELOAD)]
    assert [window.partition(" +")[2] for window in windows] == ["", "2", "3"]


def test_two_actors_have_an_alert_each() -> None:
    read([1], is_own=False)
    read([1], is_own=False, actor=UUID(int=2))
    look()
    assert {alert.actor_id for alert in alerts(AlertKind.OUTSIDE_CASELOAD)} == {ONE, UUID(int=2)}


def test_hours_are_those_of_the_country_of_the_record() -> None:
    early = NOON.replace(hour=5)  # seven in Tripoli, five in the installation's own zone
    read([1], early, country="LBY")
    look()
    assert not alerts(AlertKind.OUT_OF_HOURS)
    read([2], early)
    look()
    assert the_alert(AlertKind.OUT_OF_HOURS).count == 1


@pytest.mark.parametrize(
    ("country", "zones"),
    [
        ("LBY", {"Africa/Tripoli"}),
        ("COD", {"Africa/Kinshasa", "Africa/Lubumbashi"}),
        ("", {"UTC"}),
        ("XXX", {"UTC"}),
    ],
)
def test_each_country_has_its_clocks(country: str, zones: set[str]) -> None:
    assert {zone.key for zone in clocks_of(country)} == zones


def test_every_country_has_a_clock_that_this_machine_knows() -> None:
    from cairn.core import geography

    without = {
        place.alpha3
        for place in geography.countries()
        if clocks_of(place.alpha3) == (ZoneInfo("UTC"),)
    }
    # Bouvet and Heard have nobody and no zone.
    assert without <= {"BVT", "HMD"}


def test_emergency_access_and_links_are_not_outside_the_caseload() -> None:
    read([1], is_own=False, basis=Basis.BREAK_GLASS)
    read([2], is_own=False, basis=Basis.LINK)
    look()
    assert not alerts(AlertKind.OUTSIDE_CASELOAD)


def test_one_record_opened_by_many_people_is_an_alert_about_the_record() -> None:
    for number in range(6):
        read([7], NOON + number * MINUTE, actor=UUID(int=number + 1))
    look()
    alert = the_alert(AlertKind.MANY_READERS)
    assert (alert.actor_id, alert.count, alert.facts["record"]) == (None, 6, str(UUID(int=7)))
    read([7], NOON + 10 * MINUTE, actor=UUID(int=9))
    look()
    assert the_alert(AlertKind.MANY_READERS).count == 7


def test_refusals_are_read_from_the_log() -> None:
    actor = Actor(user_id=ONE, name="invented")
    for _ in range(4):
        audit.record(actor, unusual_access.REFUSED, kind="invented")
    look()
    assert not alerts(AlertKind.REFUSED_OFTEN)
    audit.record(actor, unusual_access.REFUSED, kind="invented")
    look()
    alert = the_alert(AlertKind.REFUSED_OFTEN)
    assert (alert.actor_id, alert.count) == (ONE, 5)


@pytest.fixture
def organisation() -> Organisation:
    return Organisation.objects.create(
        slug="invented", name="Invented shelter", kind=OrganisationKind.NGO
    )


def ask_export(organisation: Organisation, at: datetime, by: UUID = ONE) -> None:
    ExportRequest(
        kind="invented",
        organisation=organisation,
        reason="An invented reason, long enough",
        asked_by=by,
        asked_at=at,
        expires_at=at + timedelta(hours=24),
    ).save()


def test_reading_right_before_an_export_is_told(organisation: Organisation) -> None:
    read(range(5))
    look()
    assert not alerts(AlertKind.BEFORE_LEAVING)
    ask_export(organisation, NOON + 30 * MINUTE)
    look()
    alert = the_alert(AlertKind.BEFORE_LEAVING)
    assert (alert.actor_id, alert.count, alert.facts["rule"]) == (ONE, 5, "before-export")


def test_what_an_approved_export_opens_is_not_counted() -> None:
    read(range(80), purpose=Purpose.EXPORT)
    look()
    assert not Alert.objects.exists()


def test_the_own_duty_list_is_not_many_persons() -> None:
    read(range(25), purpose=Purpose.DUTY_LIST)
    look()
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("days", "told"), [(None, False), (0, True), (2, True), (3, False), (30, False)]
)
def test_reading_before_the_end_of_a_role_is_told(
    organisation: Organisation, days: int | None, told: bool
) -> None:
    """At noon, with three days before the end: the third day from now ends too late."""
    reader = User.objects.create_user("invented-reader")
    today = NOON.date()
    Membership.objects.create(
        user=reader,
        organisation=organisation,
        role="service-provider",
        starts_on=today - timedelta(days=90),
        ends_on=None if days is None else today + timedelta(days=days),
        confirmed_at=NOON,
    )
    read(range(5), actor=reader.pk)
    look()
    assert bool(alerts(AlertKind.BEFORE_LEAVING)) is told


def test_a_role_that_goes_on_elsewhere_has_no_end(organisation: Organisation) -> None:
    reader = User.objects.create_user("invented-reader")
    for ends_on in (NOON.date(), None):
        Membership.objects.create(
            user=reader,
            organisation=organisation,
            role="service-provider",
            starts_on=NOON.date() - timedelta(days=90 if ends_on else 10),
            ends_on=ends_on,
            confirmed_at=NOON,
        )
    read(range(5), actor=reader.pk)
    look()
    assert not alerts(AlertKind.BEFORE_LEAVING)


def test_the_own_usual_day_is_learnt_from_the_weeks_before() -> None:
    for day in range(1, 8):
        read(range(3), NOON - timedelta(days=day))
    for number in range(12):
        read([number], NOON - 2 * timedelta(hours=1) + number * 8 * MINUTE)
    look()
    alert = the_alert(AlertKind.MANY_PERSONS)
    assert (alert.count, alert.facts["rule"]) == (12, Rule.MORE_THAN_USUAL.value)


def test_settings_change_what_is_unusual(settings: LazySettings) -> None:
    settings.UNUSUAL_ACCESS = {"many_persons": 3}
    read(range(4))
    look()
    assert the_alert(AlertKind.MANY_PERSONS).count == 4


def test_a_round_without_news_looks_at_nothing(django_assert_num_queries: Any) -> None:
    read([1], is_own=False)
    facts = look()
    with django_assert_num_queries(3):
        outcome = look_for_unusual_access(facts)
    assert (outcome.finding, outcome.facts) == (Finding.FOUND, facts)


def test_the_number_of_queries_does_not_grow_with_the_readings(
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(30):
        read([number, number + 1], NOON + number * 2 * MINUTE, actor=uuid4())
    with django_assert_max_num_queries(12):
        look()


def test_every_rule_has_its_kind_of_alert() -> None:
    assert set(unusual_access.KINDS) == set(Rule)
