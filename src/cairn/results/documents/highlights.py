"""Highlights: entries of the register by year, each with its mandates, countries and sources."""

from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.actor import Actor
from cairn.portfolio.queries.records import country_text
from cairn.results.documents import parameters as read
from cairn.results.documents.blocks import Block, Body, Heading, Note
from cairn.results.documents.kinds import Kind, Parameter, Parameters
from cairn.results.documents.narrative import records_of, written_blocks, written_fields
from cairn.results.models import Highlight
from cairn.results.queries.document_facts import highlights
from cairn.results.queries.document_fields import tell
from cairn.results.queries.document_sources import source_lines

PARTS: Final = (("entries", gettext_lazy("Highlights")),)


def build(actor: Actor, parameters: Parameters, language: str) -> Body:
    """The entries that `actor` may see, latest year first, those without a year last."""
    entries = highlights(
        actor,
        parameters.get("year"),
        parameters.get("country", ()),
        str(parameters.get("mandate", "")),
    )
    told = tell(actor, written_fields(each.text for each in entries))
    blocks: list[Block] = [Heading(2, str(PARTS[0][1]), "entries")]
    for when, group in groupby(entries, key=lambda each: each.year):
        blocks.append(Heading(3, str(when) if when else _("Year not known")))
        for each in group:
            blocks += [Heading(4, each.title), *written_blocks(each.text, told), _about(each)]
    if not entries:
        blocks.append(Note(_("No entry of the register answers to this.")))
    cited = [*(code for each in entries for code in each.sources)]
    cited += [each.source for each in told.values()]
    return Body(
        title=_("Highlights"),
        subtitle="",
        language=language,
        blocks=tuple(blocks),
        sources=source_lines(cited),
        meta=_meta(parameters),
        figures=records_of(told.values()),
    )


def _about(entry: Highlight) -> Note:
    """Under which mandates, where, and who says so."""
    facts = [
        (_("Mandates"), ", ".join(entry.mandates)),
        (_("Countries"), ", ".join(country_text(code) for code in entry.countries)),
        (_("Sources"), ", ".join(entry.sources)),
    ]
    return Note(
        " · ".join(
            [
                entry.code,
                *(
                    _("%(label)s: %(value)s") % {"label": label, "value": value}
                    for label, value in facts
                    if value
                ),
            ]
        )
    )


def _meta(parameters: Parameters) -> tuple[tuple[str, str], ...]:
    named = ", ".join(country_text(code) for code in parameters.get("country", ()))
    return (
        (_("Year"), str(parameters.get("year") or _("All years"))),
        (_("Mandate"), str(parameters.get("mandate") or _("All mandates"))),
        (_("Countries"), named or _("All countries")),
    )


KIND: Final = Kind(
    "highlights",
    gettext_lazy("Highlights"),
    build,
    (
        Parameter("year", gettext_lazy("Year"), read.year),
        Parameter(
            "mandate",
            gettext_lazy("Mandate"),
            read.citation,
            gettext_lazy("As it is cited, such as S/RES/2331 (2016)."),
        ),
        Parameter(
            "country",
            gettext_lazy("Countries"),
            read.countries,
            gettext_lazy("Names or codes, with commas between. Empty: all countries."),
        ),
    ),
    PARTS,
    gettext_lazy("What was achieved, by year, mandate and country."),
)
