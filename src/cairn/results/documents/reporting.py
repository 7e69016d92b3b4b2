"""Kinds of document for `./cairn report NAME`: computed from records, without written sections."""

from collections.abc import Mapping
from datetime import date

from cairn.core.actor import Actor
from cairn.portfolio import reports
from cairn.results.documents.composing import composed
from cairn.results.documents.kinds import Kind, read_parameters
from cairn.results.documents.walkers import written

FORMATS = ("json", "pdf", "docx", "html")


def offer(kind: Kind) -> None:
    """Let `./cairn report` write a kind; its parameters become options of the command."""

    def render(
        actor: Actor,
        reference: str,
        form: str,
        language: str,
        today: date,
        options: Mapping[str, str],
    ) -> bytes:
        body = composed(kind, actor, read_parameters(kind, options), language)
        return written(body, form, document=kind.code, created=today)

    options = tuple(reports.Option(each.name, str(each.label)) for each in kind.parameters)
    reports.register_with_options(kind.code, render, FORMATS, options)
