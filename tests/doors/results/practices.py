"""The table, the scene and the readings of: practices, tools.

A practice is seen by everybody once two people agreed on it; its draft by whoever writes or
reviews. Tools, their versions and what was made of them are open, and so are the counts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.library.models import Practice, Tool, ToolAdaptation, ToolDownloads, ToolVersion
from tests.doors.outcome import EVERYWHERE, FORM, MOVED, Door, Kind, R
from tests.doors.people import places
from tests.doors.someone import Someone
from tests.doors.stage import Scene

STRAYS = frozenset({R.OTHER_ZONE, R.MISSING})
OPEN = Kind("programme", {None: EVERYWHERE}, EVERYWHERE | STRAYS)
KINDS: dict[str, Kind] = {
    "practice": OPEN,
    "practice-draft": Kind(
        "programme",
        {P.DOCUMENT_EDIT: EVERYWHERE, P.DOCUMENT_PUBLISH: EVERYWHERE},
        EVERYWHERE | STRAYS,
    ),
    "tool": OPEN,
    "tool-version": OPEN,
    "tool-adaptation": OPEN,
}
WRITES, REVIEWS, KEEPS = (
    frozenset({each}) for each in (P.DOCUMENT_EDIT, P.DOCUMENT_PUBLISH, P.LIBRARY_EDIT)
)
DRAFT = Door("practice-draft", FORM, before=WRITES)
ENTRY = Door("tool", FORM, before=KEEPS)
PAGE = Door(is_open=True)
DOORS: dict[str, Door] = {
    "library:practices": PAGE,
    "library:practices-export": Door(is_open=True, fixed={"kind": "json"}),
    "library:practice-new": Door(methods=FORM, before=WRITES),
    "library:practice": Door("practice", is_open=True),
    "library:practice-edit": DRAFT,
    "library:practice-send": DRAFT,
    "library:practice-later": Door("practice", FORM, before=WRITES),
    "library:practice-decide": Door("practice-draft", FORM, before=REVIEWS),
    "library:practice-withdraw": Door("practice", FORM, before=REVIEWS),
    "results:practice-file": Door("practice", is_open=True, fixed={"form": "json"}),
    "library:tools-export": Door(is_open=True, fixed={"kind": "json"}),
    "library:tool-new": Door(methods=FORM, before=KEEPS),
    "library:tool": Door("tool", is_open=True),
    "library:tool-edit": ENTRY,
    "library:version-new": ENTRY,
    "library:adaptation-new": ENTRY,
    "library:version-edit": replace(ENTRY, kind="tool-version"),
    "library:adaptation-edit": replace(ENTRY, kind="tool-adaptation"),
    # On to where it is kept; one more is counted.
    "library:version-take": Door(
        "tool-version", is_open=True, answers=MOVED, leaves=frozenset({"library_tooldownloads"})
    ),
}


def sees_practice(someone: Someone, practice: Practice) -> bool:
    is_out = practice.published_at is not None and practice.state != "withdrawn"
    return is_out or someone.may(P.DOCUMENT_EDIT) or someone.may(P.DOCUMENT_PUBLISH)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Practice: sees_practice,
    ToolVersion: lambda _someone, _version: True,
    ToolDownloads: lambda _someone, _downloads: True,
    ToolAdaptation: lambda _someone, _adaptation: True,
}


def add(scene: Scene) -> None:
    """In each relation a practice that is out, a draft, and a tool with all that belongs to it.

    None belongs to an organisation, so the relations differ in nothing: all are answered alike.
    """
    for number, (relation, _, country) in enumerate(places()):
        word = f"draft{relation.name.lower().replace('_', '')}"
        out = make_practice(f"PR9{number}", "Invented practice", country, is_out=True)
        scene.put("practice", relation, out.code)
        draft = make_practice(f"PR8{number}", f"Practice {word}", country, is_out=False)
        scene.put("practice-draft", relation, draft.code, word)
        tool = Tool.objects.create(title=f"Invented tool {number}", kind="manual", topic="law")
        version = ToolVersion.objects.create(
            tool=tool, edition="first", language="en", link="https://example.org/tool"
        )
        ToolDownloads.objects.create(version=version, month=date(2026, 1, 1), count=3)
        made = ToolAdaptation.objects.create(
            tool=tool, country=country, changed="Examples", adapted_by="Invented Agency"
        )
        scene.put("tool", relation, tool.pk)
        scene.put("tool-version", relation, version.pk)
        scene.put("tool-adaptation", relation, made.pk)


def make_practice(code: str, title: str, country: str, *, is_out: bool) -> Practice:
    now = timezone.now()
    made = Practice(
        code=code,
        title=title,
        type="training",
        countries=[country],
        description="Invented words about invented work.",
        state="published" if is_out else "draft",
        writers=[str(uuid4())],
        made_at=now,
        published_at=now if is_out else None,
    )
    made.fold()
    made.save()
    return made
