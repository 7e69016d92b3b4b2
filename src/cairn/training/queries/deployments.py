"""What the deployment officer reads: who is due to go, trained or not, and who takes over."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor
from cairn.training.models import Deployment, Enrolment
from cairn.training.queries.people import current_credentials
from cairn.training.rules.states import DeploymentState, EventState

# How far ahead the list looks, and how long before a post ends somebody has to be named for it:
# a vetting check and a course together take about three months. Judgements.
DUE_WITHIN = timedelta(days=180)
HAND_OVER = timedelta(days=90)

D = DeploymentState


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to. `training`: "trained", "booked", "untrained" or empty."""

    state: str = ""
    training: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        state, training = query.get("state", ""), query.get("training", "")
        return cls(
            state=state if state in DeploymentState.values else "",
            training=training if training in {"trained", "booked", "untrained"} else "",
        )


TRAINING: dict[str, Promise] = {
    "trained": _("Trained"),
    "booked": _("Training booked"),
    "untrained": _("Not trained"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One deployment. `training`: a key of TRAINING; `until`: how long what they learnt counts."""

    deployment: Deployment
    training: str
    event: str
    until: date | None


def deployments(actor: Actor, filters: Filters, today: date) -> QuerySet[Deployment]:
    """Deployments that the actor sees, those that begin next first; nothing sealed is read."""
    rows = Deployment.objects.visible_to(actor).select_related("practitioner__agency")
    rows = rows.defer(
        "practitioner__name",
        "practitioner__name_latin",
        "practitioner__contact",
        "practitioner__service_number",
    )
    if filters.state:
        rows = rows.filter(state=filters.state)
    else:
        rows = rows.exclude(state__in=[D.ENDED, D.CANCELLED])
    if filters.training:
        trained, booked = _trained(today), _booked()
        if filters.training == "trained":
            rows = rows.filter(practitioner__in=trained)
        elif filters.training == "booked":
            rows = rows.filter(practitioner__in=booked).exclude(practitioner__in=trained)
        else:
            rows = rows.exclude(practitioner__in=trained).exclude(practitioner__in=booked)
    return rows.order_by(Coalesce("planned_from", "actual_from"), "pk")


def _trained(today: date) -> QuerySet[Enrolment, UUID]:
    done = Enrolment.objects.filter(state="completed", completed_on__lte=today)
    return done.values_list("practitioner", flat=True)


def _booked() -> QuerySet[Enrolment, UUID]:
    going = Enrolment.objects.filter(state__in=["enrolled", "started"]).exclude(
        event__state__in=[EventState.CANCELLED, EventState.CLOSED, EventState.REPORTED]
    )
    return going.values_list("practitioner", flat=True)


def lines(rows: Sequence[Deployment], today: date) -> list[Line]:
    """The lines of one page. Two queries."""
    ids = [row.practitioner_id for row in rows]
    training = _training(ids, today)
    until = current_credentials(ids, today)
    found = []
    for row in rows:
        state, event = training.get(row.practitioner_id, ("untrained", ""))
        found.append(Line(row, state, event, until.get(row.practitioner_id)))
    return found


def _training(ids: Collection[UUID], today: date) -> dict[UUID, tuple[str, str]]:
    """{person: (trained or booked, reference of the newest such event)}. One query."""
    rows = (
        Enrolment.objects.filter(practitioner__in=ids)
        .filter(
            Q(state="completed", completed_on__lte=today) | Q(state__in=["enrolled", "started"])
        )
        .exclude(event__state=EventState.CANCELLED)
        .order_by("event__starts", "pk")
        .values_list("practitioner", "state", "event__reference", "event__state")
    )
    done: dict[UUID, str] = {}
    booked: dict[UUID, str] = {}
    for owner, state, reference, event_state in rows:
        if state == "completed":
            done[owner] = reference
        elif event_state not in {EventState.CLOSED, EventState.REPORTED}:
            booked[owner] = reference
    return {
        **{owner: ("booked", reference) for owner, reference in booked.items()},
        **{owner: ("trained", reference) for owner, reference in done.items()},
    }


@dataclass(frozen=True, slots=True)
class Due:
    """How many go within DUE_WITHIN, by what they have learnt; each person once."""

    trained: int
    booked: int
    untrained: int


def due(actor: Actor, today: date) -> Due:
    """Who is due to go, trained or not. Two queries."""
    rows = Deployment.objects.visible_to(actor).filter(
        state__in=[D.PLANNED, D.CONFIRMED], planned_from__lte=today + DUE_WITHIN
    )
    ids = set(rows.values_list("practitioner", flat=True))
    training = _training(ids, today)
    states = [training.get(each, ("untrained", ""))[0] for each in ids]
    return Due(states.count("trained"), states.count("booked"), states.count("untrained"))


@dataclass(frozen=True, slots=True)
class Rotation:
    """A post that ends soon, and who is planned for the same mission and unit after it."""

    deployment: Deployment
    ends_on: date
    successors: list[Line]


def rotation(actor: Actor, today: date) -> list[Rotation]:
    """Posts that end within HAND_OVER or ended unnoticed, the next to end first. Four queries.

    A successor is planned or confirmed for the same mission and unit, beginning from HAND_OVER
    before the end until HAND_OVER after it.
    """
    visible = Deployment.objects.visible_to(actor).select_related("practitioner")
    ending = visible.filter(
        state=D.IN_POST, planned_until__isnull=False, planned_until__lte=today + HAND_OVER
    ).order_by("planned_until", "pk")
    posts = list(ending[:200])
    coming = visible.filter(
        state__in=[D.PLANNED, D.CONFIRMED],
        planned_from__isnull=False,
        mission__in={each.mission for each in posts},
    )
    by_post: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines(list(coming.order_by("planned_from", "pk")), today):
        row = line.deployment
        by_post[(row.mission.casefold(), row.unit_name.casefold())].append(line)
    return [_rotation(post, by_post) for post in posts]


def _rotation(post: Deployment, by_post: dict[tuple[str, str], list[Line]]) -> Rotation:
    ends_on = post.planned_until or date.max
    successors = [
        line
        for line in by_post.get((post.mission.casefold(), post.unit_name.casefold()), [])
        if line.deployment.planned_from is not None
        and abs(line.deployment.planned_from - ends_on) <= HAND_OVER
    ]
    return Rotation(post, ends_on, successors)


def find_deployment(actor: Actor, pk: UUID) -> Deployment:
    """One deployment. Raises Deployment.DoesNotExist (also when not visible)."""
    found: Deployment = (
        Deployment.objects.visible_to(actor).select_related("practitioner").get(pk=pk)
    )
    return found
