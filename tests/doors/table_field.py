"""The table, continued: reports, phones, decisions' rights and what is around them, by part."""

from importlib import import_module

from tests.doors.outcome import Door, Kind

PARTS = (
    "access_points",
    "devices",
    "held",
    "htcds",
    "indicators",
    "paper",
    "rights",
    "submit",
    "triage",
)

FIELD_KINDS: dict[str, Kind] = {}
FIELD: dict[str, Door] = {}
for _part in PARTS:
    _module = import_module(f"tests.doors.table_field_{_part}")
    FIELD_KINDS |= _module.KINDS
    FIELD |= _module.DOORS
