"""The states of a referral, who may move it, and what is told before and after acceptance. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules import addresses
from cairn.referral.rules.choices import DataCategory, LegalBasis, Urgency


class State(TextChoices):
    DRAFT = "draft", pgettext_lazy("referral", "Being prepared")
    CLEARED = "cleared", pgettext_lazy("referral", "Ready to send")
    SENT = "sent", pgettext_lazy("referral", "Sent")
    DELIVERED = "delivered", pgettext_lazy("referral", "Arrived")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("referral", "Seen, decision to come")
    INFORMATION_REQUESTED = "information-requested", pgettext_lazy("referral", "Question asked")
    ACCEPTED = "accepted", pgettext_lazy("referral", "Accepted")
    DECLINED = "declined", pgettext_lazy("referral", "Declined")
    REDIRECTED = "redirected", pgettext_lazy("referral", "Passed on")
    EXPIRED = "expired", pgettext_lazy("referral", "No answer in time")
    RECALLED = "recalled", pgettext_lazy("referral", "Taken back")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Stopped at the person's wish")
    SERVICE_STARTED = "service-started", pgettext_lazy("referral", "Help has begun")
    COMPLETED = "completed", pgettext_lazy("referral", "Help given")
    NOT_REACHED = "not-reached", pgettext_lazy("referral", "Person not reached")
    STOPPED_BY_PERSON = "stopped-by-person", pgettext_lazy("referral", "Ended by the person")
    STOPPED_BY_PROVIDER = "stopped-by-provider", pgettext_lazy("referral", "Ended by the service")
    FEEDBACK_RETURNED = "feedback-returned", pgettext_lazy("referral", "Outcome told")
    CLOSED = "closed", pgettext_lazy("referral", "Closed")


class Side(StrEnum):
    """Who moves a referral. CLOCK: time that ran out, and messages that arrived."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    CLOCK = "clock"
    PERSON = "person"


_SENDER, _RECIPIENT, _CLOCK, _PERSON = (frozenset({side}) for side in Side)
_ENDS_UNANSWERED: Final = {
    State.RECALLED: _SENDER,
    State.WITHDRAWN: _PERSON,
    State.EXPIRED: _CLOCK,
}
_ANSWERS: Final = {
    State.ACCEPTED: _RECIPIENT,
    State.DECLINED: _RECIPIENT,
    State.REDIRECTED: _RECIPIENT,
}
_TELL: Final = {State.FEEDBACK_RETURNED: _RECIPIENT | _CLOCK}

# Whoever is not named for a move cannot make it. What accepted and told nothing more is brought
# to an outcome "nothing was heard" by the clock, so that no referral stays open in silence.
MOVES: Final[Mapping[State, Mapping[State, frozenset[Side]]]] = {
    State.DRAFT: {State.CLEARED: _SENDER, **_ENDS_UNANSWERED},
    State.CLEARED: {State.SENT: _SENDER, **_ENDS_UNANSWERED},
    State.SENT: {State.DELIVERED: _CLOCK | _RECIPIENT, **_ENDS_UNANSWERED},
    State.DELIVERED: {State.ACKNOWLEDGED: _RECIPIENT, **_ENDS_UNANSWERED},
    State.ACKNOWLEDGED: {
        State.INFORMATION_REQUESTED: _RECIPIENT,
        **_ANSWERS,
        **_ENDS_UNANSWERED,
    },
    State.INFORMATION_REQUESTED: {
        State.ACKNOWLEDGED: _SENDER,
        **_ANSWERS,
        **_ENDS_UNANSWERED,
    },
    State.ACCEPTED: {State.SERVICE_STARTED: _RECIPIENT, State.FEEDBACK_RETURNED: _CLOCK},
    State.SERVICE_STARTED: {
        State.COMPLETED: _RECIPIENT,
        State.NOT_REACHED: _RECIPIENT,
        State.STOPPED_BY_PERSON: _RECIPIENT | _PERSON,
        State.STOPPED_BY_PROVIDER: _RECIPIENT,
        State.FEEDBACK_RETURNED: _CLOCK,
    },
    State.COMPLETED: _TELL,
    State.NOT_REACHED: _TELL,
    State.STOPPED_BY_PERSON: _TELL,
    State.STOPPED_BY_PROVIDER: _TELL,
    State.FEEDBACK_RETURNED: {State.CLOSED: _SENDER | _CLOCK},
    State.DECLINED: {},
    State.REDIRECTED: {},
    State.EXPIRED: {},
    State.RECALLED: {},
    State.WITHDRAWN: {},
    State.CLOSED: {},
}

ENDS: Final = frozenset(state for state, onward in MOVES.items() if not onward)
PREPARED: Final = frozenset({State.DRAFT, State.CLEARED})
# Sent, and no answer yet: here it can be taken back, and here the clocks of the answer run.
WAITING: Final = frozenset(
    {State.SENT, State.DELIVERED, State.ACKNOWLEDGED, State.INFORMATION_REQUESTED}
)
RECALLABLE: Final = PREPARED | WAITING
# What the sender answered is read while the recipient decides.
ANSWERED_IN: Final = frozenset({State.ACKNOWLEDGED, State.INFORMATION_REQUESTED})
OUTCOMES: Final = frozenset(
    {
        State.COMPLETED,
        State.NOT_REACHED,
        State.STOPPED_BY_PERSON,
        State.STOPPED_BY_PROVIDER,
    }
)
RUNNING: Final = frozenset({State.ACCEPTED, State.SERVICE_STARTED})
ACCEPTED_ON: Final = RUNNING | OUTCOMES | {State.FEEDBACK_RETURNED}
# Nothing of the person is shown to the recipient any more, not even the card.
TAKEN_BACK: Final = frozenset({State.RECALLED, State.WITHDRAWN})


class Lapsed(StrEnum):
    """Why a recipient reads no more what it was told. EXCLUDED: nobody is referred to it."""

    EXCLUDED = "excluded"
    OVER = "over"


class Reason(TextChoices):
    """Why a service declines."""

    FULL = "full", pgettext_lazy("declined", "No place free")
    NOT_FOR_PERSON = "not-for-person", pgettext_lazy("declined", "Not for this person")
    OTHER_SERVICE = "other-service", pgettext_lazy("declined", "We do not offer this")
    AREA = "area", pgettext_lazy("declined", "We do not work in this area")
    UNSAFE = "unsafe", pgettext_lazy("declined", "Not safe with us")
    CONFLICT = "conflict", pgettext_lazy("declined", "Conflict of interest")
    OTHER = "other", pgettext_lazy("declined", "Another reason")


class Feedback(TextChoices):
    """What came of it, as the sender is told."""

    HELPED = "helped", pgettext_lazy("outcome", "The person was helped")
    PARTLY = "partly", pgettext_lazy("outcome", "Helped in part")
    NOT_REACHED = "not-reached", pgettext_lazy("outcome", "The person was not reached")
    STOPPED_BY_PERSON = "stopped-by-person", pgettext_lazy("outcome", "The person ended it")
    STOPPED_BY_PROVIDER = "stopped-by-provider", pgettext_lazy("outcome", "The service ended it")
    NO_NEWS = "no-news", pgettext_lazy("outcome", "Nothing was heard after acceptance")


# What the sender may be told of each outcome.
TOLD_OF: Final[Mapping[State, frozenset[Feedback]]] = {
    State.COMPLETED: frozenset({Feedback.HELPED, Feedback.PARTLY}),
    State.NOT_REACHED: frozenset({Feedback.NOT_REACHED}),
    State.STOPPED_BY_PERSON: frozenset({Feedback.STOPPED_BY_PERSON}),
    State.STOPPED_BY_PROVIDER: frozenset({Feedback.STOPPED_BY_PROVIDER}),
}
# What the clock says where the service gave an outcome and no word about it.
CLOCK_TELLS: Final = {
    State.COMPLETED: Feedback.HELPED,
    State.NOT_REACHED: Feedback.NOT_REACHED,
    State.STOPPED_BY_PERSON: Feedback.STOPPED_BY_PERSON,
    State.STOPPED_BY_PROVIDER: Feedback.STOPPED_BY_PROVIDER,
}
RATINGS: Final = range(1, 6)
MOST_WORDS: Final = 4_000


def is_emergency(urgency: str, basis: str) -> bool:
    """Danger to life: it is sent at once, and its content does not wait for an answer."""
    return urgency == Urgency.EMERGENCY and basis == LegalBasis.VITAL_INTEREST


def is_content_open(state: State, *, emergency: bool, taken_back: bool) -> bool:
    """Whether the recipient may open what was written for it.

    `taken_back`: the person withdrew the consent that it stood on.
    """
    if taken_back:
        return False
    return state in ACCEPTED_ON or (emergency and state in WAITING)


def is_card_shown(state: State) -> bool:
    """Whether the recipient sees the card: need, urgency, area, language, age, exclusions."""
    return state in (WAITING | ACCEPTED_ON)


def check_move(now: State, to: State, by: Side) -> None:
    """Raise RuleBroken unless `by` may bring a referral from `now` to `to`.

    Codes: "referral.taken-back" for an answer that comes after it was taken back,
    "referral.too-late" for one after an end, "referral.move" for everything else.
    """
    if by in MOVES[now].get(to, frozenset()):
        return
    if by is Side.RECIPIENT and now in TAKEN_BACK:
        raise RuleBroken(
            "referral.taken-back",
            _("This referral was taken back, so it cannot be answered any more."),
            _("Nothing was changed. You need not do anything."),
        )
    if by is Side.RECIPIENT and now is State.EXPIRED:
        raise RuleBroken(
            "referral.too-late",
            _("The time to answer this referral is over, and the sender looks elsewhere."),
            _("If you can help after all, tell the sender, who can send a new referral."),
        )
    raise RuleBroken(
        "referral.move",
        _('A referral that is "%(now)s" cannot become "%(to)s".')
        % {"now": now.label, "to": to.label},
        _("Look at the page again: somebody may have been faster."),
    )


def check_expected(now: State, expected: str) -> None:
    """Raise RuleBroken("referral.changed") when it is not as the page showed it. "": not asked."""
    if expected and expected != now:
        raise RuleBroken(
            "referral.changed",
            _('Somebody else has just changed this referral: it is "%(now)s" now.')
            % {"now": now.label},
            _("Look at it again before you decide. Nothing of yours was done."),
        )


def check_content(content: Mapping[str, Any], categories: Sequence[str]) -> None:
    """Raise RuleBroken("referral.content") for words of a kind that is not to be told."""
    unknown = [name for name in content if name not in categories]
    if unknown or any(not isinstance(text, str) for text in content.values()):
        raise RuleBroken(
            "referral.content",
            _("There are words here of a kind that is not among those to be told."),
            _("Choose that kind as well, or take the words out."),
        )


def check_categories(categories: Sequence[str]) -> None:
    """Raise RuleBroken("referral.categories") for a kind of content that does not exist."""
    if set(categories) - set(DataCategory.values):
        raise RuleBroken("referral.categories", _("One of these kinds of content is not known."))


def check_emergency(urgency: str, basis: str, reason: str) -> None:
    """Raise RuleBroken for danger to life without its reason, or on a referral that can wait.

    Codes: "referral.emergency-reason", "referral.emergency-basis".
    """
    if basis == LegalBasis.VITAL_INTEREST and not reason.strip():
        raise RuleBroken(
            "referral.emergency-reason",
            _("Say in a sentence what the danger to life is."),
            _("Without it, consent or another ground is needed."),
        )
    if basis == LegalBasis.VITAL_INTEREST and urgency != Urgency.EMERGENCY:
        raise RuleBroken(
            "referral.emergency-basis",
            _("Danger to life is a ground only for an emergency."),
            _("Choose emergency, or another ground."),
        )


def check_feedback(state: State, code: Feedback, rating: int | None) -> None:
    """Raise RuleBroken("referral.feedback" or "referral.rating")."""
    if code not in TOLD_OF.get(state, frozenset()):
        raise RuleBroken(
            "referral.feedback", _("This is not an outcome of how the help came to its end.")
        )
    if rating is not None and rating not in RATINGS:
        raise RuleBroken("referral.rating", _("A rating is a number from 1 to 5."))


def check_sender(sender_id: Any, recipient_id: Any, sender_unit: Any, recipient_unit: Any) -> None:
    """Raise RuleBroken("referral.self") for a referral to where it comes from."""
    if sender_id == recipient_id and sender_unit == recipient_unit:
        raise RuleBroken(
            "referral.self",
            _("This service is your own place."),
            _("Hand the record over to a colleague instead."),
        )


def check_place(text: str) -> None:
    """Raise RuleBroken("referral.place") for an area that leads to a door.

    It is seen before anybody accepts, and searched by; where the person is stands in sealed words.
    """
    if found := addresses.signs(text):
        words = ", ".join(str(addresses.WORDS[each]) for each in found)
        raise RuleBroken(
            "referral.place",
            _("“Area” says where somebody is to be found: %(what)s.") % {"what": words},
            _("Write the town or district only. An address goes into the sealed words."),
        )


def not_open(lapsed: Lapsed | None) -> RuleBroken:
    """What a recipient hears that may not open the words: "referral.lapsed" or
    "referral.not-open"."""
    if lapsed is Lapsed.OVER:
        return RuleBroken(
            "referral.lapsed",
            _("The time for which the person agreed is over, so the words open no more."),
            _("Ask the sender to ask the person again. The help itself goes on."),
        )
    if lapsed is Lapsed.EXCLUDED:
        return RuleBroken(
            "referral.lapsed",
            _("The words open no more."),
            _("Ask the sender. The help itself goes on if the person wishes."),
        )
    return RuleBroken(
        "referral.not-open",
        _("The words open when the referral is accepted."),
        _("Until then you see what is needed to decide. You can ask the sender a question."),
    )


def check_words(text: str) -> None:
    """Raise RuleBroken("referral.words") for an empty question or answer, or one without end."""
    if not text.strip():
        raise RuleBroken("referral.words", _("Write a sentence."))
    if len(text) > MOST_WORDS:
        raise RuleBroken(
            "referral.words",
            _("This is too long."),
            _("Write at most %(count)d characters.") % {"count": MOST_WORDS},
        )
