"""Vetting of nominees: states of a check, how long a clearance holds, what is still missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.training.rules.states import Moves

# Who is deployed or trained longer than this after a check is checked again: a judgement of this
# platform. The issuer decides the day; this only bounds typing errors.
LONGEST = timedelta(days=5 * 366)
# A clearance that ends this soon is shown as ending: a new one takes about so long.
ENDS_SOON = timedelta(days=60)


class VettingState(TextChoices):
    """Source: the training study, 6.3. "Lapsed" is also computed by date, see `state_on`."""

    REQUESTED = "requested", pgettext_lazy("vetting", "Requested")
    RECEIVED = "received", pgettext_lazy("vetting", "Answer received")
    CLEARED = "cleared", pgettext_lazy("vetting", "Cleared")
    REFUSED = "refused", pgettext_lazy("vetting", "Refused")
    LAPSED = "lapsed", pgettext_lazy("vetting", "Lapsed")


_S = VettingState
VETTING_MOVES: Moves[VettingState] = {
    _S.REQUESTED: frozenset({_S.RECEIVED, _S.LAPSED}),
    _S.RECEIVED: frozenset({_S.CLEARED, _S.REFUSED, _S.LAPSED}),
    # A clearance can be withdrawn by who gave it, and ends by itself on its last day.
    _S.CLEARED: frozenset({_S.REFUSED, _S.LAPSED}),
    _S.REFUSED: frozenset(),
    _S.LAPSED: frozenset(),
}
OPEN = frozenset({_S.REQUESTED, _S.RECEIVED})


class Standing(TextChoices):
    """How a nominee stands when all checks that a call asks for are taken together."""

    CLEAR = "clear", gettext_lazy("Cleared")
    WAITING = "waiting", gettext_lazy("Waiting for an answer")
    REFUSED = "refused", gettext_lazy("Refused")
    ENDS_EARLY = "ends-early", gettext_lazy("Ends before the training does")
    MISSING = "missing", gettext_lazy("Not asked for yet")


# The worst one first: that is what a nominee's row says.
_ORDER = (
    Standing.REFUSED,
    Standing.MISSING,
    Standing.ENDS_EARLY,
    Standing.WAITING,
    Standing.CLEAR,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check as the rules see it. `valid_until` is its last day, inclusive; None: no answer."""

    kind: str
    state: VettingState
    valid_until: date | None = None
    requested_on: date | None = None


def state_on(state: VettingState, valid_until: date | None, day: date) -> VettingState:
    """The state of a check on `day`: what was cleared lapses after its last day."""
    if state == VettingState.CLEARED and valid_until is not None and valid_until < day:
        return VettingState.LAPSED
    return state


def ends_soon(state: VettingState, valid_until: date | None, today: date) -> bool:
    """True for a clearance of today that ends within ENDS_SOON."""
    return (
        state_on(state, valid_until, today) == VettingState.CLEARED
        and valid_until is not None
        and valid_until - today <= ENDS_SOON
    )


def standings(
    checks: Iterable[Check], needed: Collection[str], *, today: date, until: date | None = None
) -> dict[str, Standing]:
    """{kind: standing} for each kind that is needed.

    `until`: last day of the training; a clearance must hold till then. The best check of a kind
    counts, except that a refusal is answered only by a check that was requested after it.
    """
    last = max(today, until) if until else today
    return {
        kind: _standing([each for each in checks if each.kind == kind], today, last)
        for kind, checks in ((kind, list(checks)) for kind in needed)
    }


def _standing(checks: list[Check], today: date, last: date) -> Standing:
    refused = [each for each in checks if each.state == VettingState.REFUSED]
    latest = max((each.requested_on or date.min for each in refused), default=None)
    later = [
        each
        for each in checks
        if each.state != VettingState.REFUSED
        and (latest is None or (each.requested_on or date.min) > latest)
    ]
    cleared = [
        each
        for each in later
        if state_on(each.state, each.valid_until, today) == VettingState.CLEARED
    ]
    if any(each.valid_until is None or each.valid_until >= last for each in cleared):
        return Standing.CLEAR
    if any(each.state in OPEN for each in later):
        return Standing.WAITING
    if refused and not cleared:
        return Standing.REFUSED
    return Standing.ENDS_EARLY if cleared else Standing.MISSING


def overall(found: dict[str, Standing]) -> Standing:
    """The worst of the standings; "clear" when no check is needed."""
    return next((each for each in _ORDER if each in found.values()), Standing.CLEAR)


def check_request(kind: str, checks: Iterable[Check]) -> None:
    """Raise RuleBroken("vetting.open") when a check of this kind is already on its way."""
    if any(each.kind == kind and each.state in OPEN for each in checks):
        raise RuleBroken(
            "vetting.open",
            _("A check of this kind was asked for already and is not answered yet."),
            _("Record its answer, or close it as lapsed, before asking again."),
        )


def check_result(
    state: VettingState,
    *,
    issuer: str,
    requested_on: date,
    answered_on: date,
    valid_until: date | None,
    today: date,
) -> None:
    """Raise RuleBroken("vetting.issuer" or "vetting.days") for an answer that cannot stand.

    A clearance names who gave it and its last day; a refusal names who gave it.
    """
    if not issuer.strip():
        raise RuleBroken(
            "vetting.issuer",
            _("An answer says who gave it."),
            _("Name the office that answered, for example the human rights component."),
        )
    if answered_on > today:
        raise RuleBroken("vetting.days", _("An answer cannot come from a day to come."))
    if answered_on < requested_on:
        raise RuleBroken(
            "vetting.days", _("The answer is dated before the day on which it was asked for.")
        )
    if state == VettingState.CLEARED:
        _check_validity(answered_on, valid_until)


def _check_validity(answered_on: date, valid_until: date | None) -> None:
    if valid_until is None:
        raise RuleBroken(
            "vetting.days",
            _("A clearance says how long it holds."),
            _("Give its last day as the issuer wrote it."),
        )
    if valid_until < answered_on:
        raise RuleBroken("vetting.days", _("The clearance would end before it begins."))
    if valid_until - answered_on > LONGEST:
        raise RuleBroken(
            "vetting.days",
            _("A clearance holds for at most five years."),
            _("Check the year that was typed."),
        )
