"""What screens read about vetting: the checks of people, and how a nominee stands on a day."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from cairn.core.actor import Actor
from cairn.core.partial_dates import PartialDate
from cairn.training.models import Call, Nomination, VettingCheck
from cairn.training.rules import vetting as rules
from cairn.training.rules.vetting import Check, Standing, VettingState


def checks_of(practitioners: Collection[UUID]) -> dict[UUID, list[Check]]:
    """{person: their checks as the rules see them}. One query; no note is read."""
    found: dict[UUID, list[Check]] = defaultdict(list)
    rows = VettingCheck.objects.filter(practitioner__in=practitioners)
    for owner, kind, state, valid_until, requested_on in rows.values_list(
        "practitioner", "kind", "state", "valid_until", "requested_on"
    ):
        found[owner].append(Check(kind, VettingState(state), valid_until, requested_on))
    return dict(found)


def standing_of(nomination: Nomination, today: date) -> Standing:
    """How a nominee stands in the checks of their call. One query."""
    call = nomination.call
    checks = checks_of([nomination.practitioner_id]).get(nomination.practitioner_id, [])
    return rules.overall(
        rules.standings(checks, call.vetting_kinds, today=today, until=until_of(call))
    )


def standings_of(call: Call, practitioners: Collection[UUID], today: date) -> dict[UUID, Standing]:
    """{person: standing in the checks of this call}. One query."""
    checks = checks_of(practitioners)
    until = until_of(call)
    return {
        each: rules.overall(
            rules.standings(checks.get(each, []), call.vetting_kinds, today=today, until=until)
        )
        for each in practitioners
    }


def until_of(call: Call) -> date | None:
    """The last day of the call's event, where it is known to the day."""
    text = call.event.ends or call.event.starts
    written = PartialDate.parse(text) if text else None
    return written.last if written else None


def checks(actor: Actor, *, state: str = "", person: str = "") -> QuerySet[VettingCheck]:
    """Checks that the actor sees, without their notes: open ones first, then by last day."""
    rows = VettingCheck.objects.visible_to(actor).select_related("practitioner").defer("note")
    if state:
        rows = rows.filter(state=state)
    if person:
        rows = rows.filter(practitioner__code=person)
    return rows.order_by("valid_until", "-requested_on", "code")


def find_check(actor: Actor, code: str) -> VettingCheck:
    """The check of this code. Raises VettingCheck.DoesNotExist."""
    found: VettingCheck = (
        VettingCheck.objects.visible_to(actor).select_related("practitioner").get(code=code)
    )
    return found


def asking_for(call: Call, practitioner: UUID, today: date) -> list[str]:
    """Kinds of check of a call that nobody has asked for, or that end too early. One query."""
    found = rules.standings(
        checks_of([practitioner]).get(practitioner, []),
        call.vetting_kinds,
        today=today,
        until=until_of(call),
    )
    wanted = {Standing.MISSING, Standing.ENDS_EARLY}
    return [kind for kind, standing in found.items() if standing in wanted]
