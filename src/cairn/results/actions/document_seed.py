"""The highlights that the sources tell, in our own words, entered once."""

import csv
from pathlib import Path
from typing import Final

from django.db import transaction

from cairn.core.actor import Actor
from cairn.results.actions.document_highlights import publish_highlight, write_highlight
from cairn.results.models import Highlight

FILE: Final = Path(__file__).resolve().parents[1] / "seed" / "highlights.csv"


@transaction.atomic
def load_highlights(writer: Actor, publisher: Actor) -> int:
    """Enter those that are missing: written by one, let out by the other. Returns how many."""
    known = set(Highlight.objects.visible_to(writer).values_list("code", flat=True))
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["code"] not in known]
    for row in rows:
        values = {
            "title": row["title"],
            "text": row["text"],
            "year": int(row["year"]) if row["year"] else None,
            **{name: _listed(row[name]) for name in ("countries", "mandates", "sources")},
        }
        made = write_highlight(writer, row["code"], values)
        publish_highlight(publisher, made.code, version=made.version)
    return len(rows)


def _listed(cell: str) -> list[str]:
    return cell.split("|") if cell else []
