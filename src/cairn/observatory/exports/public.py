"""Published figures to take away: rows, code lists and the statements that belong to them."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.observatory.queries.published import Found
from cairn.observatory.rules.publication import Columns, Publication
from cairn.observatory.rules.publication_time import is_year

# Words of SDMX: "everybody" in a column, the status of an observation (CL_OBS_STATUS 2.2: A
# normal value, Q missing value, suppressed), and the names of the columns beside the codes.
TOTAL, SHOWN, HIDDEN = "_T", "A", "Q"
PERIOD, VALUE, STATUS = "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"
# Files say nothing about the moment at which somebody asked for them.
UNDATED = (1980, 1, 1, 0, 0, 0)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "metadata": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
Row = tuple[object, ...]


def period_code(since: date, until: date, *, yearly: bool) -> str:
    """SDMX: "2025" or "2025-Q1"."""
    return str(since.year) if yearly else f"{since.year}-Q{(since.month + 2) // 3}"


def columns(found: Publication) -> list[str]:
    return [PERIOD, *found.names, VALUE, STATUS]


def rows(found: Publication, only: Sequence[Columns] | None = None) -> Iterator[Row]:
    """Every cell of every grouping (or of `only` these): codes, figure, status. None is hidden."""
    period = period_code(found.since, found.until, yearly=is_year(found))
    for by, cells in found.groupings.items():
        if only is not None and by not in only:
            continue
        for at, value in cells.items():
            codes = dict(zip(by, at, strict=True))
            told = [codes.get(name, TOTAL) for name in found.names]
            yield (period, *told, value, HIDDEN if value is None else SHOWN)


def code_rows(found: Publication) -> Iterator[Row]:
    """column, its label, its class, code, label, wider code, codes put together in it."""
    for column in found.columns:
        for each in column.codes:
            yield (
                column.name,
                column.label,
                column.field_class,
                each.code,
                each.label,
                each.parent,
                " ".join(each.members),
            )


CODE_COLUMNS = ("column", "column_label", "class", "code", "label", "parent", "members")


def csv_lines(found: Publication, only: Sequence[Columns] | None = None) -> Iterator[str]:
    """CSV lines of the figures; a hidden figure is an empty value with the status Q."""
    return write_csv(columns(found), rows(found, only))


def metadata(found: Found) -> dict[str, Any]:
    """The structure and the reference metadata of a release, in the words of SDMX, as JSON."""
    told, payload = found.publication, found.payload
    return {
        "meta": {
            "schema": "structure and reference metadata after SDMX 3.0, as plain JSON",
            "prepared": found.published_at.isoformat(),
            "id": told.code,
            "digest": {"algorithm": "sha256", "value": found.digest},
        },
        "dataflow": {"id": told.code, "name": told.title, "series": told.series},
        "structure": {
            "dimensions": [
                {
                    "id": column.name,
                    "name": column.label,
                    "class": column.field_class,
                    "codelist": [
                        {
                            "id": each.code,
                            "name": each.label,
                            **({"parent": each.parent} if each.parent else {}),
                            **({"members": list(each.members)} if each.members else {}),
                        }
                        for each in column.codes
                    ],
                }
                for column in told.columns
            ],
            "timeDimension": {
                "id": PERIOD,
                "value": period_code(told.since, told.until, yearly=is_year(told)),
                "since": told.since.isoformat(),
                "until": told.until.isoformat(),
            },
            "measure": {"id": VALUE, "unit": told.statements["counting_unit"]},
            "attributes": {
                STATUS: {SHOWN: "shown", HIDDEN: "hidden by disclosure control; not zero"},
                TOTAL: "everybody, whatever the value of this column",
            },
            "groupings": [list(by) for by in told.groupings],
        },
        "referenceMetadata": {
            **told.statements,
            "label": told.label,
            "reference_date": told.reference_date.isoformat(),
            "breaks": payload["series"]["breaks"],
            "completeness": payload["completeness"],
            "protection": payload["protection"],
            "quality": payload["quality"],
            "audit": payload["audit"],
            "cells_not_listed": "hidden",
        },
    }


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def workbook(found: Found) -> bytes:
    """Three sheets: figures, codes, and what must be read beside them."""
    told = found.publication
    about: list[tuple[object, ...]] = [
        ("release", told.code),
        ("title", told.title),
        ("label", told.label),
        *told.statements.items(),
        ("since", told.since.isoformat()),
        ("until", told.until.isoformat()),
        ("reference_date", told.reference_date.isoformat()),
        *((f"break from {each.on.isoformat()}", each.what) for each in told.breaks),
        ("hidden", "An empty figure with status Q is hidden, not zero."),
        ("sha256", found.digest),
    ]
    made = io.BytesIO()
    write_xlsx(
        made,
        [
            Sheet(_("Figures"), columns(told), rows(told)),
            Sheet(_("Codes"), CODE_COLUMNS, code_rows(told)),
            Sheet(_("About"), ("item", "text"), about),
        ],
        title=told.title,
    )
    return made.getvalue()


def archive(found: Found) -> bytes:
    """Figures, codes and metadata in one file, the same bytes each time."""
    told = found.publication
    parts: Iterable[tuple[str, str]] = (
        (f"{told.code}.csv", "".join(csv_lines(told))),
        (f"{told.code}-codes.csv", "".join(write_csv(CODE_COLUMNS, code_rows(told)))),
        (f"{told.code}-metadata.json", as_json(metadata(found))),
        (f"{told.code}.json", as_json(found.payload)),
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts:
            packed.writestr(zipfile.ZipInfo(name, UNDATED), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()
