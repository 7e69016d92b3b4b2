"""How the history of reports is told: the second half of a sentence that begins with who."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.triage import ClosedReason, flaw_of

# What the log of the installation says of entries about reports.
SENTENCES: dict[str, Promise] = {
    "report.opened": _("opened a report."),
    "report.flawed": _("found that a report does not open."),
    "report.settled": _("closed a report."),
    "report.linked": _("linked a report to procedure %(procedure)s."),
    "report.taken_up": _("took a report up again."),
}


def step_sentence(state: str, reason: str, facts: Mapping[str, Any]) -> str:
    """What one step of a report says, in words; see models.reports.ReportStep."""
    if "flaw" in facts:
        words = {"flaw": flaw_of(str(facts["flaw"])).label}
        if state == ReportState.RECEIVED:
            return _now("could not open the report. %(flaw)s.") % words
        return _now("opened the report and could not read all of it. %(flaw)s.") % words
    why = {"reason": ClosedReason(reason).label if reason in ClosedReason.values else ""}
    if state == ReportState.LINKED:
        return _now("linked the report to procedure %(procedure)s.") % {
            "procedure": facts.get("procedure", "–")
        }
    if state == ReportState.NO_CONCERN:
        return _now("closed the report: no concern. %(reason)s.") % why
    if state == ReportState.INSUFFICIENT:
        return _now("closed the report: not enough is known. %(reason)s.") % why
    if state == ReportState.DUPLICATE:
        return _now("marked the report as repeating %(other)s.") % {
            "other": facts.get("repeats", "–")
        }
    if reason:
        return _now("took the report up again. %(reason)s.") % why
    return _now("opened the report.")
