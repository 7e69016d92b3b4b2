"""Reads about short answers that a person marks: by question, without who wrote them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from cairn.training.models import Response, TrainingEvent
from cairn.training.queries.tests import Place, places, waiting_for_marks, windows
from cairn.training.rules.choices import TestWave


@dataclass(frozen=True, slots=True)
class MarkingGroup:
    """The short answers to one question of one form. `first`: the next that this person may mark.

    `unmarked`: nobody has; `apart`: two markers are too far apart; `once`: one has, a second may.
    """

    label: str
    question: str
    wave: TestWave
    unmarked: int
    apart: int
    once: int
    first: UUID | None
    second: UUID | None


def marking_groups(event: TrainingEvent, marker_id: UUID | None) -> list[MarkingGroup]:
    """Short answers of an event by question, those that wait first. Two queries.

    Within a question they come in the order of random keys, which tells nothing of who wrote them.
    """
    rows = (
        Response.objects.filter(
            sitting__event=event, sitting__handed_in_at__isnull=False, answer__isnull=False
        )
        .filter(Q(mark=None) | Q(markings__isnull=False))
        .select_related("sitting__form", "item__version__question")
        .prefetch_related("markings")
        .distinct()
        .order_by("sitting__wave", "item", "part", "pk")
    )
    released = {wave for wave, each in windows(event).items() if each.released_at}
    groups: dict[tuple[str, UUID, str], list[Response]] = {}
    for response in rows:
        if TestWave(response.sitting.wave) not in released:
            key = (response.sitting.wave, response.item_id, response.part)
            groups.setdefault(key, []).append(response)
    return [_marking_group(responses, marker_id) for responses in groups.values()]


def _marking_group(responses: list[Response], marker_id: UUID | None) -> MarkingGroup:
    markers = {
        each.pk: [marking.marker_id for marking in each.markings.all()] for each in responses
    }
    mine = [each for each in responses if marker_id not in markers[each.pk]]
    waiting = [each.pk for each in mine if each.mark is None]
    once = [each.pk for each in mine if len(markers[each.pk]) == 1 and each.mark is not None]
    first = responses[0]
    question = first.item.version.question.code
    return MarkingGroup(
        label=f"{first.item.position}{'.' + first.part if first.part else ''}",
        question=question,
        wave=TestWave(first.sitting.wave),
        unmarked=sum(not markers[each.pk] for each in responses),
        apart=sum(each.mark is None and len(markers[each.pk]) == 2 for each in responses),
        once=len(once),
        first=waiting[0] if waiting else None,
        second=once[0] if once else None,
    )


def next_to_mark(event: TrainingEvent, response: Response, marker_id: UUID) -> UUID | None:
    """The next answer to the same question that waits and that this person has not marked."""
    rows = waiting_for_marks(event, TestWave(response.sitting.wave)).filter(
        item=response.item_id, part=response.part
    )
    return (
        rows.exclude(markings__marker_id=marker_id)
        .order_by("pk")
        .values_list("pk", flat=True)
        .first()
    )


def response_to_mark(event: TrainingEvent, pk: UUID) -> Response:
    """An answer of the event. Raises Response.DoesNotExist."""
    return Response.objects.select_related("sitting__form", "item").get(pk=pk, sitting__event=event)


def place_of(response: Response) -> Place:
    """The place that a response answers. Raises Response.DoesNotExist when its form has none."""
    for place in places(response.sitting.form):
        if place.response_key == (response.item_id, response.part):
            return place
    raise Response.DoesNotExist
