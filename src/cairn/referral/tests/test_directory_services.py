"""Services: who enters, changes and sees them; how they stand; ways to a shelter; secret places."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.tests.factories import organisation
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions import access_points, secret_places
from cairn.referral.actions import services as actions
from cairn.referral.models import AccessPoint, ProtectedLocation, Service
from cairn.referral.queries import services as queries
from cairn.referral.queries.services import Filters
from cairn.referral.rules.services import Standing
from cairn.referral.subjects.directory import LOCATION
from cairn.referral.tests.factories import REASON, provider
from cairn.referral.tests.factories_directory import (
    ADDRESS,
    CLINIC,
    SHELTER,
    editor,
    place,
    point,
    role,
    service,
    shelter,
)
from cairn.referral.tests.test_access_points import SERVICE as OFFICE

pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_a_service_is_entered_for_ones_own_place_and_noted() -> None:
    made = service(provider())
    assert made.state_now(clock.now()) == Standing.NOT_KNOWN
    assert made.assured_on == timezone.localdate()
    assert "service.entered" in codes()
    stored = Service.objects.get()
    assert (stored.hours, stored.needs) == (CLINIC.hours, ["health", "counselling"])


def test_another_place_is_refused_and_nothing_is_written() -> None:
    elsewhere = organisation("Invented Other")
    before = codes()
    with pytest.raises(PermissionDenied):
        actions.enter_service(provider(), elsewhere, CLINIC)
    assert codes() == before
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", "House 7, Invented Street"),
        ("description", "Behind the green mosque"),
        ("area", "27.7172, 85.3240"),
        ("hours_text", "Ring at 12 Invented Road"),
        ("eligibility", "https://maps.google.com/?q=invented"),
    ],
)
def test_the_address_of_a_shelter_is_caught_in_every_public_field(field: str, text: str) -> None:
    own, told = provider(), cast("dict[str, Any]", {field: text})
    with pytest.raises(RuleBroken) as refused:
        actions.enter_service(own, organisation(), replace(SHELTER, **told))
    assert refused.value.code == "service.address"
    assert not Service.objects.exists()
    # A clinic with an open door says where it is.
    actions.enter_service(own, organisation(), replace(CLINIC, **told))


def test_a_service_that_shelters_from_now_on_may_not_keep_a_way_that_gives_it_away() -> None:
    own = provider()
    made = service(own)
    told = point(way="phone", phone="116", reach="Green house, 4 Invented Street")
    actions.set_access_points(own, made.code, [told.code])
    with pytest.raises(RuleBroken) as refused:
        actions.change_service(own, made.code, SHELTER)
    assert refused.value.code == "service.point"
    made.refresh_from_db()
    assert made.kinds == ["health"]


def test_a_shelter_is_reached_through_offices_and_telephones_of_its_own() -> None:
    own = provider()
    made = shelter(own)
    office, strange = point(), point(at=organisation("Invented Other"))
    actions.set_access_points(own, made.code, [office.code])
    assert list(made.access_points.all()) == [office]
    with pytest.raises(AccessPoint.DoesNotExist):
        actions.set_access_points(own, made.code, [office.code, strange.code])
    visit = point(way="visit", phone="116", reach="next to the green mosque")
    with pytest.raises(RuleBroken) as refused:
        actions.set_access_points(own, made.code, [visit.code])
    assert refused.value.code == "service.point"
    assert list(made.access_points.all()) == [office]


def test_capacity_is_said_and_decays_and_what_is_full_or_forgotten_is_not_offered() -> None:
    own = provider()
    made = service(own)
    now = clock.now()
    for capacity, state, is_offered in (
        ("open", Standing.OPEN, True),
        ("waiting-list", Standing.WAITING_LIST, True),
        ("closed", Standing.FULL, False),
    ):
        said = actions.say_capacity(own, made.code, capacity)
        now = clock.now()
        assert said.state_now(now) == state
        assert Service.objects.offered(now).exists() is is_offered
        assert queries.services(own, Filters(state=state), now).get() == made
    later = now + timedelta(days=15)
    assert said.state_now(later) == Standing.NOT_KNOWN
    assert Service.objects.offered(later).exists()
    assert queries.services(own, Filters(state="not-known"), later).get() == made
    forgotten = now + timedelta(days=62)
    assert said.state_now(forgotten) == Standing.STALE
    assert not Service.objects.offered(forgotten).exists()
    assert queries.services(own, Filters(state="stale"), forgotten).get() == made
    with pytest.raises(RuleBroken):
        actions.say_capacity(own, made.code, "perhaps")


@pytest.mark.parametrize("days", [0, 14, 15, 59, 60, 61, 62, 100])
@pytest.mark.parametrize("capacity", ["", "open", "waiting-list", "closed"])
def test_the_database_and_the_rules_agree_how_a_service_stands(days: int, capacity: str) -> None:
    own = provider()
    made = service(own)
    now = clock.now()
    Service.objects.update(
        capacity=capacity,
        capacity_at=now - timedelta(days=days) if capacity else None,
        assured_on=(now - timedelta(days=days)).date(),
    )
    made.refresh_from_db()
    state = made.state_now(now)
    for each in Standing:
        found = queries.services(own, Filters(state=each), now)
        assert found.exists() is (each == state), each
    offered = state in {Standing.OPEN, Standing.WAITING_LIST, Standing.NOT_KNOWN}
    assert Service.objects.offered(now).exists() is offered


def test_what_is_taken_out_is_changed_no_more_and_seen_by_its_editors_only() -> None:
    own, other = provider(), provider("other", at=organisation("Invented Other"))
    made = service(own)
    actions.close_service(own, made.code)
    with pytest.raises(RuleBroken) as refused:
        actions.say_capacity(own, made.code, "open")
    assert refused.value.code == "service.closed"
    assert Service.objects.visible_to(own).exists()
    assert not Service.objects.visible_to(other).exists()
    assert queries.services(own, Filters(state="taken-out"), clock.now()).exists()


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("front-line-officer", {"public"}),
        ("field-supervisor", {"public"}),
        ("service-provider", {"public", "restricted", "protected"}),
        ("referral-focal-point", {"public", "restricted", "protected"}),
        ("case-supervisor", {"public", "restricted", "protected"}),
        ("directory-editor", {"public", "restricted", "protected"}),
        ("donor", set()),
        ("programme-officer", set()),
    ],
)
def test_who_may_know_of_which_service(name: str, sees: set[str]) -> None:
    own = provider()
    for sensitivity in ("public", "restricted", "protected"):
        service(own, sensitivity=sensitivity)
    actor = role(name, "reader", at=organisation("Invented Other"))
    assert {each.sensitivity for each in Service.objects.visible_to(actor)} == sees


def test_a_colleague_elsewhere_changes_nothing_whoever_keeps_the_directory_does() -> None:
    made = service(provider())
    elsewhere = organisation("Invented Other")
    stranger, keeper = provider("stranger", at=elsewhere), editor(at=elsewhere)
    abroad = editor("abroad", at=elsewhere, country="KEN")
    for refused in (stranger, abroad):
        with pytest.raises(PermissionDenied):
            actions.say_capacity(refused, made.code, "open")
        with pytest.raises(PermissionDenied):
            actions.close_service(refused, made.code)
    assert actions.say_capacity(keeper, made.code, "open").capacity == "open"
    with pytest.raises(Service.DoesNotExist):
        actions.say_capacity(role("donor"), made.code, "open")


def test_who_answers_first_is_somebody_who_answers_there() -> None:
    own = provider()
    made = service(own)
    focal = role("referral-focal-point", "focal")
    assert focal.user_id is not None
    assert actions.set_focal(own, made.code, focal.user_id).focal_user == focal.user_id
    stranger = role("referral-focal-point", "strange", at=organisation("Invented Other"))
    with pytest.raises(RuleBroken) as refused:
        actions.set_focal(own, made.code, stranger.user_id)
    assert refused.value.code == "service.focal"
    assert actions.set_focal(own, made.code, None).focal_user is None


def test_areas_are_counted_by_how_services_stand() -> None:
    own = provider()
    first, second = service(own), service(own)
    service(own, area="Invented Village")
    actions.say_capacity(own, first.code, "open")
    actions.say_capacity(own, second.code, "closed")
    town, village = queries.areas(own, Filters(), clock.now())
    assert (town.name, town.total) == ("Invented Town", 2)
    assert (town.count(Standing.OPEN), town.count(Standing.FULL)) == (1, 1)
    assert (village.count(Standing.NOT_KNOWN), village.total) == (1, 1)
    assert len(queries.areas(own, Filters(need="legal"), clock.now())) == 0


def test_what_waits_is_what_nobody_knows_and_somebody_edits() -> None:
    own = provider()
    first = service(own)
    service(own)
    assert queries.unsaid(own, clock.now()).count() == 2
    actions.say_capacity(own, first.code, "open")
    assert queries.unsaid(own, clock.now()).count() == 1
    assert queries.unsaid(provider("o", at=organisation("Other")), clock.now()).count() == 0
    assert queries.unsaid(role("front-line-officer"), clock.now()).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_secret_place_is_sealed_opened_with_a_reason_and_forgotten() -> None:
    keeper = editor()
    made = shelter(keeper)
    sealed = place(keeper, made.code)
    with pytest.raises(RuleBroken):
        secret_places.open_location(keeper, sealed.code, Purpose.SAFETY, "")
    opened = secret_places.open_location(keeper, sealed.code, Purpose.SAFETY, REASON)
    assert opened.values["address"] == ADDRESS
    assert Reading.objects.get().kind == "location"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_protectedlocation")
        stored = b"".join(bytes(str(cell), "utf-8") for cell in cursor.fetchone())
    assert b"uibblethorpe" not in stored
    closed = secret_places.close_location(keeper, sealed.code)
    assert closed.keep_until == timezone.localdate() + timedelta(days=90)
    LOCATION.after_erasure(closed)
    forgotten = ProtectedLocation.objects.get(pk=closed.pk)
    assert (forgotten.marks, forgotten.keep_until) == ([], None)


@pytest.mark.django_db(transaction=True)
def test_a_place_whose_key_is_gone_cannot_be_read() -> None:
    from cairn.vault import keyring

    keeper = editor()
    sealed = place(keeper, shelter(keeper).code)
    keyring.destroy(sealed.data_key)
    opened = secret_places.open_location(keeper, sealed.code, Purpose.SAFETY, REASON)
    assert isinstance(opened.values["address"], Unreadable)


def test_a_place_is_known_to_those_of_its_organisation_who_may_and_to_nobody_else() -> None:
    keeper = editor()
    made = shelter(keeper)
    sealed = place(keeper, made.code)
    elsewhere = editor("elsewhere", at=organisation("Invented Other"))
    for actor in (elsewhere, provider("caseworker"), role("data-protection-officer")):
        assert not ProtectedLocation.objects.visible_to(actor).exists()
        with pytest.raises(ProtectedLocation.DoesNotExist):
            secret_places.open_location(actor, sealed.code, Purpose.SAFETY, REASON)
    with pytest.raises(PermissionDenied):
        place(elsewhere, made.code)
    with pytest.raises(PermissionDenied):
        place(provider("caseworker2"), made.code)


def test_a_new_place_puts_the_old_one_out_of_use() -> None:
    keeper = editor()
    made = shelter(keeper)
    first = place(keeper, made.code)
    second = place(keeper, made.code, "9 Zarquil Road")
    first.refresh_from_db()
    assert first.closed_at is not None
    assert queries.location_of(keeper, made) == second


@pytest.mark.parametrize(
    "written",
    ["Come to Quibblethorpe Street 12", "12, quibblethorpe rd", "No. 12 Quibblethorpe"],
)
def test_a_sealed_address_is_caught_where_everybody_reads_it(written: str) -> None:
    keeper, own = editor(), provider()
    place(keeper, shelter(keeper).code)
    with pytest.raises(RuleBroken) as refused:
        actions.enter_service(own, organisation(), replace(CLINIC, description=written))
    assert refused.value.code == "service.address"
    with pytest.raises(RuleBroken) as refused:
        access_points.enter_access_point(
            own, organisation(), replace(OFFICE, reach=written), nobody_sleeps_there=True
        )
    assert refused.value.code == "service.address"
    assert codes().count("location.caught") == 2
    assert not AccessPoint.objects.exists()


def test_nobody_of_another_organisation_finds_out_an_address_by_trying() -> None:
    keeper = editor()
    place(keeper, shelter(keeper).code)
    other = organisation("Invented Other")
    stranger = provider("stranger", at=other)
    actions.enter_service(stranger, other, replace(CLINIC, description=ADDRESS))
    assert "location.caught" not in codes()
