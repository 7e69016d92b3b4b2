"""The table, continued: files of the data standard for cases."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import FORM, Door, Kind

KINDS: dict[str, Kind] = {}

DOORS: dict[str, Door] = {
    "identification:htcds": Door(any_of=frozenset({P.PROCEDURE_EXPORT, P.REPORT_SUBMIT})),
    "identification:htcds-export": Door(
        methods=FORM, before=frozenset({P.PROCEDURE_EXPORT}), is_recent=True
    ),
    "identification:htcds-bring": Door(methods=FORM, before=frozenset({P.REPORT_SUBMIT})),
}
