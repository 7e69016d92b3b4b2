"""Rules of the curriculum: what a version's content is, and when it may still change. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.rules.states import VersionState

LONGEST_PART = 600  # minutes: a part of a module lasts at most a long day
# Moves that need somebody who decides; the others are editing.
DECIDED = frozenset(
    {
        VersionState.APPROVED,
        VersionState.PUBLISHED,
        VersionState.SUPERSEDED,
        VersionState.WITHDRAWN,
    }
)
FREEZES = frozenset({VersionState.APPROVED, VersionState.PUBLISHED})


def parse_outline(text: str) -> list[dict[str, Any]]:
    """Lines "minutes | method | title" as parts; empty lines are left out.

    Raises RuleBroken("module.outline") that names the line, the reason and the remedy.
    """
    parts = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("|")]
        is_whole = len(cells) == 3 and cells[0].isdecimal() and all(cells[1:])
        if not is_whole or not 0 < int(cells[0]) <= LONGEST_PART:
            raise RuleBroken(
                "module.outline",
                _("Line %(number)d of the outline cannot be read.") % {"number": number},
                _("Write minutes, method and title with | between: 45 | Case work | The border."),
            )
        parts.append({"minutes": int(cells[0]), "method": cells[1], "title": cells[2]})
    return parts


def written_outline(parts: Sequence[Mapping[str, Any]]) -> str:
    """The parts as the lines that `parse_outline` reads."""
    return "\n".join(f"{part['minutes']} | {part['method']} | {part['title']}" for part in parts)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a version's content: translations are compared with it."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_stale(source_hash: str, version_hash: str) -> bool:
    """True for a translation of a text that has changed since."""
    return source_hash != version_hash


def next_number(numbers: Sequence[tuple[int, int]], *, is_major: bool) -> tuple[int, int]:
    """The next (major, minor): 1.0 for the first, 2.0 after 1.3, or 1.4."""
    if not numbers:
        return (1, 0)
    major, minor = max(numbers)
    return (major + 1, 0) if is_major else (major, minor + 1)


def check_open(*, is_frozen: bool) -> None:
    """Raise RuleBroken("module.frozen") for a version that was approved or taught."""
    if is_frozen:
        raise RuleBroken(
            "module.frozen",
            _("This version was approved or taught, so it never changes."),
            _("Enter a new version; it begins with the same content."),
        )


def check_complete(*, objectives: int, parts: int) -> None:
    """Raise RuleBroken("module.incomplete") for a version that nobody could teach from."""
    if not objectives or not parts:
        raise RuleBroken(
            "module.incomplete",
            _("A version without objectives or without an outline cannot be taught."),
            _("Add at least one objective and one line of the outline."),
        )


def changed_lines(left: str, right: str) -> list[tuple[str, str, str]]:
    """(kind, left line, right line) of two texts side by side; kind: same, changed, gone, new."""
    from difflib import SequenceMatcher

    first, second = left.splitlines(), right.splitlines()
    rows: list[tuple[str, str, str]] = []
    for tag, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        olds, news = first[i:j], second[k:m]
        if tag == "equal":
            rows += [("same", old, old) for old in olds]
            continue
        for at in range(max(len(olds), len(news))):
            old = olds[at] if at < len(olds) else ""
            new = news[at] if at < len(news) else ""
            kind = "changed" if at < len(olds) and at < len(news) else "gone" if old else "new"
            rows.append((kind, old, new))
    return rows
