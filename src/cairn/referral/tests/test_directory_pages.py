"""Pages of services, of secret places and of files: what they show, to whom, at what cost."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.tests.factories import organisation, user_with_role
from cairn.referral.actions.services import say_capacity, set_access_points
from cairn.referral.models import ProtectedLocation, Service
from cairn.referral.tests.factories import REASON, provider
from cairn.referral.tests.factories_directory import (
    ADDRESS,
    CLINIC,
    editor,
    place,
    point,
    service,
    shelter,
)
from cairn.referral.tests.test_directory_files import given, packed

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {
    "country": "NPL",
    "name": CLINIC.name,
    "kinds": ["health"],
    "needs": ["health"],
    "sensitivity": "public",
    "area": CLINIC.area,
    "languages": "ne, English",
    "hours_mon": "8-12, 14:00-16:30",
    "phone": "+256 000 000 000",
}


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_service_is_entered_changed_said_and_taken_out_on_its_pages(client: Client) -> None:
    client.force_login(user_with_role("service-provider"))
    new = reverse("referral:service-new")
    own = FORM | {"organisation": str(organisation().pk)}
    refused = client.post(new, own | {"kinds": ["shelter"], "sensitivity": "public"})
    assert refused.status_code == 409
    assert "A shelter is not public." in refused.content.decode()
    assert CLINIC.name in refused.content.decode()  # what was typed stays
    assert client.post(new, own | {"hours_mon": "in the morning"}).status_code == 422
    assert not Service.objects.exists()
    assert client.post(new, own).status_code == 302
    made = Service.objects.get()
    assert made.hours == {"mon": [["08:00", "12:00"], ["14:00", "16:30"]]}
    assert made.languages == ["ne", "en"]
    assert "Not known" in text_of(client, made.get_absolute_url())
    edit = reverse("referral:service-edit", args=[made.code])
    assert "08:00-12:00, 14:00-16:30" in text_of(client, edit)
    assert client.post(edit, FORM | {"name": "Invented other name"}).status_code == 302
    capacity = reverse("referral:service-capacity", args=[made.code])
    assert client.post(capacity, {"capacity": "waiting-list"}).status_code == 302
    page = text_of(client, made.get_absolute_url())
    assert "Waiting list" in page
    assert "said how full the service is" in page
    assure = reverse("referral:service-assure", args=[made.code])
    assert client.post(assure).status_code == 422
    assert client.post(assure, {"sure": "on"}).status_code == 302
    shown = text_of(client, reverse("referral:services") + "?need=health&state=waiting-list")
    assert "Invented other name" in shown
    close = reverse("referral:service-close", args=[made.code])
    assert client.post(close, {"sure": "on"}).status_code == 302
    assert "Invented other name" not in text_of(client, reverse("referral:services"))


def test_an_address_of_a_shelter_is_refused_on_the_page_and_says_what_to_do(
    client: Client,
) -> None:
    client.force_login(user_with_role("service-provider"))
    typed = FORM | {
        "organisation": str(organisation().pk),
        "kinds": ["shelter"],
        "needs": ["safe-place"],
        "sensitivity": "protected",
        "description": "Ring at 12 Invented Street",
    }
    answer = client.post(reverse("referral:service-new"), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "says where a protected place is" in page
    assert "enter the place as a sealed one" in page
    assert not Service.objects.exists()


def test_who_answers_and_how_it_is_reached_is_chosen_on_pages(client: Client) -> None:
    made = service(provider())
    office, strange = point(), point(at=organisation("Invented Other"))
    client.force_login(user_with_role("directory-editor"))
    focal = user_with_role("referral-focal-point")
    address = reverse("referral:service-focal", args=[made.code])
    assert client.post(address, {"focal_user": str(focal.pk)}).status_code == 302
    address = reverse("referral:service-points", args=[made.code])
    assert client.post(address, {"points": [strange.code]}).status_code == 422
    assert client.post(address, {"points": [office.code]}).status_code == 302
    made.refresh_from_db()
    assert made.focal_user == focal.pk
    assert list(made.access_points.all()) == [office]
    assert office.name in text_of(client, made.get_absolute_url())


@pytest.mark.parametrize(
    ("sensitivity", "status"), [("public", 200), ("restricted", 404), ("protected", 404)]
)
def test_an_officer_sees_what_is_public_and_a_stranger_nothing(
    client: Client, sensitivity: str, status: int
) -> None:
    made = service(provider(), sensitivity=sensitivity)
    client.force_login(user_with_role("front-line-officer"))
    assert client.get(made.get_absolute_url()).status_code == status
    assert (made.name in text_of(client, reverse("referral:services"))) is (status == 200)
    assert client.get(reverse("referral:service-edit", args=[made.code])).status_code in {403, 404}
    donor = Client()
    donor.force_login(user_with_role("donor"))
    assert donor.get(made.get_absolute_url()).status_code == 404
    assert donor.get(reverse("referral:services")).status_code == 403


def test_the_table_of_areas_says_how_many_stand_how(client: Client) -> None:
    own = provider()
    first = service(own)
    service(own, area="Invented Village")
    say_capacity(own, first.code, "open")
    client.force_login(user_with_role("front-line-officer"))
    page = text_of(client, reverse("referral:service-areas"))
    assert "Invented Village" in page
    assert "Not known" in page
    assert "Invented Village" not in text_of(
        client, reverse("referral:service-areas") + "?q=Invented+Town"
    )


def test_lists_and_areas_cost_the_same_for_one_service_and_for_twenty(client: Client) -> None:
    client.force_login(user_with_role("case-supervisor"))
    own = provider("maker")
    counts: dict[str, list[int]] = {}
    for number in (1, 19):
        for each in range(number):
            made = service(own, area=f"Invented {number} {each}")
            set_access_points(own, made.code, [point().code])
        pages = [reverse("referral:services"), reverse("referral:service-areas")]
        for name, address in zip(
            ("list", "areas", "one"), [*pages, made.get_absolute_url()], strict=True
        ):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counts.setdefault(name, []).append(len(asked))
    for name, (few, many) in counts.items():
        assert few == many, name


@pytest.mark.django_db(transaction=True)
def test_a_place_is_sealed_and_opened_once_on_its_page(client: Client) -> None:
    keeper = editor("keeper")
    made = shelter(keeper)
    client.force_login(user_with_role("directory-editor"))
    new = reverse("referral:location-new", args=[made.code])
    assert client.post(new, {"address": " "}).status_code == 422
    assert client.post(new, {"address": ADDRESS, "contact": "Call Zarquil"}).status_code == 302
    sealed = ProtectedLocation.objects.get()
    address = sealed.get_absolute_url()
    assert "Quibblethorpe" not in text_of(client, address)
    assert "Quibblethorpe" not in text_of(client, made.get_absolute_url())
    assert sealed.code in text_of(client, made.get_absolute_url())
    assert client.post(address, {"purpose": "safety", "reason": ""}).status_code == 422
    opened = client.post(address, {"purpose": "safety", "reason": REASON}).content.decode()
    assert "Quibblethorpe" in opened
    assert "Zarquil" in opened
    assert "Quibblethorpe" not in text_of(client, address)
    close = reverse("referral:location-close", args=[sealed.code])
    assert client.post(close, {"sure": "on"}).status_code == 302
    sealed.refresh_from_db()
    assert sealed.closed_at is not None


def test_nobody_else_learns_that_there_is_a_place(client: Client) -> None:
    keeper = editor("keeper")
    made = shelter(keeper)
    sealed = place(keeper, made.code)
    client.force_login(user_with_role("service-provider"))
    page = text_of(client, made.get_absolute_url())
    assert sealed.code not in page
    assert "Protected place" not in page
    assert client.get(sealed.get_absolute_url()).status_code == 404
    assert client.get(reverse("referral:location-new", args=[made.code])).status_code == 403


def upload(client: Client, content: bytes, **more: Any) -> Any:
    file = io.BytesIO(content)
    file.name = "services.json"
    return client.post(reverse("referral:directory-bring"), {"file": file, **more})


def test_a_file_is_looked_at_and_brought_once_more(client: Client) -> None:
    client.force_login(user_with_role("directory-editor"))
    content = packed(given(1), given(2))
    page = upload(client, content).content.decode()
    assert "can be taken in" in page
    assert not Service.objects.exists()
    digest = page.partition('name="seen" value="')[2].partition('"')[0]
    assert "was taken in" in upload(client, content, seen=digest).content.decode()
    assert Service.objects.count() == 2
    other = upload(client, packed(given(3)), seen=digest)
    assert other.status_code == 409
    assert Service.objects.count() == 2


def test_faults_of_a_file_are_told_row_by_row(client: Client) -> None:
    client.force_login(user_with_role("directory-editor"))
    wrong = upload(client, packed(given(1), given(2, name="", status="perhaps")))
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert "no row is taken in" in page
    assert "“perhaps” is no status" in page
    assert upload(client, b"nothing").status_code == 409
    assert client.post(reverse("referral:directory-bring")).status_code == 422


def test_a_forged_request_brings_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with_role("directory-editor"))
    assert upload(client, packed(given(1))).status_code == 403


def test_the_directory_is_taken_out_by_whoever_keeps_it(client: Client) -> None:
    service(provider())
    client.force_login(user_with_role("directory-editor"))
    address = reverse("referral:directory-export")
    taken = client.post(address, {"audience": "public", "form": "json"})
    assert taken["Content-Disposition"] == 'attachment; filename="services.json"'
    assert CLINIC.name in taken.content.decode()
    taken = client.post(address, {"audience": "partners", "form": "zip"})
    assert taken.content.startswith(b"PK")
    own = Client()
    own.force_login(user_with_role("service-provider", name="other"))
    assert own.post(address, {"audience": "public", "form": "json"}).status_code == 403
