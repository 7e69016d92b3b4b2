"""The directory as a file of HSDS: in whole or not at all, out without any protected place."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import organisation
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.referral.actions import directory_files as actions
from cairn.referral.actions import services as service_actions
from cairn.referral.actions.directory_files import Plan
from cairn.referral.actions.services import close_service, set_access_points
from cairn.referral.exports.directory import FileFormat, hsds_file, outgoing
from cairn.referral.hsds import reading
from cairn.referral.hsds.shapes import TAXONOMIES
from cairn.referral.models import AccessPoint, Service
from cairn.referral.queries import services as queries
from cairn.referral.tests.factories import provider
from cairn.referral.tests.factories_directory import (
    ADDRESS,
    editor,
    place,
    point,
    service,
    shelter,
)

TODAY = timezone.localdate()


def term(field: str, code: str) -> dict[str, Any]:
    return {"taxonomy_term": {"taxonomy": TAXONOMIES[field], "code": code}}


def given(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A service as a file has it; an invented one."""
    return {
        "id": f"service-{number}",
        "name": f"Invented service {number}",
        "status": "active",
        "sensitivity": "public",
        "assured_date": TODAY.isoformat(),
        "country": "NPL",
        "organization": {"id": "o1", "name": "Invented Helpers"},
        "service_areas": [{"name": "Invented Town"}],
        "languages": [{"code": "ne"}, {"code": "ar"}],
        "phones": [{"number": "+256 000 000 000"}],
        "attributes": [term("kinds", "health"), term("needs", "health")],
        "schedules": [
            {"freq": "WEEKLY", "byday": "MO,TU", "opens_at": "08:00", "closes_at": "16:00"}
        ],
        "service_at_locations": [
            {
                "location": {
                    "id": f"place-{number}",
                    "location_type": "physical",
                    "name": f"Invented office {number}",
                    "addresses": [
                        {"address_1": f"{number} Invented Road", "city": "Invented Town"}
                    ],
                }
            }
        ],
        **changes,
    }


def packed(*services: dict[str, Any]) -> bytes:
    return json.dumps(list(services)).encode()


def bring(actor: Any, content: bytes, today: date = TODAY) -> Plan:
    plan = actions.read_file(actor, content, "NPL", today)
    assert not plan.problems
    return actions.take_in(actor, content, "NPL", today, plan.digest)


@pytest.mark.django_db
def test_a_file_is_looked_at_and_then_taken_in_whole() -> None:
    keeper = editor()
    content = packed(given(1), given(2, organization={"name": "Invented Others"}))
    plan = actions.read_file(keeper, content, "", TODAY)
    assert plan.counts == {"new": 2}
    assert plan.new_organisations == ["Invented Helpers", "Invented Others"]
    assert not Service.objects.exists()
    actions.take_in(keeper, content, "", TODAY, plan.digest)
    made = Service.objects.get(source_id="service-1")
    assert made.organisation.name == "Invented Helpers"
    assert made.hours == {"mon": [["08:00", "16:00"]], "tue": [["08:00", "16:00"]]}
    assert (made.needs, made.languages, made.area) == (["health"], ["ne", "ar"], "Invented Town")
    office = made.access_points.get()
    assert (office.way, office.reach) == ("door", "1 Invented Road")
    entry = AuditEntry.objects.get(code="directory.imported")
    assert entry.facts["new"] == 2


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_newer_one_only_what_is_new() -> None:
    keeper = editor()
    bring(keeper, packed(given(1), given(2)))
    assert bring(keeper, packed(given(1), given(2))).counts == {"same": 2}
    assert Service.objects.count() == AccessPoint.objects.count() == 2
    newer = packed(given(1, name="Invented name"), given(2, status="inactive"), given(3))
    assert bring(keeper, newer).counts == {"changed": 1, "over": 1, "new": 1}
    first, second = Service.objects.filter(source_id__in=["service-1", "service-2"]).order_by(
        "source_id"
    )
    assert first.name == "Invented name"
    assert second.closed_at is not None
    assert bring(keeper, packed(given(2))).counts == {"changed": 1}
    second.refresh_from_db()
    assert second.closed_at is None


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"id": ""}, "id"),
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": 7}, "name"),
    ({"status": "perhaps"}, "status"),
    ({"organization": {}}, "organization"),
    ({"country": "Nowhereland"}, "country"),
    ({"service_areas": [], "service_at_locations": []}, "service_areas"),
    ({"languages": [{"code": "klingon"}]}, "languages"),
    ({"minimum_age": "old"}, "minimum_age"),
    ({"minimum_age": 30, "maximum_age": 20}, "maximum_age"),
    ({"email": "not an address"}, "email"),
    ({"phones": [{"number": "ask for Ana"}]}, "phones.number"),
    ({"assured_date": ""}, "assured_date"),
    ({"assured_date": "yesterday"}, "assured_date"),
    ({"assured_date": (TODAY + timedelta(days=2)).isoformat()}, "assured_date"),
    ({"capacity": "perhaps"}, "capacity"),
    ({"capacity": "open", "capacity_updated": "soon"}, "capacity_updated"),
    ({"zone": "Moon/Crater"}, "zone"),
    ({"attributes": [term("needs", "health")]}, "attributes (cairn:service-type)"),
    ({"attributes": [term("kinds", "health")]}, "attributes (cairn:need)"),
    (
        {"attributes": [term("kinds", "gold"), term("needs", "health")]},
        "attributes (cairn:service-type)",
    ),
    (
        {
            "attributes": [
                term("kinds", "health"),
                term("needs", "health"),
                term("exclusions", "gold"),
            ]
        },
        "attributes (cairn:exclusion)",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "field"), FAULTS)
def test_each_fault_is_named_by_row_and_field_and_nothing_is_taken_in(
    changes: dict[str, Any], field: str
) -> None:
    keeper = editor()
    content = packed(given(1), given(2, **changes))
    plan = actions.read_file(keeper, content, "", TODAY)
    assert [(each.row, each.field) for each in plan.problems] == [(2, field)]
    assert plan.problems[0].message
    with pytest.raises(RuleBroken) as refused:
        actions.take_in(keeper, content, "", TODAY, plan.digest)
    assert refused.value.code == "hsds.faults"
    assert not Service.objects.exists()
    assert not AuditEntry.objects.filter(code="directory.imported").exists()


SHELTER = {"attributes": [term("kinds", "shelter"), term("needs", "safe-place")]}
DOORS: list[tuple[dict[str, Any], str]] = [
    ({"location": {"addresses": [{"address_1": "12 Invented Street"}]}}, "address.address_1"),
    ({"location": {"latitude": 27.7, "longitude": 85.3}}, "location.latitude"),
    ({"location": {"transportation": "Bus 5 to the green gate"}}, "location.transportation"),
    ({"location": {"name": "Villa Invented"}}, "location.name"),
    ({"location": {"addresses": [{"postal_code": "44600"}]}}, "address.postal_code"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("sensitivity", ["restricted", "protected", "", "secret"])
@pytest.mark.parametrize(("link", "field"), DOORS)
def test_the_address_of_a_shelter_in_a_file_is_refused_with_its_field(
    link: dict[str, Any], field: str, sensitivity: str
) -> None:
    content = packed(given(1, **SHELTER, sensitivity=sensitivity, service_at_locations=[link]))
    plan = actions.read_file(editor(), content, "", TODAY)
    assert field in [each.field for each in plan.problems]
    assert all(each.remedy for each in plan.problems)


@pytest.mark.django_db
def test_a_protected_service_of_any_kind_is_refused_with_a_street_and_a_public_shelter_always() -> (
    None
):
    keeper = editor()
    plan = actions.read_file(keeper, packed(given(1, sensitivity="protected")), "", TODAY)
    assert "address.address_1" in [each.field for each in plan.problems]
    alone: list[Any] = []
    public = given(1, **SHELTER, service_at_locations=alone)
    plan = actions.read_file(keeper, packed(public), "", TODAY)
    assert [each.field for each in plan.problems] == ["sensitivity"]
    told = given(
        1,
        **SHELTER,
        sensitivity="protected",
        service_at_locations=alone,
        description="Come to 12 Invented Street",
    )
    plan = actions.read_file(keeper, packed(told), "", TODAY)
    assert [each.field for each in plan.problems] == ["description"]


@pytest.mark.django_db
@pytest.mark.parametrize("sensitivity", ["", None, "secret", "PUBLIC?"])
def test_a_sensitivity_that_nobody_said_fails_closed(sensitivity: str | None) -> None:
    keeper = editor()
    plan = bring(keeper, packed(given(1, sensitivity=sensitivity)))
    assert plan.notes["sensitivity"] == plan.notes["dropped"] == 1
    made = Service.objects.get()
    assert made.sensitivity == "protected"
    assert not made.access_points.exists()
    assert not AccessPoint.objects.exists()
    for audience in queries.AUDIENCES:
        assert not queries.exportable(audience).exists()


@pytest.mark.django_db
def test_the_place_of_a_restricted_service_is_not_given_to_phones() -> None:
    plan = bring(editor(), packed(given(1, sensitivity="restricted")))
    assert plan.notes["restricted"] == 1
    assert not AccessPoint.objects.exists()


@pytest.mark.django_db
def test_a_service_that_shelters_from_now_on_loses_what_led_to_it() -> None:
    keeper = editor()
    bring(keeper, packed(given(1)))
    alone: list[Any] = []
    bring(keeper, packed(given(1, sensitivity="protected", service_at_locations=alone)))
    assert not Service.objects.get().access_points.exists()


@pytest.mark.django_db
def test_ones_own_organisation_is_brought_by_its_people_and_others_by_whoever_keeps_all() -> None:
    own = provider()
    mine = given(1, organization={"name": organisation().name.upper()})
    assert bring(own, packed(mine)).counts == {"new": 1}
    plan = actions.read_file(own, packed(given(2)), "", TODAY)
    assert [each.field for each in plan.problems] == ["organization"]
    abroad = editor("abroad", at=organisation("Invented Other"), country="KEN")
    plan = actions.read_file(abroad, packed(given(2)), "", TODAY)
    assert [each.field for each in plan.problems] == ["organization"]


@pytest.mark.django_db
def test_a_sealed_address_is_caught_in_a_file_too() -> None:
    keeper = editor()
    place(keeper, shelter(keeper).code)
    told = given(1, organization={"name": organisation().name}, description=f"See {ADDRESS}")
    plan = actions.read_file(keeper, packed(told), "", TODAY)
    assert [each.field for each in plan.problems] == ["description"]


@pytest.mark.django_db
def test_another_file_than_the_one_that_was_looked_at_is_not_taken_in() -> None:
    keeper = editor()
    plan = actions.read_file(keeper, packed(given(1)), "", TODAY)
    with pytest.raises(RuleBroken) as refused:
        actions.take_in(keeper, packed(given(2)), "", TODAY, plan.digest)
    assert refused.value.code == "hsds.other"


@pytest.mark.django_db
def test_ten_thousand_services_with_faults_are_refused_whole_and_each_fault_is_named() -> None:
    keeper = editor()
    services = [given(number) for number in range(1, 10_001)]
    wrong = {17: {"name": ""}, 4_711: {"status": "perhaps"}, 9_999: {"assured_date": "soon"}}
    for row, changes in wrong.items():
        services[row - 1] |= changes
    services[5_000 - 1]["id"] = "service-4"
    plan = actions.read_file(keeper, packed(*services), "", TODAY)
    assert [(each.row, each.field) for each in plan.problems] == [
        (17, "name"),
        (4_711, "status"),
        (5_000, "id"),
        (9_999, "assured_date"),
    ]
    with pytest.raises(RuleBroken):
        actions.take_in(keeper, packed(*services), "", TODAY, plan.digest)
    assert not Service.objects.exists()
    assert not Organisation.objects.filter(name="Invented Helpers").exists()


# --- Out -------------------------------------------------------------------------------------


def exported(audience: str = "public", form: FileFormat = FileFormat.JSON) -> bytes:
    return hsds_file(queries.exportable(audience), form, clock.now())


def names_in(content: bytes) -> set[str]:
    return {each["name"] for each in json.loads(content)["contents"]}


@pytest.mark.django_db
def test_only_what_is_public_leaves_to_everybody_and_what_is_restricted_to_partners() -> None:
    own = provider()
    for sensitivity in ("public", "restricted", "protected"):
        service(own, name=f"Invented {sensitivity}", sensitivity=sensitivity)
    shelter(own, sensitivity="restricted")
    assert names_in(exported()) == {"Invented public"}
    partners = {"Invented public", "Invented restricted", "Invented house"}
    assert names_in(exported("partners")) == partners


@pytest.mark.django_db
def test_nothing_of_a_protected_place_is_in_any_file() -> None:
    keeper, own = editor(), provider()
    house = shelter(own, sensitivity="restricted", name="Invented house")
    place(keeper, house.code)
    office = point(reach="1 Zarquil Road")
    set_access_points(own, house.code, [office.code])
    for audience in queries.AUDIENCES:
        for form in FileFormat:
            text = repr(unpacked(exported(audience, form)))
            assert "Quibblethorpe" not in text
            assert "Zarquil Road" not in text


def unpacked(content: bytes) -> dict[str, Any]:
    """Every table (or the one text) of a file."""
    if not content.startswith(b"PK"):
        return {"json": content.decode()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.django_db
def test_a_sensitivity_that_is_not_known_here_leaves_in_no_file() -> None:
    made = service(provider())
    made.sensitivity = "something new"
    assert list(outgoing([made])) == []
    made.sensitivity = ""
    assert list(outgoing([made])) == []


@pytest.mark.django_db
@pytest.mark.parametrize("form", FileFormat)
def test_what_goes_out_comes_in_again_as_it_was(form: FileFormat) -> None:
    keeper = editor()
    bring(keeper, packed(given(1, minimum_age=18, capacity="open", zone="Asia/Kathmandu")))
    made = Service.objects.get()
    before = {name: getattr(made, name) for name in actions._SAID}
    content = exported(form=form)
    plan = actions.read_file(keeper, content, "", TODAY)
    assert not plan.problems
    assert plan.counts == {"same": 1}
    # And elsewhere, where nobody knows it.
    Service.objects.all().update(source_id="gone")
    Service.objects.all().delete()
    bring(keeper, content)
    again = Service.objects.get()
    assert {name: getattr(again, name) for name in actions._SAID} == before
    assert again.access_points.count() == 1


@pytest.mark.django_db
def test_the_tables_are_those_of_the_standard_and_their_keys_lead_somewhere() -> None:
    bring(editor(), packed(given(1), given(2)))
    tables = unpacked(exported(form=FileFormat.TABLES))
    rows = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text)))
        for name, text in tables.items()
        if name.endswith(".csv")
    }
    ids = {name: {row["id"] for row in each} for name, each in rows.items()}
    assert {row["organization_id"] for row in rows["services"]} <= ids["organizations"]
    for link in rows["service_at_location"]:
        assert link["service_id"] in ids["services"]
        assert link["location_id"] in ids["locations"]
    for each in rows["attributes"]:
        assert each["link_id"] in ids["services"]
        assert each["taxonomy_term_id"] in ids["taxonomy_terms"]
    described = json.loads(tables["datapackage.json"])
    assert {each["path"] for each in described["resources"]} == set(tables) - {"datapackage.json"}


@pytest.mark.django_db
def test_whoever_keeps_the_directory_takes_it_out_and_it_is_noted() -> None:
    own, keeper = provider(), editor()
    first = service(own)
    gone = service(own, name="Invented gone")
    close_service(own, gone.code)
    content, count = actions.export_directory(keeper, "public", FileFormat.JSON)
    assert (names_in(content), count) == ({first.name}, 1)
    assert AuditEntry.objects.get(code="directory.exported").facts["count"] == 1
    with pytest.raises(PermissionDenied):
        actions.export_directory(own, "public", FileFormat.JSON)
    with pytest.raises(RuleBroken):
        actions.export_directory(keeper, "everybody", FileFormat.JSON)


# --- Whole files -----------------------------------------------------------------------------


def zipped(**tables: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "hsds.json"),
        (b"{", "hsds.json"),
        (b"[]", "hsds.empty"),
        (b"\xff\xfe", "hsds.encoding"),
        (b'["\\ud800"]', "hsds.encoding"),
        (b"[NaN]", "hsds.json"),
        (b"[" * 5_000, "hsds.json"),
        (b"PK not a zip", "hsds.archive"),
        (zipped(organizations="id\r\n1\r\n"), "hsds.services"),
        (zipped(services="id,name\r\n"), "hsds.empty"),
        (zipped(services='id,name\r\n1,"open\r\n'), "hsds.table"),
        (zipped(**{f"table{number}": "" for number in range(65)}), "hsds.large"),
        (json.dumps([{}] * 20_001).encode(), "hsds.many"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        reading.read(content)
    assert refused.value.code == code
    assert refused.value.remedy


def test_services_are_found_in_every_shape_that_the_standard_has() -> None:
    one = given(1)
    page = {"contents": [one], "total_items": 1}
    nested = [{"id": "o1", "name": "Invented Helpers", "services": [{"id": "s"}]}]
    assert reading.read(json.dumps(one).encode())[0].service["name"] == one["name"]
    assert reading.read(json.dumps(page).encode())[0].service["name"] == one["name"]
    found = reading.read(json.dumps(nested).encode())[0].service
    assert (found["id"], found["organization"]["name"]) == ("s", "Invented Helpers")
    assert reading.read(json.dumps(["text", 7]).encode())[0].service == {}


@pytest.mark.django_db
def test_an_attack_in_a_cell_is_text_and_nothing_else() -> None:
    keeper = editor()
    nasty = given(1, name='=HYPERLINK("x")', description="<script>alert(1)</script>")
    bring(keeper, packed(nasty))
    tables = unpacked(exported(form=FileFormat.TABLES))
    row = next(iter(csv.DictReader(io.StringIO(tables["services.csv"]))))
    assert row["name"].startswith("'=")
    plan = actions.read_file(keeper, exported(form=FileFormat.TABLES), "", TODAY)
    assert [each.changed for each in plan.lines] == [[]]


@pytest.mark.django_db
def test_a_full_service_is_full_in_the_file_and_a_pause_says_so() -> None:
    keeper = editor()
    bring(keeper, packed(given(1, status="temporarily closed")))
    made = Service.objects.get()
    assert made.capacity == "closed"
    service_actions.say_capacity(keeper, made.code, "open")
    assert json.loads(exported())["contents"][0]["capacity"] == "open"
