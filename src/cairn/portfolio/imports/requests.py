"""The file of requests for assistance."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.imports.kinds import Column, Kind, Row, register
from cairn.portfolio.imports.base import no_record
from cairn.portfolio.models import AssistanceRequest, Event, RequestMove
from cairn.portfolio.rules import RequestState

_FIELDS = {
    "requested_by": "requested_by",
    "country": "countries",
    "request": "request",
    "source": "source",
}


def _prepare(rows: Sequence[Row]) -> None:
    references = {row.cleaned["after_event"] for row in rows if row.cleaned["after_event"]}
    events = dict(Event.objects.filter(reference__in=references).values_list("reference", "pk"))
    for row in rows:
        after = row.cleaned["after_event"]
        if after and after not in events:
            row.refuse("after_event", no_record("after_event", after))
        row.cleaned["_event"] = events.get(after)
        row.key = row.label = row.cleaned["id"]
        row.after = row.given({"after_event": "after_event", **_FIELDS})


def _existing(keys: Sequence[Hashable]) -> dict[Hashable, tuple[Any, Mapping[str, Any]]]:
    records = AssistanceRequest.objects.filter(reference__in=keys).select_related("after_event")
    return {
        record.reference: (
            record.pk,
            {
                "after_event": record.after_event.reference if record.after_event else "",
                **{field: getattr(record, field) for field in _FIELDS.values()},
            },
        )
        for record in records
    }


def _values(row: Row) -> dict[str, Any]:
    values = row.given(_FIELDS)
    if "after_event" in row.values:
        values["after_event_id"] = row.cleaned["_event"]
    return values


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    now = timezone.now()
    fresh = AssistanceRequest.objects.bulk_create(
        [AssistanceRequest(reference=row.cleaned["id"], **_values(row)) for row in created]
    )
    RequestMove.objects.bulk_create(
        [
            RequestMove(
                request=request,
                after=RequestState.RECEIVED,
                moved_at=now,
                author_id=actor.user_id,
                author_name=actor.name,
            )
            for request in fresh
        ]
    )
    for row in changed:
        AssistanceRequest.objects.filter(pk=row.target).update(**_values(row))


register(
    Kind(
        code="requests",
        label=_("Requests for assistance"),
        permission=Permission.REQUEST_EDIT.value,
        columns=(
            Column("id", cells.reference(20), _("your reference, for example R01"), True),
            Column("after_event", cells.text(20), _("reference of the event it followed")),
            Column("requested_by", cells.text(200), _("who asks"), True),
            Column("country", cells.countries, _("countries that ask, | between"), empty=[]),
            Column("request", cells.text(2000), _("what is asked for"), True),
            Column("source", cells.text(60), _("where this is stated")),
        ),
        prepare=_prepare,
        existing=_existing,
        write=_write,
        order=45,
    )
)
