"""Reads of practical tasks: which there are, who was rated, and how well two assessors agree."""

from dataclasses import dataclass
from uuid import UUID

from cairn.core.actor import Actor
from cairn.training.measures.agreement import weighted_kappa
from cairn.training.measures.figure import Figure
from cairn.training.models import Enrolment, PracticalRating, TrainingEvent


@dataclass(frozen=True, slots=True)
class Row:
    """A participant at one task: one's own rating and comment, and whether another one rated."""

    enrolment: UUID
    code: str
    own: int | None
    comment: str
    is_rated_by_other: bool


def tasks(event: TrainingEvent) -> list[str]:
    """The tasks of the event's plan, then those that somebody rated besides. One query."""
    planned: list[str] = list(event.plan.tasks) if event.plan else []
    rated = PracticalRating.objects.filter(event=event).values_list("task", flat=True).distinct()
    return planned + sorted(set(rated) - set(planned))


def rows(actor: Actor, event: TrainingEvent, task: str) -> list[Row]:
    """Every participant of the event, by code. The other's rating is not shown. Two queries."""
    own: dict[UUID, PracticalRating] = {}
    others: set[UUID] = set()
    for rating in PracticalRating.objects.filter(event=event, task=task):
        if rating.assessor_id == actor.user_id:
            own[rating.enrolment_id] = rating
        else:
            others.add(rating.enrolment_id)
    found = []
    for each in Enrolment.objects.filter(event=event).order_by("personal_code"):
        mine = own.get(each.pk)
        found.append(
            Row(
                each.pk,
                each.personal_code,
                mine.rating if mine else None,
                mine.comment if mine else "",
                each.pk in others,
            )
        )
    return found


def agreement(event: TrainingEvent) -> Figure:
    """Quadratic weighted kappa over all tasks of the event that two assessors rated. One query."""
    both: dict[tuple[UUID, str], list[int]] = {}
    for rating in PracticalRating.objects.filter(event=event).order_by("rated_at", "pk"):
        both.setdefault((rating.enrolment_id, rating.task), []).append(rating.rating)
    pairs = [ratings for ratings in both.values() if len(ratings) == 2]
    return weighted_kappa([first for first, _x in pairs], [second for _x, second in pairs])
