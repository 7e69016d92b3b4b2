"""What the demonstration invents: documents that two people brought out, in two issues."""

from typing import Final

from cairn.core.actor import Actor
from cairn.results.actions import document_issues as issues
from cairn.results.actions.document_seed import load_highlights
from cairn.results.actions.documents import create_document, edit_document, write_section
from cairn.results.models import Document
from cairn.web.demo_protection import Home

SUBMISSION: Final = "trafficking-in-conflict"
HIGHLIGHTS: Final = "highlights"
# Part, heading, text: our own words on what the sources tell; every number is a field.
SECTIONS: Final = (
    (
        "",
        "Why this matters",
        "Where there is war, people lose what protected them, and traffickers know it. The "
        "Security Council has said so in [[cite:S/RES/2331 (2016)]] and "
        "[[cite:S/RES/2388 (2017)]]. What follows is what was done about it, from training to "
        "investigations.",
    ),
    (
        "training",
        "From trainers to colleagues",
        "In Mali a mission made training its own: [[event:E05 participants]] officers learnt from "
        "trainers of the mission, and later told of support in [[outcome:O03 value]] possible "
        "cases. In [[event:E08 place]], [[event:E08 participants]] practitioners took part, "
        "[[event:E08 women]] of them women.\n\n"
        "Since then the training crosses borders:\n"
        "- [[event:E01 participants]] future trainers in [[event:E01 place]]\n"
        "- [[event:E02 participants]] in [[event:E02 place]], [[event:E02 dates]]\n"
        "- [[event:E03 participants]] in [[event:E03 place]], [[event:E03 dates]]\n"
        "- [[event:E04 participants]] from States next to each other, [[event:E04 dates]]",
    ),
    (
        "design",
        "Plans and services",
        "Responses are designed with those who will carry them: [[outcome:O05 value]] national "
        "plan in [[outcome:O05 place]] came into being with help. The project on cooperation in "
        "conflict settings has a budget of [[project:P49 budget]].",
    ),
    (
        "investigations",
        "What came of it",
        "Prosecutors, [[event:E07 participants]] and more, met across borders in 2023. In "
        "[[outcome:O04 place]], operations to which the support contributed found "
        "[[outcome:O04 value]] victims, [[outcome:O04 period]].",
    ),
)


def make_documents(home: Home) -> int:
    """A submission in two issues, the highlights in one, each reviewed by a colleague."""
    writer, colleague = (
        home.actors.get(name) for name in ("programme-officer", "programme-officer-2")
    )
    if writer is None or colleague is None:
        return 0
    if Document.objects.visible_to(writer).filter(code=SUBMISSION).exists():
        return 0
    made = load_highlights(writer, colleague)
    made += _submission(writer, colleague)
    create_document(writer, "highlights", HIGHLIGHTS, "Highlights of our work", "en", {})
    _bring_out(writer, colleague, HIGHLIGHTS)
    return made + 1


def _submission(writer: Actor, colleague: Actor) -> int:
    typed = {"theme": "trafficking", "since": "2017", "until": "2024"}
    title = "Trafficking in persons where there is conflict"
    made = create_document(writer, "thematic-submission", SUBMISSION, title, "en", typed)
    for number, (part, heading, text) in enumerate(SECTIONS, start=1):
        write_section(
            writer,
            SUBMISSION,
            {"part": part, "number": number, "heading": heading, "text": text},
        )
    _bring_out(writer, colleague, SUBMISSION)
    # The second issue takes one more year in: what grew by it is marked.
    later = typed | {"until": "2025"}
    edit_document(writer, SUBMISSION, title, "en", later, version=made.version)
    _bring_out(writer, colleague, SUBMISSION)
    return len(SECTIONS) + 1


def _bring_out(writer: Actor, colleague: Actor, code: str) -> None:
    """Compute, review by the second person, publish."""
    issue = issues.compute_issue(writer, code)
    issues.send_to_review(writer, code, issue.number)
    issues.approve_issue(colleague, code, issue.number, digest=issue.digest)
    issues.publish_issue(colleague, code, issue.number, digest=issue.digest)
