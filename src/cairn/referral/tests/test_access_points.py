"""The directory of services: no protected place, looked at or not given, one's own to change."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.errors import RuleBroken
from cairn.referral.actions.access_points import (
    Service,
    assure_access_point,
    change_access_point,
    close_access_point,
    enter_access_point,
)
from cairn.referral.models import AccessPoint
from cairn.referral.queries.access_points import Filters, access_points, extract, waiting
from cairn.referral.rules import access_points as rules
from cairn.referral.rules.access_points import Freshness, Way
from cairn.referral.tests.factories import actor_of, provider

TODAY = date(2026, 11, 22)
SERVICE = Service(
    name="Invented help point",
    way=Way.DOOR,
    needs=("health", "legal"),
    country="NPL",
    area="Invented Town",
    languages=("ne", "ar"),
    phone="+256 000 000 000",
    reach="Invented Road 1, ask at the green door",
)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "good"), (45, "good"), (46, "ask"), (60, "ask"), (61, "stale"), (400, "stale")],
)
def test_an_entry_gets_old(days: int, expected: str) -> None:
    assured = TODAY - timedelta(days=days)
    assert rules.freshness(assured, TODAY) == Freshness(expected)
    assert (assured >= rules.oldest_good(TODAY)) is (expected != "stale")


@pytest.mark.parametrize(("way", "sleeps"), [(rules.PROTECTED, False), (Way.DOOR, True)])
def test_a_protected_house_is_never_entered(way: str, sleeps: bool) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_way(way, nobody_sleeps_there=not sleeps)
    assert refused.value.code == "access-point.protected"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("way", "phone", "reach", "code"),
    [
        (Way.PHONE, "", "somewhere", "access-point.phone"),
        (Way.VISIT, "", "", "access-point.phone"),
        (Way.DOOR, "", "", "access-point.reach"),
        (Way.DOOR, "call me", "here", "access-point.phone"),
    ],
)
def test_an_entry_that_nobody_could_reach_is_refused(
    way: str, phone: str, reach: str, code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_reachable(way, phone, reach)
    assert refused.value.code == code


def test_an_open_door_needs_no_telephone_and_a_short_number_is_one() -> None:
    rules.check_reachable(Way.DOOR, "", "Invented Road 1")
    rules.check_reachable(Way.PHONE, "116", "")


def test_languages_are_known_by_code_and_by_name() -> None:
    assert rules.language_codes("ar, French; Arabic", "en") == ["ar", "fr"]
    assert rules.language_codes("anglais، ar", "fr") == ["en", "ar"]
    with pytest.raises(RuleBroken, match="Klingish"):
        rules.language_codes("Klingish", "en")


@pytest.mark.parametrize("needs", [[], ["gold"], ["health", "gold"]])
def test_a_service_helps_with_something_that_is_known(needs: list[str]) -> None:
    with pytest.raises(RuleBroken):
        rules.check_needs(needs)


@pytest.mark.django_db
def test_only_services_that_somebody_looked_at_are_given_to_phones() -> None:
    own = provider()
    made = enter_access_point(own, organisation(), SERVICE, nobody_sleeps_there=True)
    today = timezone.localdate()
    found = extract("NPL", today)
    assert [each["code"] for each in found] == [made.code]
    assert found[0]["needs"] == ["health", "legal"]
    assert found[0]["assured_on"] == today.isoformat()
    assert extract("KEN", today) == []
    assert extract("NPL", today + timedelta(days=60)) == found
    later = today + timedelta(days=61)
    assert extract("NPL", later) == []
    assert waiting(own, later).count == 1
    AccessPoint.objects.update(assured_on=today - timedelta(days=61))
    assert extract("NPL", today) == []
    assure_access_point(own, made.code)
    assert extract("NPL", today) == found
    close_access_point(own, made.code)
    assert extract("NPL", today) == []
    with pytest.raises(RuleBroken):
        assure_access_point(own, made.code)


@pytest.mark.django_db
def test_an_entry_is_changed_by_its_own_organisation_only() -> None:
    made = enter_access_point(provider(), organisation(), SERVICE, nobody_sleeps_there=True)
    stranger = provider("elsewhere", at=organisation("Invented Other"))
    assert access_points(stranger, Filters(need="legal"), TODAY).get() == made
    assert not access_points(stranger, Filters(need="leg"), TODAY).exists()
    assert access_points(stranger, Filters(words="invented t"), TODAY).get() == made
    with pytest.raises(PermissionDenied):
        change_access_point(stranger, made.code, SERVICE, nobody_sleeps_there=True)
    with pytest.raises(PermissionDenied):
        close_access_point(stranger, made.code)
    donor = actor_of(user_with_role("donor"))
    with pytest.raises(AccessPoint.DoesNotExist):
        assure_access_point(donor, made.code)


@pytest.mark.django_db
def test_a_service_is_entered_looked_at_again_and_taken_out_on_its_pages(
    client: Client,
) -> None:
    client.force_login(user_with_role("service-provider"))
    given = {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "name": SERVICE.name,
        "way": rules.PROTECTED,
        "needs": ["health"],
        "area": SERVICE.area,
        "reach": SERVICE.reach,
        "languages": "ne, English",
        "nobody_sleeps_there": "on",
    }
    new = reverse("referral:access-point-new")
    refused = client.post(new, given)
    assert refused.status_code == 409
    assert "is not entered here" in refused.content.decode()
    assert not AccessPoint.objects.exists()
    assert client.post(new, given | {"way": "door"}).status_code == 302
    made = AccessPoint.objects.get()
    assert made.languages == ["ne", "en"]
    AccessPoint.objects.update(assured_on=timezone.localdate() - timedelta(days=70))
    page = client.get(made.get_absolute_url()).content.decode()
    assert "officers do not get it any more" in page
    address = reverse("referral:access-point-assure", args=[made.code])
    assert client.post(address).status_code == 422
    assert client.post(address, {"sure": "on"}).status_code == 302
    shown = client.get(reverse("referral:access-points") + "?need=health&state=good")
    assert SERVICE.name in shown.content.decode()
    closing = reverse("referral:access-point-close", args=[made.code])
    assert client.post(closing, {"sure": "on"}).status_code == 302
    assert SERVICE.name not in client.get(reverse("referral:access-points")).content.decode()
    assert "took the service out" in client.get(made.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_the_directory_costs_the_same_queries_for_one_service_and_for_twenty(
    client: Client,
) -> None:
    client.force_login(user_with_role("front-line-officer"))
    own = provider("maker")
    counts = []
    for number in (1, 19):
        for _each in range(number):
            enter_access_point(own, organisation(), SERVICE, nobody_sleeps_there=True)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("referral:access-points")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
