"""Nominations: states from proposed to attended, what makes one complete, when a call is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.training.rules.states import Moves


class NominationState(TextChoices):
    """Source: the training study, 6.3; "withdrawn" is the agency's own way out before selection."""

    SUBMITTED = "submitted", pgettext_lazy("nomination", "Submitted")
    COMPLETE = "complete", pgettext_lazy("nomination", "Complete")
    VETTING = "vetting", pgettext_lazy("nomination", "In vetting")
    ELIGIBLE = "eligible", pgettext_lazy("nomination", "Eligible")
    NOT_ELIGIBLE = "not-eligible", pgettext_lazy("nomination", "Not eligible")
    SELECTED = "selected", pgettext_lazy("nomination", "Selected")
    RESERVE = "reserve", pgettext_lazy("nomination", "On the reserve list")
    NOT_SELECTED = "not-selected", pgettext_lazy("nomination", "Not selected")
    CONFIRMED = "confirmed", pgettext_lazy("nomination", "Confirmed")
    DECLINED = "declined", pgettext_lazy("nomination", "Declined")
    REPLACED = "replaced", pgettext_lazy("nomination", "Replaced")
    ATTENDED = "attended", pgettext_lazy("nomination", "Attended")
    NO_SHOW = "no-show", pgettext_lazy("nomination", "Did not come")
    WITHDRAWN = "withdrawn", pgettext_lazy("nomination", "Withdrawn by the agency")


_S = NominationState
NOMINATION_MOVES: Moves[NominationState] = {
    _S.SUBMITTED: frozenset({_S.COMPLETE, _S.WITHDRAWN}),
    # Straight to eligible where the call asks for no vetting, or an earlier clearance still holds.
    _S.COMPLETE: frozenset({_S.SUBMITTED, _S.VETTING, _S.ELIGIBLE, _S.NOT_ELIGIBLE, _S.WITHDRAWN}),
    _S.VETTING: frozenset({_S.ELIGIBLE, _S.NOT_ELIGIBLE, _S.WITHDRAWN}),
    # A clearance may lapse or be withdrawn before the panel meets.
    _S.ELIGIBLE: frozenset(
        {_S.VETTING, _S.NOT_ELIGIBLE, _S.SELECTED, _S.RESERVE, _S.NOT_SELECTED, _S.WITHDRAWN}
    ),
    _S.NOT_ELIGIBLE: frozenset({_S.VETTING, _S.ELIGIBLE}),
    _S.SELECTED: frozenset({_S.CONFIRMED, _S.DECLINED, _S.REPLACED}),
    _S.RESERVE: frozenset({_S.SELECTED, _S.NOT_SELECTED, _S.DECLINED}),
    # The panel may think again, as a decision of its own.
    _S.NOT_SELECTED: frozenset({_S.SELECTED, _S.RESERVE}),
    _S.CONFIRMED: frozenset({_S.ATTENDED, _S.NO_SHOW, _S.DECLINED, _S.REPLACED}),
    _S.DECLINED: frozenset(),
    _S.REPLACED: frozenset(),
    _S.ATTENDED: frozenset(),
    # A mark that arrives late from paper or a kit shows that somebody came after all.
    _S.NO_SHOW: frozenset({_S.ATTENDED}),
    # The agency may propose the same person again while the call is open.
    _S.WITHDRAWN: frozenset({_S.SUBMITTED}),
}
# Waiting for somebody at the programme; after these the agency or the person is asked.
BEFORE_SELECTION = frozenset({_S.SUBMITTED, _S.COMPLETE, _S.VETTING, _S.ELIGIBLE})
# What takes a seat.
SEATED = frozenset({_S.SELECTED, _S.CONFIRMED, _S.ATTENDED})
# What no longer competes and has no say in the counts of an agency.
OVER = frozenset({_S.WITHDRAWN, _S.DECLINED, _S.REPLACED})
# Moves that need a reason in the history.
NEEDS_REASON = frozenset({_S.NOT_ELIGIBLE, _S.NOT_SELECTED, _S.DECLINED, _S.REPLACED, _S.WITHDRAWN})

# What a nomination must say before the programme works on it: field -> words.
NEEDED: Mapping[str, Promise] = {
    "name": gettext_lazy("name"),
    "sex": gettext_lazy("sex, also “not stated”"),
    "profession": gettext_lazy("profession"),
    "function": gettext_lazy("function"),
    "languages": gettext_lazy("languages"),
    "motivation": gettext_lazy("why this person"),
}


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call as the rules see it; both days count."""

    opens_on: date
    closes_on: date
    is_cancelled: bool = False


def missing(given: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the fields in NEEDED for which `given` holds nothing, in their order."""
    return tuple(name for name in NEEDED if not given.get(name))


def missing_words(names: tuple[str, ...]) -> str:
    """The fields in words, for a list or a sentence."""
    return ", ".join(str(NEEDED[name]) for name in names)


def is_open(call: CallFacts, today: date) -> bool:
    return not call.is_cancelled and call.opens_on <= today <= call.closes_on


def check_open(call: CallFacts, today: date) -> None:
    """Raise RuleBroken("call.closed") unless the call takes nominations on `today`."""
    if call.is_cancelled:
        raise RuleBroken("call.closed", _("This call was cancelled."))
    if today < call.opens_on:
        raise RuleBroken(
            "call.closed",
            _("This call opens on %(day)s.") % {"day": call.opens_on.isoformat()},
            _("Prepare your file meanwhile, and bring it then."),
        )
    if today > call.closes_on:
        raise RuleBroken(
            "call.closed",
            _("This call closed on %(day)s.") % {"day": call.closes_on.isoformat()},
            _("Ask the programme whether it can be opened again."),
        )


def check_call_days(opens_on: date, closes_on: date, event_starts: date | None) -> None:
    """Raise RuleBroken("call.days") for a call that ends before it opens, or too late."""
    if closes_on < opens_on:
        raise RuleBroken("call.days", _("A call closes on or after the day on which it opens."))
    if event_starts is not None and closes_on > event_starts:
        raise RuleBroken(
            "call.days",
            _("The call would still be open when the training has begun."),
            _("Choose a day before %(day)s.") % {"day": event_starts.isoformat()},
        )


def check_reason(to: NominationState, reason: str) -> None:
    """Raise RuleBroken("nomination.reason") for a move that needs a reason and has none."""
    if to in NEEDS_REASON and not reason.strip():
        raise RuleBroken(
            "nomination.reason",
            _("Say why: the agency and the person may ask."),
        )
