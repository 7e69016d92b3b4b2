"""Bytes of a file -> services with what belongs to them: JSON, or a package of CSV tables."""

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.tables.cells import undefuse
from cairn.referral.hsds.shapes import MOST_SERVICES, Item

# A directory of 20,000 services takes about 30 MB as tables; more is a bomb.
MOST_INFLATED: Final = 96 * 1024 * 1024
MOST_ENTRIES: Final = 64
MOST_ROWS: Final = 20 * MOST_SERVICES
_SINGULAR: Final = {
    "address": "addresses",
    "attribute": "attributes",
    "language": "languages",
    "location": "locations",
    "organization": "organizations",
    "phone": "phones",
    "schedule": "schedules",
    "service": "services",
    "service_area": "service_areas",
    "service_at_locations": "service_at_location",
    "taxonomy_term": "taxonomy_terms",
}
_TABLES: Final = frozenset(_SINGULAR.values())
Rows = list[dict[str, Any]]


def read(content: bytes) -> list[Item]:
    """The services of a file, in its order. Raises RuleBroken ("hsds.*") for the whole file."""
    if content.startswith(b"PK"):
        items = _from_tables(_tables(content))
    else:
        items = list(_from_json(_loaded(content)))
    if not items:
        raise RuleBroken(
            "hsds.empty",
            _("The file holds no service."),
            _("Bring services of the standard HSDS 3.0, as JSON or as a package of tables."),
        )
    if len(items) > MOST_SERVICES:
        raise RuleBroken(
            "hsds.many",
            _("The file holds more than %(most)d services.") % {"most": MOST_SERVICES},
            _("Split it into several files."),
        )
    return items


# --- JSON ------------------------------------------------------------------------------------


def _loaded(content: bytes) -> Any:
    try:
        # JSON can write half of a sign, which nothing can store or show.
        found = json.loads(content.decode("utf-8-sig"))
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeError:
        raise RuleBroken(
            "hsds.encoding", _("The file is not UTF-8."), _("Save it as UTF-8 and bring it again.")
        ) from None
    except (ValueError, RecursionError):
        raise RuleBroken(
            "hsds.json",
            _("The file is neither JSON nor a package of tables (ZIP)."),
            _("Bring services of the standard HSDS 3.0, as JSON or as a package of tables."),
        ) from None
    return found


def _from_json(found: Any) -> Iterator[Item]:
    """Services of a list, of a page of a list ("contents"), of organisations, or one alone."""
    if isinstance(found, dict):
        found = found.get("contents") or found.get("services") or [found]
    row = 0
    for each in found if isinstance(found, list) else []:
        for service in _services_in(each):
            row += 1
            yield Item(row, service)


def _services_in(each: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(each, dict):
        yield {}
        return
    inner = each.get("services")
    if isinstance(inner, list) and "status" not in each:
        owner = {name: value for name, value in each.items() if name != "services"}
        for service in inner:
            yield {"organization": owner, **service} if isinstance(service, dict) else {}
        return
    yield each


# --- Tables ----------------------------------------------------------------------------------


def _tables(content: bytes) -> dict[str, Rows]:
    """Name of a table -> its rows, of those that are used."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_size(archive)
            return {
                name: list(_rows(archive, entry))
                for entry in archive.infolist()
                if (name := _name_of(entry)) in _TABLES
            }
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError):
        raise _broken() from None
    except RuntimeError:  # as zipfile says that an entry is encrypted
        raise _broken() from None


def _broken() -> RuleBroken:
    return RuleBroken(
        "hsds.archive",
        _("The package of tables cannot be opened."),
        _("Pack the tables anew, as a ZIP without a password."),
    )


def _check_size(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    inflated = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or inflated > MOST_INFLATED:
        raise RuleBroken(
            "hsds.large",
            _("The package of tables is too large when it is unpacked."),
            _("Split it into several files."),
        )


def _name_of(entry: zipfile.ZipInfo) -> str:
    base = entry.filename.rpartition("/")[2].lower()
    if not base.endswith(".csv") or entry.is_dir():
        return ""
    name = base.removesuffix(".csv")
    return _SINGULAR.get(name, name)


def _rows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[dict[str, Any]]:
    # An archive can lie about sizes: no byte beyond what it said is read.
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise zipfile.BadZipFile
    try:
        text = content.decode("utf-8-sig")
    except UnicodeError:
        raise RuleBroken(
            "hsds.encoding",
            _("The table %(name)s is not UTF-8.") % {"name": entry.filename},
            _("Save it as UTF-8 and bring it again."),
        ) from None
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    try:
        for number, row in enumerate(reader, 2):
            if number > MOST_ROWS:
                raise RuleBroken(
                    "hsds.many",
                    _("The table %(name)s has too many rows.") % {"name": entry.filename},
                    _("Split it into several files."),
                )
            yield {
                str(name).strip(): undefuse(cell)
                for name, cell in row.items()
                if name is not None and isinstance(cell, str)
            } | {"_row": number}
    except csv.Error:
        raise RuleBroken(
            "hsds.table",
            _("The table %(name)s cannot be read from row %(row)d on.")
            % {"name": entry.filename, "row": reader.line_num},
            _("Look for a quotation mark that is opened and never closed."),
        ) from None


def _from_tables(tables: Mapping[str, Rows]) -> list[Item]:
    """Services with what the other tables say of them, nested as in JSON."""
    if "services" not in tables:
        raise RuleBroken(
            "hsds.services",
            _("The package holds no table services.csv."),
            _("Bring services of the standard HSDS 3.0, as JSON or as a package of tables."),
        )
    places = {row.get("id", ""): dict(row) for row in tables.get("locations", [])}
    for name in ("addresses", "phones", "schedules"):
        for key, rows in _by(tables.get(name, []), "location_id").items():
            if key in places:
                places[key][name] = rows
    links = _by(tables.get("service_at_location", []), "service_id")
    owners = {row.get("id", ""): row for row in tables.get("organizations", [])}
    inner = {
        name: _by(tables.get(name, []), "service_id")
        for name in ("phones", "schedules", "languages", "service_areas")
    }
    attributes = _attributes(tables)
    items = []
    for row in tables["services"]:
        own = row.get("id", "")
        service = {name: value for name, value in row.items() if name != "_row"}
        service |= {name: found.get(own, []) for name, found in inner.items()}
        service["attributes"] = attributes.get(own, [])
        service["organization"] = owners.get(row.get("organization_id", ""), {})
        service["service_at_locations"] = [
            {**link, "location": places.get(link.get("location_id", ""), {})}
            for link in links.get(own, [])
        ]
        items.append(Item(row["_row"], service))
    return items


def _attributes(tables: Mapping[str, Rows]) -> dict[str, Rows]:
    terms = {row.get("id", ""): row for row in tables.get("taxonomy_terms", [])}
    rows = [
        {**row, "taxonomy_term": terms.get(row.get("taxonomy_term_id", ""), {})}
        for row in tables.get("attributes", [])
        if row.get("link_entity", "service") in {"service", "services"}
    ]
    return _by(rows, "link_id")


def _by(rows: Iterable[dict[str, Any]], name: str) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        if key := row.get(name, ""):
            found.setdefault(key, []).append(row)
    return found
