"""What stands around a project on its page: whole and parts, groups, history, remarks."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio.models import Decision, Project, ProjectCountry, Remark
from cairn.portfolio.queries.listing import Card, Filters, cards, order_of, projects, sees_whole
from cairn.portfolio.queries.records import dates
from cairn.portfolio.rules import Publication, State

# What a decision rests on when nobody took it: actions.seed infers the state from the source.
INFERRED = {
    "inferred:printed-status": gettext_noop("Inferred: the source prints that it is in progress."),
    "inferred:pledges": gettext_noop("Inferred from the pledges that the source lists."),
    "inferred:code": gettext_noop(
        "Inferred: the source prints a project number, and numbers are given on approval."
    ),
    "inferred:no-code": gettext_noop(
        "Inferred: the source prints no project number, so no approval is on record."
    ),
    "file:publication": gettext_noop("It stood so in a file that was read in."),
}


@dataclass(frozen=True, slots=True)
class Family:
    """The project around this one, and those inside it, as far as `actor` may see them."""

    whole: Card | None
    parts: list[Card]


@dataclass(frozen=True, slots=True)
class GroupReach:
    """A group that the project is written for. `members`: (alpha-3, name). `on`: day in words."""

    code: str
    name: str
    members: list[tuple[str, str]]
    on: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history: who did what, why, when."""

    who: str
    what: str
    why: str
    when: datetime


def family(actor: Actor, project: Project) -> Family:
    """Whole and parts. A project shown without its country stands alone. At most four queries."""
    if not sees_whole(actor, project):
        return Family(None, [])
    near = Q(part_of=project.pk)
    if project.part_of_id:
        near |= Q(pk=project.part_of_id)
    rows = list(projects(actor, Filters()).filter(near).order_by(*order_of("reference")))
    shown = cards(actor, rows)
    pairs = list(zip(rows, shown, strict=True))
    whole = next(
        (card for row, card in pairs if row.pk == project.part_of_id and not card.is_reduced), None
    )
    # A part shown without its country would show it by standing under its whole.
    parts = [card for row, card in pairs if row.pk != project.part_of_id and not card.is_reduced]
    return Family(whole, parts)


def groups(actor: Actor, project: Project) -> list[GroupReach]:
    """Each group that the project names, with its members on the day that counts. One query."""
    if not sees_whole(actor, project):
        return []
    members: dict[str, list[tuple[str, str]]] = {}
    rows = ProjectCountry.objects.filter(project=project).exclude(via="")
    for country, via in rows.values_list("country", "via"):
        name = geography.country_name(country, language())
        members.setdefault(via, []).append((country, name))
    return [
        GroupReach(
            code,
            geography.group_name(code, language()),
            sorted(found, key=lambda pair: pair[1].casefold()),
            _membership_day(project),
        )
        for code, found in members.items()
    ]


def _membership_day(project: Project) -> str:
    """Which day's members were read, in words; the rule itself is `actions.places`."""
    if project.starts:
        return _("members when the project starts, %(day)s") % {"day": dates(project.starts)}
    if project.source and project.source.year:
        return _("members at the beginning of %(year)s, the year of the source") % {
            "year": project.source.year
        }
    return _("members when the places were read in")


def history(actor: Actor, project: Project) -> list[Entry]:
    """Decisions about the project, newest first, in sentences. Only for staff; one query."""
    if not actor.may(Permission.PORTFOLIO_VIEW):
        return []
    return [_entry(row) for row in Decision.objects.filter(project=project)]


def _entry(decision: Decision) -> Entry:
    is_inferred = decision.basis in INFERRED
    return Entry(
        who=_("Cairn") if decision.author_id is None else decision.author_name,
        what=_what(decision),
        why=_(INFERRED[decision.basis]) if is_inferred else decision.basis,
        when=decision.decided_at,
    )


def _what(decision: Decision) -> str:
    labels: dict[str, str] = {
        code: str(label) for code, label in [*State.choices, *Publication.choices]
    }
    words = {
        "before": labels.get(decision.before, decision.before),
        "after": labels.get(decision.after, decision.after),
    }
    if decision.kind == "publication":
        return _("changed what the public sees from “%(before)s” to “%(after)s”.") % words
    if not decision.before:
        return _("entered the project as “%(after)s”.") % words
    return _("moved the project from “%(before)s” to “%(after)s”.") % words


def remarks(actor: Actor, project: Project) -> list[Remark]:
    """What readers of the sources noticed about this project. Only for staff; one query."""
    return list(Remark.objects.visible_to(actor).filter(project=project))
