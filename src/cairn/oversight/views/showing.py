"""How an opened value is shown: its text, or why it cannot be read. One way for every page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.oversight import subjects
from cairn.oversight.actions.readings import Opened, Unreadable
from cairn.oversight.models.base import OversightRecord

# Fields of the desk's own records, in the order in which they are opened.
DESK_WORDS: dict[str, Promise] = {
    "Alert.note": gettext_lazy("Why it was decided so"),
    "BreakGlass.reason": gettext_lazy("Reason"),
    "BreakGlass.review_note": gettext_lazy("Why it was decided so"),
    "Erasure.reason": gettext_lazy("Reason"),
    "ExportRequest.reason": gettext_lazy("Reason"),
    "Hold.reason": gettext_lazy("Legal reason"),
    "Incident.description": gettext_lazy("What happened"),
    "Reading.reason": gettext_lazy("Reason"),
    "Step.note": gettext_lazy("Why it was decided so"),
    "SubjectRequest.safe_channel": gettext_lazy("How to answer safely"),
    "SubjectRequest.statement": gettext_lazy("In the person's words"),
    "SubjectRequest.who": gettext_lazy("Who asks"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One opened value. `problem`: why it cannot be read; empty when it can."""

    label: str
    text: str
    problem: str = ""


def shown(opened: Opened) -> list[Shown]:
    """The opened values of one person's record, in the order in which its kind names them."""
    kind = subjects.kind_of(opened.record)
    return [
        shown_value(str(words), opened.values[name], partial(kind.in_words, name))
        for name, words in kind.sealed.items()
        if name in opened.values
    ]


def shown_notes(record: OversightRecord, opened: Mapping[str, str | Unreadable]) -> list[Shown]:
    """The opened values of one of the desk's own records."""
    model = type(record).__name__
    return [
        shown_value(str(DESK_WORDS[f"{model}.{name}"]), value) for name, value in opened.items()
    ]


def _text(value: Any) -> str:
    return str(value or "")


def shown_value(label: str, value: Any, in_words: Callable[[Any], str] = _text) -> Shown:
    """One value as it comes out of an opening."""
    if not isinstance(value, Unreadable):
        return Shown(label, in_words(value))
    problems = {
        "altered": _("cannot be read: altered"),
        "erased": _("cannot be read: erased"),
        "no-key": _("cannot be read: its key is not there"),
    }
    return Shown(label, "", problems[value.reason])
