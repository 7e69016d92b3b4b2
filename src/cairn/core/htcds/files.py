"""Files of HTCDS as text: CSV and JSON out, JSON in. Pure; CSV and XLSX in: cairn.core.tables."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.htcds.codes import SEVERAL
from cairn.core.htcds.fields import VERSION
from cairn.core.tables import write_csv

SEPARATOR: Final = ";"
STANDARD: Final = "Human Trafficking Case Data Standard"
Rows = Sequence[Mapping[str, Sequence[str]]]


def as_csv(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """Lines of a CSV, header first; several values of a cell stand behind semicolons."""
    return write_csv(
        columns,
        ([SEPARATOR.join(row.get(name, ())) for name in columns] for row in rows),
        bom=True,
    )


def as_json(columns: Sequence[str], rows: Rows) -> str:
    """An object with the standard's name and version and its "records"; empty fields stay out."""
    records = [
        {
            name: list(values) if name in SEVERAL else SEPARATOR.join(values)
            for name in columns
            if (values := row.get(name, ()))
        }
        for row in rows
    ]
    made = {"standard": STANDARD, "version": VERSION, "records": records}
    return json.dumps(made, ensure_ascii=False, indent=1)


def records_of(text: str) -> list[dict[str, str]]:
    """The records of a JSON file as rows of text: a list of objects, or an object that holds one.

    Groups of form tools are taken out ({"person": {"prs_Gender": ..}} gives "person/prs_Gender").
    Raises RuleBroken("file.json").
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused(_("The file is not JSON that can be read.")) from None
    if isinstance(given, Mapping):
        lists = [value for value in given.values() if isinstance(value, list)]
        given = lists[0] if len(lists) == 1 else [given]
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise _refused(_("The file is no list of records."))
    return [_flat(each) for each in given]


def _flat(record: Mapping[str, Any], before: str = "") -> dict[str, str]:
    row: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, Mapping):
            row |= _flat(value, f"{before}{name}/")
        else:
            row[f"{before}{name}"] = _text(value)
    return row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return SEPARATOR.join(_text(each) for each in value if not isinstance(each, list | dict))
    return str(value)


def _refused(message: str) -> RuleBroken:
    return RuleBroken(
        "file.json",
        message,
        _("Send a list of objects, one for each record, with the names of fields as keys."),
    )
