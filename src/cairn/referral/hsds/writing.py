"""Services as a file of the standard: JSON, or a package of CSV tables with its description.

What goes out is named here field by field. `Outgoing` has no field for a protected place, and a
service that shelters people goes out without any location.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID, uuid5

import pycountry

from cairn.core.tables.writing import write_csv
from cairn.referral.hsds.schedules import schedules_of
from cairn.referral.hsds.shapes import OWN_FIELDS, TAXONOMIES, VERSION, Point

# Ids of what has none here are made of ids that we have, so that a file is the same each time.
_NAMESPACE: Final = UUID("9d2b6a52-2f0c-4b0c-8a3f-0d4b5a5f3b11")
_FIXED: Final = (2000, 1, 1, 0, 0, 0)
TABLES: Final[Mapping[str, Sequence[str]]] = {
    "organizations": ("id", "name", "description"),
    "services": (
        "id",
        "organization_id",
        "name",
        "description",
        "email",
        "status",
        "eligibility_description",
        "minimum_age",
        "maximum_age",
        "assured_date",
        *OWN_FIELDS,
    ),
    "service_at_location": ("id", "service_id", "location_id"),
    "locations": ("id", "location_type", "name"),
    "addresses": (
        "id",
        "location_id",
        "address_1",
        "city",
        "state_province",
        "postal_code",
        "country",
        "address_type",
    ),
    "phones": ("id", "location_id", "service_id", "number", "type"),
    "schedules": (
        "id",
        "service_id",
        "freq",
        "interval",
        "byday",
        "opens_at",
        "closes_at",
        "timezone",
        "description",
    ),
    "service_areas": ("id", "service_id", "name"),
    "languages": ("id", "service_id", "name", "code"),
    "attributes": ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value"),
    "taxonomy_terms": ("id", "code", "name", "taxonomy"),
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A service as it leaves. `codes`: field of TAXONOMIES -> (code, English name) pairs."""

    id: UUID
    organisation_id: UUID
    organisation: str
    name: str
    description: str
    email: str
    phone: str
    eligibility: str
    country: str
    area: str
    ages: Sequence[str]
    languages: Sequence[tuple[str, str]]
    hours: Mapping[str, Any]
    hours_text: str
    zone: str
    codes: Mapping[str, Sequence[tuple[str, str]]]
    sensitivity: str
    capacity: str
    capacity_at: datetime | None
    assured_on: date
    points: Sequence[tuple[UUID, Point]]


def nested(each: Outgoing, now: datetime) -> dict[str, Any]:
    """A service with all that belongs to it, as the standard's JSON has it."""
    made: dict[str, Any] = {
        "id": str(each.id),
        "name": each.name,
        "status": "active",
        "assured_date": each.assured_on.isoformat(),
        "sensitivity": each.sensitivity,
        "country": each.country,
        "zone": each.zone,
        "organization": {
            "id": str(each.organisation_id),
            "name": each.organisation,
            "description": each.organisation,
        },
        "service_areas": [{"id": _id(each, "area"), "name": each.area}],
        "attributes": _attributes(each),
        "languages": [
            {"id": _id(each, "language", code), "code": code, "name": name}
            for code, name in each.languages
        ],
        "schedules": _schedules(each, now),
    }
    texts = {
        "description": each.description,
        "email": each.email,
        "eligibility_description": each.eligibility,
        "capacity": each.capacity,
        "capacity_updated": each.capacity_at.isoformat() if each.capacity_at else "",
    }
    made |= {name: text for name, text in texts.items() if text}
    if list(each.ages) == ["adult"]:
        made["minimum_age"] = 18
    elif list(each.ages) == ["child"]:
        made["maximum_age"] = 17
    if each.phone:
        made["phones"] = [{"id": _id(each, "phone"), "number": each.phone, "type": "voice"}]
    if each.points:
        made["service_at_locations"] = [
            {"id": _id(each, "at", str(key)), "location": _location(each, key, point)}
            for key, point in each.points
        ]
    return made


def _id(each: Outgoing, *parts: str) -> str:
    return str(uuid5(_NAMESPACE, "\0".join((str(each.id), *parts))))


def _attributes(each: Outgoing) -> list[dict[str, Any]]:
    return [
        {
            "id": _id(each, taxonomy, code),
            "link_type": taxonomy,
            "link_entity": "service",
            "value": code,
            "taxonomy_term": {
                "id": str(uuid5(_NAMESPACE, f"{taxonomy}\0{code}")),
                "code": code,
                "name": name,
                "taxonomy": taxonomy,
            },
        }
        for field, taxonomy in TAXONOMIES.items()
        for code, name in each.codes.get(field, ())
    ]


def _schedules(each: Outgoing, now: datetime) -> list[dict[str, Any]]:
    lines = schedules_of(each.hours, each.zone, now)
    if each.hours_text:
        lines = lines or [{}]
        lines[0] = {**lines[0], "description": each.hours_text}
    return [{"id": _id(each, "schedule", str(n)), **line} for n, line in enumerate(lines)]


def _location(each: Outgoing, key: UUID, point: Point) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": str(key),
        "location_type": "physical" if point.way == "door" else "virtual",
        "name": point.name,
    }
    if point.reach and point.way == "door":
        found = pycountry.countries.get(alpha_3=each.country)
        made["addresses"] = [
            {
                "id": str(uuid5(_NAMESPACE, f"address\0{key}")),
                "address_1": point.reach,
                "city": point.area,
                # The standard wants both; they are not kept here.
                "state_province": "",
                "postal_code": "",
                "country": found.alpha_2 if found else each.country,
                "address_type": "physical",
            }
        ]
    if point.phone:
        made["phones"] = [
            {
                "id": str(uuid5(_NAMESPACE, f"phone\0{key}")),
                "number": point.phone,
                "type": "voice",
            }
        ]
    return made


def as_json(services: Iterable[Outgoing], now: datetime) -> str:
    """One page of services, with all of them."""
    contents = [nested(each, now) for each in services]
    page = {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }
    return json.dumps(page, ensure_ascii=False, indent=1)


def as_tables(services: Iterable[Outgoing], now: datetime) -> bytes:
    """A ZIP with a CSV for each table and `datapackage.json`; the same input, the same bytes."""
    rows: dict[str, dict[str, Mapping[str, Any]]] = {name: {} for name in TABLES}
    for each in services:
        _spread(rows, nested(each, now))
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns in TABLES.items():
            lines = ([row.get(column, "") for column in columns] for row in rows[name].values())
            _put(archive, f"{name}.csv", "".join(write_csv(columns, lines)))
        _put(archive, "datapackage.json", json.dumps(_description(), indent=1))
    return made.getvalue()


def _spread(rows: dict[str, dict[str, Mapping[str, Any]]], service: dict[str, Any]) -> None:
    """One nested service as rows of the tables; what several share stands once."""
    own = {"service_id": service["id"]}
    owner = service["organization"]
    rows["organizations"][owner["id"]] = owner
    rows["services"][service["id"]] = service | {"organization_id": owner["id"]}
    for name in ("phones", "schedules", "service_areas", "languages"):
        rows[name] |= {each["id"]: each | own for each in service.get(name, ())}
    for each in service["attributes"]:
        term = each["taxonomy_term"]
        rows["taxonomy_terms"][term["id"]] = term
        link = {"link_id": service["id"], "taxonomy_term_id": term["id"]}
        rows["attributes"][each["id"]] = each | link
    for link in service.get("service_at_locations", ()):
        location = link["location"]
        place = {"location_id": location["id"]}
        rows["locations"][location["id"]] = location
        rows["service_at_location"][link["id"]] = {"id": link["id"]} | own | place
        for name in ("addresses", "phones"):
            rows[name] |= {each["id"]: each | place for each in location.get(name, ())}


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, date_time=_FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def _description() -> dict[str, Any]:
    """What the tables hold (Tabular Data Package)."""
    return {
        "profile": "tabular-data-package",
        "name": "services",
        "version": VERSION,
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "schema": {
                    "fields": [{"name": column, "type": "string"} for column in columns],
                    "primaryKey": "id",
                },
            }
            for name, columns in TABLES.items()
        ],
    }
