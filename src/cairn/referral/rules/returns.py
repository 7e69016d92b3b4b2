"""Return and reintegration: states, what blocks them, and the visits afterwards. Pure.

States: reference study on casework, E3. A return is voluntary and safe, or there is none:
Trafficking in Persons Protocol (2000), Art. 8(2); for a child a best-interests determination comes
first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken


class ReturnState(TextChoices):
    NOT_CONSIDERED = "not-considered", pgettext_lazy("return", "Not considered")
    COUNSELLED = "counselled", pgettext_lazy("return", "Choices explained")
    RISK_ASSESSED = "risk-assessed", pgettext_lazy("return", "Danger assessed")
    BLOCKED = "blocked", pgettext_lazy("return", "Blocked: not safe")
    DECLINED = "declined", pgettext_lazy("return", "Not wanted by the person")
    PRE_DEPARTURE = "pre-departure", pgettext_lazy("return", "Departure being prepared")
    TRAVELLING = "travelling", pgettext_lazy("return", "On the way")
    RECEIVED = "received", pgettext_lazy("return", "Arrived and met")
    REINTEGRATION = "reintegration", pgettext_lazy("return", "Settling in")
    MONITORED = "monitored", pgettext_lazy("return", "Visited")
    CLOSED = "closed", pgettext_lazy("return", "Closed")
    CONCERN = "concern", pgettext_lazy("return", "Trafficked again, it is feared")


_STAYS = frozenset({ReturnState.DECLINED})
RETURN_MOVES: Final[Mapping[ReturnState, frozenset[ReturnState]]] = {
    ReturnState.NOT_CONSIDERED: frozenset({ReturnState.COUNSELLED}),
    # Who says another thing than before is asked again, and the danger of that is assessed anew.
    ReturnState.COUNSELLED: frozenset({ReturnState.RISK_ASSESSED, ReturnState.COUNSELLED}) | _STAYS,
    ReturnState.RISK_ASSESSED: frozenset(
        {
            ReturnState.BLOCKED,
            ReturnState.PRE_DEPARTURE,
            ReturnState.RISK_ASSESSED,
            ReturnState.COUNSELLED,
        }
    )
    | _STAYS,
    # Only a new assessment leads out of a block.
    ReturnState.BLOCKED: frozenset({ReturnState.RISK_ASSESSED}) | _STAYS,
    ReturnState.DECLINED: frozenset({ReturnState.COUNSELLED}),
    ReturnState.PRE_DEPARTURE: frozenset(
        {ReturnState.TRAVELLING, ReturnState.BLOCKED, ReturnState.RISK_ASSESSED}
    )
    | _STAYS,
    ReturnState.TRAVELLING: frozenset({ReturnState.RECEIVED, ReturnState.CONCERN}),
    ReturnState.RECEIVED: frozenset({ReturnState.REINTEGRATION, ReturnState.CONCERN}),
    ReturnState.REINTEGRATION: frozenset({ReturnState.MONITORED, ReturnState.CONCERN}),
    ReturnState.MONITORED: frozenset(
        {ReturnState.MONITORED, ReturnState.CLOSED, ReturnState.CONCERN}
    ),
    ReturnState.CLOSED: frozenset({ReturnState.CONCERN}),
    # Another return after a concern is thought about from the beginning, as one of its own.
    ReturnState.CONCERN: frozenset({ReturnState.CLOSED}),
}
# Where nobody travels yet: a concern about an earlier return stops these until assessed anew.
PREPARED: Final = frozenset({ReturnState.RISK_ASSESSED, ReturnState.PRE_DEPARTURE})
# Where the person has left: a concern is about these as well.
LEFT: Final = frozenset(
    {
        ReturnState.TRAVELLING,
        ReturnState.RECEIVED,
        ReturnState.REINTEGRATION,
        ReturnState.MONITORED,
    }
)


class Wish(TextChoices):
    """What the person says when the choices were explained."""

    YES = "yes", pgettext_lazy("return", "Yes, wants to return")
    NOT_YET = "not-yet", pgettext_lazy("return", "Has not decided")
    NO = "no", pgettext_lazy("return", "No, wants to stay or go elsewhere")


class Found(TextChoices):
    """What an assessment of the danger of a return found."""

    SAFE = "safe", pgettext_lazy("return", "Safe enough, as far as is known")
    SAFEGUARDS = "safeguards", pgettext_lazy("return", "Safe enough with what is agreed")
    UNSAFE = "unsafe", pgettext_lazy("return", "Not safe")
    NOT_KNOWN = "not-known", pgettext_lazy("return", "Not known")


class Danger(TextChoices):
    """What an assessment looks at, one by one."""

    TRAFFICKERS = "traffickers", gettext_lazy("Traffickers know where the person comes from")
    FAMILY_INVOLVED = "family-involved", gettext_lazy("Family took part")
    DEBT = "debt", gettext_lazy("A debt is claimed")
    CONFLICT = "conflict", gettext_lazy("Fighting or persecution there")
    PUNISHMENT = "punishment", gettext_lazy("Punishment for what the person was made to do")
    STIGMA = "stigma", gettext_lazy("Rejection or violence at home")
    NO_SUPPORT = "no-support", gettext_lazy("Nobody there who helps")
    NO_CARE = "no-care", gettext_lazy("No treatment there that the person needs")


# What was found not to be known is not safe: nobody travels on a guess.
GOES_ON: Final = frozenset({Found.SAFE, Found.SAFEGUARDS})
VISITS: Final = (3, 6, 12)


def check_return_move(before: ReturnState, after: ReturnState) -> None:
    """Raise RuleBroken("return.move") for a step that the machine does not have."""
    if after not in RETURN_MOVES[before]:
        raise RuleBroken(
            "return.move",
            _("A return that is “%(before)s” does not become “%(after)s”.")
            % {"before": before.label, "after": after.label},
            _("Look at the page again: somebody else may have moved it."),
        )


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a departure rests on. `found`: of the newest assessment, None without one.

    `is_partner_excluded`: nobody may be brought together with the partner; `is_guarded` and
    `is_determined` are true for adults.
    """

    found: Found | None
    is_wanted: bool
    has_partner: bool
    is_partner_excluded: bool
    is_guarded: bool
    is_determined: bool


def lacks(ready: Readiness) -> list[RuleBroken]:
    """Why no departure may be prepared, the gravest first; empty when it may.

    "return.unsafe": the newest assessment found it not safe, or there is none; "return.wish": the
    person has not said yes; "return.partner": nobody meets the person there; "return.excluded":
    the partner is left out; "person.guardian": a child by whom nobody stands; "return.child": a
    child without a best-interests determination that says so.
    """
    found = []
    if ready.found is None or ready.found not in GOES_ON:
        found.append(
            RuleBroken(
                "return.unsafe",
                _("The danger was not found small enough, so nobody travels."),
                _("Assess the danger again when something has changed."),
            )
        )
    if not ready.is_wanted:
        found.append(
            RuleBroken(
                "return.wish",
                _("The person has not said yes to this return."),
                _("Explain the choices again, and record what the person says."),
            )
        )
    return found + _lacks_there(ready) + _lacks_for_child(ready)


def _lacks_there(ready: Readiness) -> list[RuleBroken]:
    if not ready.has_partner:
        return [
            RuleBroken(
                "return.partner",
                _("Nobody is named who meets the person there."),
                _("Choose the partner who receives the person first."),
            )
        ]
    if ready.is_partner_excluded:
        return [
            RuleBroken(
                "return.excluded",
                _("Nobody is referred to this partner."),
                _("Choose another partner."),
            )
        ]
    return []


def _lacks_for_child(ready: Readiness) -> list[RuleBroken]:
    found = []
    if not ready.is_guarded:
        found.append(
            RuleBroken(
                "person.guardian",
                _("Nobody stands by this child as guardian, so no journey is prepared."),
                _("Note who was appointed as guardian first."),
            )
        )
    if not ready.is_determined:
        found.append(
            RuleBroken(
                "return.child",
                _("A child returns only when a best-interests determination says that it should."),
                _("Record the determination on the child's page first."),
            )
        )
    return found


def check_departure(ready: Readiness) -> None:
    """Raise the first of `lacks`."""
    for each in lacks(ready):
        raise each


def check_none_open(is_open: bool) -> None:
    """Raise RuleBroken("return.open") when a return of the person is not closed."""
    if is_open:
        raise RuleBroken(
            "return.open",
            _("A return of this person is being looked at already."),
            _("Go on with that one, or close it first."),
        )


def check_seen(now: ReturnState, seen: ReturnState | None) -> None:
    """Raise RuleBroken("return.meanwhile") when somebody else moved it since the page was shown."""
    if seen is not None and seen is not now:
        raise RuleBroken(
            "return.meanwhile",
            _("Somebody else has just changed this return. It is now “%(now)s”.")
            % {"now": now.label},
            _("Look at it again and decide then."),
        )


def check_wish(wish: Wish, said_on: date, to_country: str, today: date) -> date | None:
    """The day on which the person said yes, None for another answer.

    Raises RuleBroken("return.day") for a day to come, RuleBroken("return.country") for a yes that
    names no country.
    """
    check_past(said_on, today)
    if wish is not Wish.YES:
        return None
    if not to_country:
        raise RuleBroken("return.country", _("Say to which country the person wants to go."))
    return said_on


def check_assessment(
    found: Found,
    dangers: Iterable[str],
    assessed_on: date,
    sources: str,
    safeguards: str,
    today: date,
) -> None:
    """Raise RuleBroken("return.day", "return.sources", "return.safeguards" or "return.dangers")."""
    if assessed_on > today:
        raise RuleBroken("return.day", _("This day is to come."))
    if not sources.strip():
        raise RuleBroken(
            "return.sources",
            _("Write on what this rests: what the person says, and who was asked there."),
        )
    if found is Found.SAFEGUARDS and not safeguards.strip():
        raise RuleBroken("return.safeguards", _("Write what was agreed to keep the person safe."))
    if found is Found.SAFE and set(dangers):
        raise RuleBroken(
            "return.dangers",
            _("A danger is ticked, so it is not simply safe."),
            _("Say what was agreed against it, or that it is not safe."),
        )


def check_to_come(departs_on: date | None, today: date) -> None:
    """Raise RuleBroken("return.day") for a departure that is past."""
    if departs_on is not None and departs_on < today:
        raise RuleBroken("return.day", _("A departure that is being prepared is to come."))


def check_past(day: date, today: date) -> None:
    """Raise RuleBroken("return.day") for a day to come."""
    if day > today:
        raise RuleBroken("return.day", _("This day is to come."))


def check_visit(before: date | None, held_on: date, received_on: date | None, today: date) -> None:
    """Raise RuleBroken("return.visited") the second time, RuleBroken("return.day") for a day before
    the arrival or to come."""
    if before is not None:
        raise RuleBroken("return.visited", _("This visit is written down already."))
    if received_on is None or not received_on <= held_on <= today:
        raise RuleBroken("return.day", _("A visit lies between the arrival and today."))


def check_visits(waiting: int, *, is_wish: bool) -> None:
    """Raise RuleBroken("return.visits") while a visit is to come, unless the person wants none."""
    if waiting and not is_wish:
        raise RuleBroken(
            "return.visits",
            _("A visit is to come or was not written down."),
            _("Write it down, or say that the person wants no further visits."),
        )


def check_concern(words: str) -> None:
    """Raise RuleBroken("return.words") when nothing says what is feared."""
    if not words.strip():
        raise RuleBroken("return.words", _("Write what is feared, and what was heard or seen."))


def check_not_erased(erased_on: date | None) -> None:
    """Raise RuleBroken("person.is-erased") for a record of which nothing is left to open."""
    if erased_on is not None:
        raise RuleBroken(
            "person.is-erased",
            _("This record was erased."),
            _("Enter the person anew."),
        )
