"""The acceptance sheet of a bundle as tagged PDF: what a kit brought, to be signed by two."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cairn.oversight.documents.blocks import Block, facts, heading, prose, remark, table
from cairn.training.rules.kits_words import OUTCOME_LABELS, clock_sentence
from cairn.ui.formats import moment_text, number_text
from cairn.ui.pdf import render

TEMPLATE = "training/documents/typst/kit-acceptance.typ"
# More than these are on the page of the bundle; the sheet stays one that two people read.
MOST_LISTED = 40


def render_acceptance(payload: Mapping[str, Any], *, language: str, today: date) -> bytes:
    """The sheet as PDF/UA-1. `payload`: as queries.kits.acceptance gives it; the texts are in the
    language that is active, which is `language`. Raises PdfFailed.
    """
    return render(
        TEMPLATE,
        acceptance_content(payload),
        language=language,
        document=f"kit-acceptance-{payload['kit']}-{payload['number']}",
        created=today,
    )


def acceptance_content(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What the template reads: `blocks`, then `signatures` (who signs)."""
    title = _("Acceptance sheet of an event kit")
    return {
        "title": title,
        "footer": _("%(event)s, kit %(kit)s, bundle %(number)s")
        % {"event": payload["event"], "kit": payload["kit"], "number": payload["number"]},
        "labels": {
            "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
            % {"sign": "\ufffd"},
            "name": _("Name, in capitals"),
            "day": _("Place and day"),
            "signature": _("Signature"),
        },
        "blocks": [*_facts(payload), *_counts(payload), *_not_taken(payload)],
        "signatures": [_("Handed over by (kit)"), _("Taken over by (installation)")],
    }


def _facts(payload: Mapping[str, Any]) -> list[Block]:
    lines = [
        (_("Event"), payload["event"]),
        (_("Organisation"), payload["organisation"]),
        (_("Kit"), f"{payload['kit']} · {payload['label']}"),
        (_("Bundle"), str(payload["number"])),
        (_("Made on the kit, by its clock"), moment_text(payload["made_at"])),
        (_("Read here"), moment_text(payload["brought_at"])),
        (_("Check sum (SHA-256)"), payload["sha256"]),
    ]
    blocks = [facts(*lines)]
    if payload["clock"]:
        blocks.append(remark(clock_sentence(*payload["clock"])))
    blocks.append(
        prose(
            _("With this bundle the kit gave the event back: it is edited here again.")
            if payload["is_last"]
            else _("The event stays on the kit; further bundles may come.")
        )
    )
    return blocks


def _counts(payload: Mapping[str, Any]) -> list[Block]:
    counts = payload["counts"]
    rows = [(str(OUTCOME_LABELS[key]), number_text(counts[key])) for key in OUTCOME_LABELS]
    rows.append((_("All records of the bundle"), number_text(payload["records"])))
    return [
        heading(_("What became of the records")),
        table([(_("Outcome"), 3), (_("Records"), -1)], rows),
    ]


def _not_taken(payload: Mapping[str, Any]) -> list[Block]:
    rows = payload["not_taken"]
    if not rows:
        return [prose(_("Nothing of this kit and event is refused or waiting."))]
    blocks = [
        heading(_("Not taken, with the reason")),
        table([(_("Kind"), 2), (_("Record"), 1), (_("Reason"), 4)], rows[:MOST_LISTED]),
    ]
    if len(rows) > MOST_LISTED:
        blocks.append(
            remark(
                _("%(count)s more are on the page of this bundle.")
                % {"count": number_text(len(rows) - MOST_LISTED)}
            )
        )
    return blocks
