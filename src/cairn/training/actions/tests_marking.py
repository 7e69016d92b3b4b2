"""Short answers: marked by a rubric, by people who do not see who wrote them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import require_run
from cairn.training.actions.tests import settle_score
from cairn.training.models import Marking, Response, TestSitting, TestWindow, TrainingEvent
from cairn.training.queries import tests as queries
from cairn.training.queries.tests import Place
from cairn.training.testing import scoring
from cairn.training.testing.kinds import QuestionType

# A third settles what two do not agree on; a fourth opinion changes nothing any more.
MOST_MARKERS = 3


@transaction.atomic
def mark_answer(
    actor: Actor, response_id: UUID, marks: Mapping[str, Any], *, at: datetime | None = None
) -> Marking:
    """Mark one short answer, line by line of its rubric: {code of line: mark}.

    One marker is enough; a second may mark independently, and a third decides between two who are
    far apart (see testing.scoring.agreed). Raises Response.DoesNotExist, PermissionDenied,
    RuleBroken ("marking.none", "marking.twice", "marking.enough", "marking.released", and those of
    a mark that cannot be, "mark.maximum" among them).
    """
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("sitting__form", "item")
        .filter(sitting__event__in=TrainingEvent.objects.visible_to(actor))
        .get(pk=response_id)
    )
    event = response.sitting.event
    require_run(actor, event)
    user_id = person(actor)
    asked = queries.places(response.sitting.form)
    place = _place_of(asked, response)
    _check_waits(response, place)
    earlier = list(response.markings.order_by("marked_at"))
    _check_marker(earlier, user_id)
    marking = Marking.objects.create(
        response=response,
        marker_id=user_id,
        marks={code: str(mark) for code, mark in marks.items()},
        total=scoring.rubric_mark(place.item, marks),
        marked_at=at or clock.now(),
    )
    stands = scoring.agreed(place.item, [each.total for each in [*earlier, marking]])
    response.mark = stands.mark
    response.save(update_fields=["mark"])
    # Locked: two markers of two answers of one sheet would each miss the mark of the other.
    sitting = TestSitting.objects.select_for_update(of=("self",)).get(pk=response.sitting_id)
    settle_score(sitting, asked)
    audit.record(
        actor,
        "response.marked",
        response,
        event=event.reference,
        marker=len(earlier) + 1,
        is_settled=stands.mark is not None,
    )
    return marking


def _place_of(asked: list[Place], response: Response) -> Place:
    for place in asked:
        if place.response_key == (response.item_id, response.part):
            return place
    raise RuleBroken("marking.none", _("This answer belongs to no question of its form."))


def _check_waits(response: Response, place: Place) -> None:
    if (
        place.item.type != QuestionType.SHORT
        or response.answer is None
        or response.sitting.handed_in_at is None
    ):
        raise RuleBroken("marking.none", _("There is no short answer here that waits for marks."))
    window = TestWindow.objects.filter(
        event=response.sitting.event_id, wave=response.sitting.wave, released_at__isnull=False
    )
    if window.exists():
        raise RuleBroken(
            "marking.released",
            _("The results of this test were released, so its marks do not change any more."),
        )


def _check_marker(earlier: list[Marking], user_id: UUID) -> None:
    if any(each.marker_id == user_id for each in earlier):
        raise RuleBroken(
            "marking.twice",
            _("You have marked this answer already."),
            _("A second marker is somebody else."),
        )
    if len(earlier) >= MOST_MARKERS:
        raise RuleBroken("marking.enough", _("Three people have marked this answer already."))
