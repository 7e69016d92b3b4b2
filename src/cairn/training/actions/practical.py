"""Every write about practical tasks: an assessor rates what a participant does."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import locked_event, require_run
from cairn.training.models import PracticalRating

LOWEST, HIGHEST = 1, 4
MOST_RATERS = 2


@transaction.atomic
def rate_task(
    actor: Actor, reference: str, task: str, ratings: Mapping[UUID, tuple[int, str]]
) -> int:
    """Rate participants at one task: {enrolment's id: (1 to 4, comment)}; returns how many.

    Each assessor has one rating for a participant and task, which they may correct; two assessors
    at most, so that their agreement can be computed. 1 unable, 2 with major challenges, 3 with some
    challenges, 4 without challenges (HSEEP 2020). Raises TrainingEvent.DoesNotExist,
    PermissionDenied, RuleBroken ("practical.task", "practical.rating", "practical.stranger",
    "practical.raters").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    assessor = person(actor)
    if not task.strip():
        raise RuleBroken("practical.task", _("Name the task."))
    known = set(event.enrolments.filter(pk__in=ratings).values_list("pk", flat=True))
    if set(ratings) - known:
        raise RuleBroken(
            "practical.stranger",
            _("Somebody on this sheet does not take part in this event."),
            _("Enrol the person first, or take the row out."),
        )
    others = _other_raters(event.pk, task, assessor)
    for enrolment, (rating, comment) in ratings.items():
        if not LOWEST <= rating <= HIGHEST:
            raise RuleBroken(
                "practical.rating",
                _("A rating goes from %(lowest)d to %(highest)d.")
                % {"lowest": LOWEST, "highest": HIGHEST},
            )
        if len(others.get(enrolment, ())) >= MOST_RATERS:
            raise RuleBroken(
                "practical.raters",
                _("Two assessors rated this participant at this task already."),
                _("Ask one of them to correct their own rating."),
            )
        PracticalRating.objects.update_or_create(
            enrolment_id=enrolment,
            task=task.strip(),
            assessor_id=assessor,
            defaults={
                "event": event,
                "rating": rating,
                "comment": comment.strip(),
                "rated_at": clock.now(),
            },
        )
    audit.record(actor, "practical.rated", event, task=task.strip()[:40], count=len(ratings))
    return len(ratings)


def _other_raters(event: UUID, task: str, assessor: UUID) -> dict[UUID, set[UUID]]:
    rows = PracticalRating.objects.filter(event=event, task=task.strip())
    found: dict[UUID, set[UUID]] = {}
    for enrolment, rater in rows.exclude(assessor_id=assessor).values_list(
        "enrolment", "assessor_id"
    ):
        found.setdefault(enrolment, set()).add(rater)
    return found
