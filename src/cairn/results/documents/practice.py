"""The practice form of source 002, in its own order."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.library.models import Practice
from cairn.library.queries.practices import find_practice
from cairn.library.rules.practices import LISTS
from cairn.portfolio.queries.records import country_text
from cairn.results.documents.blocks import Block, Body, Heading, Note, bullets, paragraph
from cairn.results.documents.kinds import Kind, Parameter, Parameters
from cairn.results.queries.document_sources import source_lines

PARTS: Final = (("description", gettext_lazy("Description of the practice")),)


def practice_body(actor: Actor, code: str, language: str) -> Body:
    """The form of one practice, in the active language. Raises Practice.DoesNotExist."""
    practice = find_practice(actor, code)
    blocks: list[Block] = [
        *_several(_("Type of practice"), [practice.get_type_display()]),
        *_several(_("Countries"), sorted(country_text(each) for each in practice.countries)),
        *_several(_("Who carries it out"), [practice.stakeholder]),
        *_several(_("Types of stakeholder"), _words(practice, "stakeholder_types")),
        *_several(_("Other stakeholder, as its source says it"), [practice.stakeholder_other]),
        *_several(_("Types of crisis"), _words(practice, "crisis_types")),
        *_several(_("Phases of a crisis"), _words(practice, "crisis_phases")),
        Heading(2, str(PARTS[0][1]), "description"),
        *(paragraph(" ".join(each.split())) for each in _paragraphs(practice.description)),
        *_several(_("Guidelines and thematic areas"), _words(practice, "guidelines")),
        Note(
            _(
                "The parts of this form and the guidelines are those of the Migrants in Countries "
                "in Crisis Initiative; the words are ours."
            )
        ),
    ]
    return Body(
        title=practice.title,
        subtitle=practice.code,
        language=language,
        blocks=tuple(blocks),
        sources=source_lines([practice.source]),
    )


def _words(practice: Practice, name: str) -> list[str]:
    held = getattr(practice, name)
    return [str(label) for value, label in LISTS[name].choices if value in held]


def _paragraphs(text: str) -> list[str]:
    return [each for each in text.replace("\r\n", "\n").split("\n\n") if each.strip()]


def _several(title: str, values: list[str]) -> list[Block]:
    """A question of the form with what is ticked; one that nobody answered says so."""
    shown = [each for each in values if each]
    if not shown:
        return [Heading(2, title), Note(pgettext("a question of a form", "not answered"))]
    if len(shown) == 1:
        return [Heading(2, title), paragraph(shown[0])]
    return [Heading(2, title), bullets(shown)]


def build(actor: Actor, parameters: Parameters, language: str) -> Body:
    """The form of the practice that the parameters name."""
    return practice_body(actor, str(parameters["practice"]), language)


KIND: Final = Kind(
    "practice",
    gettext_lazy("Practice"),
    build,
    (
        Parameter(
            "practice",
            gettext_lazy("Practice"),
            cells.reference(12),
            gettext_lazy("Code of a practice in the registry, for example PR00001."),
            is_required=True,
        ),
    ),
    PARTS,
    gettext_lazy("What was done in a crisis, by whom, and what others can learn from it."),
)
