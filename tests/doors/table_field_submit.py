"""The table, continued: reports of helplines and partners. What they sent they never see again."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import ABSENT, FORM, MOVED, Door, Kind

KINDS: dict[str, Kind] = {}
_SENDS = frozenset({P.REPORT_SUBMIT})

DOORS: dict[str, Door] = {
    "field:submit": Door(before=_SENDS),
    # Nobody said for which unit the report is: back to where that is chosen.
    "field:submit-form": Door(methods=FORM, before=_SENDS, answers=MOVED, posts=MOVED),
    "field:submit-done": Door(before=_SENDS, fixed={"token": "made-up"}, answers=ABSENT),
    "field:submit-file": Door(methods=FORM, before=_SENDS),
    "field:submit-template": Door(before=_SENDS),
}
