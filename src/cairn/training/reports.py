"""Documents of training as bytes, for pages and for `./cairn report`: the closing report."""

import json
from datetime import date
from typing import Any

from django.utils.translation import override

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.portfolio import reports
from cairn.training.documents.closing import render_closing
from cairn.training.exports.closing import closing_xlsx
from cairn.training.queries import closing

KINDS = ("json", "pdf", "xlsx")
Payload = dict[str, Any]


def register() -> None:
    """Offer the closing report as `./cairn report event REFERENCE`."""
    reports.register("event", closing_file, KINDS)


def closing_file(actor: Actor, reference: str, kind: str, language: str, today: date) -> bytes:
    """The closing report of an event in a kind of KINDS.

    Raises TrainingEvent.DoesNotExist, and PdfFailed.
    """
    with override(language):
        payload = closing.closing_report(actor, reference, today)
    if kind == "pdf":
        return render_closing(payload, today=today)
    if kind == "xlsx":
        return closing_xlsx(payload, now=clock.now())
    return as_json(payload)


def as_json(payload: Payload) -> bytes:
    """Readable JSON; the same bytes for the same payload."""
    return (json.dumps(payload, ensure_ascii=False, indent=1) + "\n").encode()
