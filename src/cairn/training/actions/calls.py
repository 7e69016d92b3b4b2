"""Writes about calls for nominations: their days, criteria and the seats of each agency."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.partial_dates import PartialDate
from cairn.training.actions import steps
from cairn.training.models import Call, SeatAllocation, TrainingEvent
from cairn.training.rules import nomination, selection
from cairn.training.rules.choices import Participation
from cairn.training.rules.nomination import OVER
from cairn.training.rules.selection import Criterion, Seats
from cairn.training.rules.states import EventState

_TOO_LATE = frozenset(
    {
        EventState.RUNNING,
        EventState.DELIVERED,
        EventState.REPORTED,
        EventState.CLOSED,
        EventState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What a call says. Both days count; `criteria` are published with it."""

    opens_on: date
    closes_on: date
    profile: str = ""
    criteria: Sequence[Criterion] = field(default_factory=tuple)
    vetting_kinds: Sequence[str] = field(default_factory=tuple)
    minimum_women: int = 0


@transaction.atomic
def set_call(actor: Actor, reference: str, terms: CallTerms) -> Call:
    """Make the call of an event, or change it; criteria stay as published once scores were given.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("call.days", "call.event",
    "call.criteria", "selection.criteria").
    """
    event = steps.locked_event(actor, reference)
    require(actor, Permission.TRAINING_EDIT, within=event)
    _check_event(event)
    nomination.check_call_days(terms.opens_on, terms.closes_on, first_day(event))
    selection.check_criteria(terms.criteria)
    criteria = [
        {"code": each.code, "label": each.label, "weight": each.weight} for each in terms.criteria
    ]
    call = Call.objects.filter(event=event).first() or Call(event=event)
    is_new = call._state.adding
    if not is_new and criteria != call.criteria:
        _check_unscored(call)
    call.opens_on, call.closes_on = terms.opens_on, terms.closes_on
    call.profile, call.criteria = terms.profile.strip(), criteria
    call.vetting_kinds = list(terms.vetting_kinds)
    call.minimum_women = terms.minimum_women
    call.save()
    audit.record(
        actor,
        "call.opened" if is_new else "call.changed",
        call,
        event=event.reference,
        opens=terms.opens_on.isoformat(),
        closes=terms.closes_on.isoformat(),
    )
    return call


def _check_event(event: TrainingEvent) -> None:
    if event.participation != Participation.NAMED:
        raise RuleBroken(
            "call.event",
            _("This event keeps counts only, so nobody is nominated for it by name."),
        )
    if event.state in _TOO_LATE:
        raise RuleBroken(
            "call.event",
            _("This event is “%(state)s”: a call comes too late.")
            % {"state": event.get_state_display()},
        )


def _check_unscored(call: Call) -> None:
    if call.nominations.exclude(scores={}).exists():
        raise RuleBroken(
            "call.criteria",
            _("People were scored by these criteria already, so they stay as they were published."),
        )


def first_day(event: TrainingEvent) -> date | None:
    """The first day of an event whose beginning is known to the day."""
    return _day(event.starts)


def last_day(event: TrainingEvent) -> date | None:
    """The last day of an event whose end is known to the day."""
    return _day(event.ends or event.starts)


def _day(text: str) -> date | None:
    if not text:
        return None
    written = PartialDate.parse(text)
    return written.first if written.precision == "day" else None


@transaction.atomic
def allot_seats(
    actor: Actor,
    reference: str,
    agency: Organisation,
    *,
    seats: int,
    minimum_women: int,
    profile: str = "",
) -> SeatAllocation | None:
    """Give an agency seats in a call, change them, or take them away (0 seats gives None).

    Raises Call.DoesNotExist, PermissionDenied, RuleBroken ("selection.seats", "call.seats",
    "call.nominated").
    """
    call = locked_call(actor, reference)
    require(actor, Permission.TRAINING_EDIT, within=call.event)
    name = agency.display_name
    selection.check_seats([Seats(str(agency.pk), seats, minimum_women, name)])
    given = SeatAllocation.objects.filter(call=call, agency=agency)
    if seats == 0:
        if call.nominations.filter(agency=agency).exclude(state__in=OVER).exists():
            raise RuleBroken(
                "call.nominated",
                _("%(agency)s has nominated people already.") % {"agency": name},
                _("Lower the number of seats instead of taking them all away."),
            )
        given.delete()
        audit.record(actor, "seats.removed", call, agency=str(agency.pk))
        return None
    _check_room(call, agency, seats)
    made, _is_new = SeatAllocation.objects.update_or_create(
        call=call,
        agency=agency,
        defaults={"seats": seats, "minimum_women": minimum_women, "profile": profile.strip()},
    )
    audit.record(
        actor, "seats.allotted", call, agency=str(agency.pk), seats=seats, women=minimum_women
    )
    return made


def _check_room(call: Call, agency: Organisation, seats: int) -> None:
    """Where the event has a number of seats, all agencies together stay within it."""
    most = call.event.seats
    if most is None:
        return
    others = sum(
        SeatAllocation.objects.filter(call=call)
        .exclude(agency=agency)
        .values_list("seats", flat=True)
    )
    if others + seats > most:
        raise RuleBroken(
            "call.seats",
            _("The event has %(most)d seats, and %(others)d are given to other agencies.")
            % {"most": most, "others": others},
            _("At most %(left)d are left.") % {"left": max(0, most - others)},
        )


def locked_call(actor: Actor, reference: str) -> Call:
    """The call of this event, locked. Raises Call.DoesNotExist."""
    rows = Call.objects.visible_to(actor).select_for_update(of=("self",))
    found: Call = rows.select_related("event").get(event__reference=reference)
    return found


def facts_of(call: Call) -> nomination.CallFacts:
    """The call as the rules see it."""
    return nomination.CallFacts(
        call.opens_on, call.closes_on, call.event.state == EventState.CANCELLED
    )


def criteria_of(call: Call) -> list[Criterion]:
    """The published criteria, each scored from 0 to 5."""
    return [
        Criterion(each["code"], each["label"], int(each.get("weight", 1))) for each in call.criteria
    ]
