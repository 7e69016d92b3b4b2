"""What the front and the homes show: figures, what needs somebody now, the last change."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time

from django.db import connection
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.queries.waiting import waiting as identification_waiting
from cairn.imports.models import BatchState, ImportBatch
from cairn.oversight.queries.waiting import Waiting, waiting
from cairn.portfolio.models import (
    AssistanceRequest,
    Decision,
    Event,
    Finding,
    Indicator,
    Measurement,
    Project,
)
from cairn.portfolio.rules import Publication, RequestState, State
from cairn.referral.queries import access_points
from cairn.referral.queries.today import waiting as help_waiting
from cairn.training.queries.kits import carried
from cairn.training.queries.waiting import waiting as training_waiting

# UX: a home shows at most seven groups; examples under a group are a taste, not a list.
MOST_GROUPS = 7
EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Need:
    """A group of things that wait for the reader.

    `oldest`: since when the first of them waits; `due`: until when the next is to be done.
    """

    label: str
    count: int
    verb: str
    href: str
    oldest: datetime | None = None
    due: datetime | None = None
    examples: list[tuple[str, str]] = field(default_factory=list)


def needs(actor: Actor) -> list[Need]:
    """What needs `actor` now, most urgent first; groups with nothing in them are left out.

    A constant number of queries, whatever is stored.
    """
    asked: list[tuple[Permission, Callable[[Actor], Need]]] = [
        (Permission.DIRECTORY_EDIT, _services_to_assure),
        (Permission.REQUEST_EDIT, _requests_received),
        (Permission.REQUEST_EDIT, _requests_open),
        (Permission.RESULT_RECORD, _imports),
        (Permission.FINDING_EXPLAIN, _findings),
        (Permission.FUNDING_EDIT, _active_without_pledge),
        (Permission.RESULT_RECORD, _unmeasured),
        (Permission.PORTFOLIO_VIEW, _not_public),
    ]
    waits = (
        *help_waiting(actor),
        *identification_waiting(actor),
        *waiting(actor),
        *training_waiting(actor),
    )
    found = [_of_context(each) for each in waits]
    found += [need(actor) for permission, need in asked if actor.may(permission)]
    return [need for need in found if need.count][:MOST_GROUPS]


def _of_context(each: Waiting) -> Need:
    """What a group of the desk or of training says on a home."""
    since, until = (None, each.clock) if each.is_due else (each.clock, None)
    return Need(each.label, each.count, each.verb, each.href, since, until)


def _services_to_assure(actor: Actor) -> Need:
    found = access_points.waiting(actor, timezone.localdate())
    oldest = found.oldest
    since = timezone.make_aware(datetime.combine(oldest, time())) if oldest else None
    return Need(
        _("Services that nobody looked at for a while"),
        found.count,
        _("Say that they are right"),
        reverse("referral:access-points") + "?state=ask",
        since,
    )


def _requests_received(actor: Actor) -> Need:
    rows = AssistanceRequest.objects.visible_to(actor).filter(state=RequestState.RECEIVED)
    sums = rows.order_by().aggregate(
        count=Count("pk", distinct=True), oldest=Min("moves__moved_at")
    )
    return Need(
        _("Requests for assistance that nobody has assessed"),
        sums["count"],
        _("Assess them"),
        reverse("portfolio:requests") + f"?state={RequestState.RECEIVED}",
        sums["oldest"],
    )


def _requests_open(actor: Actor) -> Need:
    waiting = (RequestState.ASSESSED, RequestState.MATCHED)
    rows = AssistanceRequest.objects.visible_to(actor).filter(state__in=waiting)
    sums = rows.order_by().aggregate(
        count=Count("pk", distinct=True),
        oldest=Min("moves__moved_at", filter=Q(moves__after__in=waiting)),
    )
    return Need(
        _("Requests that were assessed but have no project or no money yet"),
        sums["count"],
        _("Match and fund them"),
        reverse("portfolio:requests"),
        sums["oldest"],
    )


def _imports(actor: Actor) -> Need:
    rows = ImportBatch.objects.visible_to(actor).filter(state=BatchState.PREVIEWED)
    sums = rows.order_by().aggregate(count=Count("pk"), oldest=Min("created_at"))
    return Need(
        _("Files that were read and wait for your word"),
        sums["count"],
        _("Apply or discard them"),
        reverse("imports:start"),
        sums["oldest"],
    )


def _findings(actor: Actor) -> Need:
    rows = Finding.objects.visible_to(actor).filter(explanation="")
    return Need(
        _("Printed figures that differ from the records and have no explanation"),
        rows.count(),
        _("Explain them"),
        reverse("portfolio:findings") + "?explained=no",
    )


def _active_without_pledge(actor: Actor) -> Need:
    rows = Project.objects.visible_to(actor).with_money().filter(Q(pledged=0), state=State.ACTIVE)
    return Need(
        _("Projects under way without a pledge on record"),
        rows.count(),
        _("Record who pays for them"),
        reverse("portfolio:projects") + f"?state={State.ACTIVE}&share=none",
        examples=_examples(rows),
    )


def _unmeasured(actor: Actor) -> Need:
    """Only indicators that people measure; those that records will answer are left alone."""
    measured = Measurement.objects.filter(indicator=OuterRef("pk"))
    rows = Indicator.objects.filter(
        ~Exists(measured), measure="", result__project__in=Project.objects.visible_to(actor)
    )
    count = rows.count()
    projects = Project.objects.visible_to(actor).filter(results__indicators__in=rows).distinct()
    examples = _examples(projects, "#results")
    return Need(
        _("Indicators that were never measured"),
        count,
        _("Record what is known"),
        examples[0][1] if examples else reverse("portfolio:projects"),
        examples=examples,
    )


def _not_public(actor: Actor) -> Need:
    rows = Project.objects.visible_to(actor).exclude(publication=Publication.PUBLIC)
    decided = Decision.objects.filter(kind="publication", project__in=rows.values("pk"))
    is_any_reduced = rows.filter(publication=Publication.REDUCED).exists()
    shown = Publication.REDUCED if is_any_reduced else Publication.WITHHELD
    return Need(
        _("Projects that the public sees reduced or not at all: is that still right?"),
        rows.count(),
        _("Review them"),
        reverse("portfolio:projects") + f"?publication={shown}",
        decided.aggregate(oldest=Min("decided_at"))["oldest"],
        examples=_examples(rows),
    )


def _examples(rows: QuerySet[Project], anchor: str = "") -> list[tuple[str, str]]:
    """(reference, address) of the first few."""
    references = rows.order_by("reference").values_list("reference", flat=True)[:EXAMPLES]
    return [
        (reference, reverse("portfolio:project", args=[reference]) + anchor)
        for reference in references
    ]


def carried_event() -> str:
    """The reference of the event that this machine carries as a kit, the newest; else empty."""
    events = carried()
    return events[-1].event.reference if events else ""


@dataclass(frozen=True, slots=True)
class Held:
    """Events that a reader may see. `participants`: the sum over the events that give a number."""

    events: int
    participants: int
    counted: int


def held(actor: Actor) -> Held:
    """How many events, and how many people took part as far as sources say. One query."""
    sums = Event.objects.visible_to(actor).aggregate(
        events=Count("pk"), counted=Count("participants"), people=Sum("participants")
    )
    return Held(sums["events"], sums["people"] or 0, sums["counted"])


def last_change(actor: Actor) -> datetime | None:
    """When a project that `actor` may see was changed last."""
    changed: datetime | None = Project.objects.visible_to(actor).aggregate(last=Max("updated_at"))[
        "last"
    ]
    return changed


def answers() -> bool:
    """True when the database answers. Raises django.db.Error when it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())
