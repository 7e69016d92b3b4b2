"""Rules of identification: which decision may follow which, by what standard, decided by whom.

The state of a procedure is computed from its decisions, and from no day: lapse of time never
decides anything about a person. Cooperation with the police is no input.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

# Ten years, then the authority looks again: a decision opens rights that outlive the procedure.
# A judgement of this platform; national law decides, and each procedure can have its own day.
KEEP_FOR = timedelta(days=10 * 365)
KEEP_AT_MOST = timedelta(days=30 * 365)


class State(TextChoices):
    """Where a procedure stands; each but the first is also the outcome of a decision."""

    DETECTED = "detected", gettext_lazy("Detected")
    UNDER_ASSESSMENT = "under-assessment", gettext_lazy("Under assessment")
    REASONABLE_GROUNDS = "reasonable-grounds", gettext_lazy("Reasonable grounds")
    NO_REASONABLE_GROUNDS = "no-reasonable-grounds", gettext_lazy("No reasonable grounds")
    CONCLUSIVE_POSITIVE = "conclusive-positive", gettext_lazy("Conclusive: identified")
    CONCLUSIVE_NEGATIVE = "conclusive-negative", gettext_lazy("Conclusive: not identified")
    DEFERRED = "deferred", pgettext_lazy("decision", "Deferred")
    DISCONTINUED = "discontinued", gettext_lazy("Ended at the person's request")
    UNDER_REVIEW = "under-review", gettext_lazy("Under review")
    UPHELD = "upheld", pgettext_lazy("decision", "Upheld after review")
    OVERTURNED = "overturned", pgettext_lazy("decision", "Overturned after review")


class Stage(TextChoices):
    """To which part of a procedure a decision belongs."""

    OPENING = "opening", gettext_lazy("Opening of the assessment")
    REASONABLE_GROUNDS = "reasonable-grounds", gettext_lazy("Reasonable grounds")
    CONCLUSIVE = "conclusive", gettext_lazy("Conclusive decision")
    END = "end", gettext_lazy("End at the person's request")
    REVIEW = "review", gettext_lazy("Review of a negative decision")


class Standard(TextChoices):
    """How sure whoever decides must be."""

    NONE = "none", gettext_lazy("None: nothing is found about the person")
    GROUNDS = "grounds", gettext_lazy("Reasonable grounds to believe")
    BALANCE = "balance", gettext_lazy("More likely than not")
    SURE = "sure", gettext_lazy("No reasonable doubt")


class AgeStatus(TextChoices):
    """What is known of the age. Disputed counts as a child: see rules.care."""

    ADULT = "adult", gettext_lazy("Adult")
    CHILD = "child", gettext_lazy("Child, under 18")
    DISPUTED = "age-disputed", gettext_lazy("Age is disputed or not known")


class Ground(TextChoices):
    """The short reason of a decision, coded; the reasons in words are sealed.

    Nothing here is about cooperation with anybody, nor about time that passed.
    """

    NEW_REPORT = "new-report", gettext_lazy("A report or new facts came in")
    SIGNS = "signs", gettext_lazy("What was seen and said gives reason to believe it")
    ELEMENTS = "elements", gettext_lazy("Act, means and purpose are found")
    CHILD_ELEMENTS = "child-elements", gettext_lazy("A child: act and purpose are found")
    NO_SIGNS = "no-signs", gettext_lazy("What was seen and said gives no reason to believe it")
    ELEMENT_MISSING = "element-missing", gettext_lazy("An element of the definition is not found")
    FACTS_AWAITED = "facts-awaited", gettext_lazy("Further facts are awaited")
    WISH = "wish", gettext_lazy("The person wishes it so")
    REVIEW_ASKED = "review-asked", gettext_lazy("A review was asked for")
    SOUND = "sound", gettext_lazy("Law and facts were rightly judged")
    LAW = "law", gettext_lazy("The law or the procedure was not rightly followed")
    FACTS = "facts", gettext_lazy("The facts were not rightly judged, or new ones came")


# A negative decision comes only out of an assessment (or, conclusive, after reasonable grounds),
# and every negative one can be taken up again; so can what the person ended. A review is asked for
# once for each negative decision. Overturned, it stands like reasonable grounds.
MOVES: dict[State, frozenset[State]] = {
    State.DETECTED: frozenset({State.UNDER_ASSESSMENT, State.DISCONTINUED}),
    State.UNDER_ASSESSMENT: frozenset(
        {State.REASONABLE_GROUNDS, State.NO_REASONABLE_GROUNDS, State.DISCONTINUED}
    ),
    State.REASONABLE_GROUNDS: frozenset(
        {
            State.CONCLUSIVE_POSITIVE,
            State.CONCLUSIVE_NEGATIVE,
            State.DEFERRED,
            State.DISCONTINUED,
        }
    ),
    State.NO_REASONABLE_GROUNDS: frozenset({State.UNDER_ASSESSMENT, State.UNDER_REVIEW}),
    State.CONCLUSIVE_POSITIVE: frozenset(),
    State.CONCLUSIVE_NEGATIVE: frozenset({State.UNDER_ASSESSMENT, State.UNDER_REVIEW}),
    State.DEFERRED: frozenset(
        {State.CONCLUSIVE_POSITIVE, State.CONCLUSIVE_NEGATIVE, State.DISCONTINUED}
    ),
    State.DISCONTINUED: frozenset({State.UNDER_ASSESSMENT}),
    State.UNDER_REVIEW: frozenset({State.UPHELD, State.OVERTURNED}),
    State.UPHELD: frozenset({State.UNDER_ASSESSMENT}),
    State.OVERTURNED: frozenset(
        {
            State.UNDER_ASSESSMENT,
            State.CONCLUSIVE_POSITIVE,
            State.CONCLUSIVE_NEGATIVE,
            State.DEFERRED,
            State.DISCONTINUED,
        }
    ),
}
NEGATIVE = frozenset({State.NO_REASONABLE_GROUNDS, State.CONCLUSIVE_NEGATIVE})
REVIEWED = frozenset({State.UPHELD, State.OVERTURNED})
# A presumed victim: until a further decision the rights of reasonable grounds stand.
PRESUMED = frozenset({State.REASONABLE_GROUNDS, State.DEFERRED, State.OVERTURNED})

STAGES: dict[State, Stage] = {
    State.UNDER_ASSESSMENT: Stage.OPENING,
    State.REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
    State.NO_REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
    State.CONCLUSIVE_POSITIVE: Stage.CONCLUSIVE,
    State.CONCLUSIVE_NEGATIVE: Stage.CONCLUSIVE,
    State.DEFERRED: Stage.CONCLUSIVE,
    State.DISCONTINUED: Stage.END,
    State.UNDER_REVIEW: Stage.REVIEW,
    State.UPHELD: Stage.REVIEW,
    State.OVERTURNED: Stage.REVIEW,
}

# The first step asks for reasonable grounds to believe (Council of Europe Convention on Action
# against Trafficking in Human Beings, 2005, Art. 10(2)). The second differs from law to law, so
# the one who decides names it. Deferring and ending find nothing about the person.
STANDARDS: dict[State, frozenset[Standard]] = {
    State.UNDER_ASSESSMENT: frozenset({Standard.NONE}),
    State.REASONABLE_GROUNDS: frozenset({Standard.GROUNDS}),
    State.NO_REASONABLE_GROUNDS: frozenset({Standard.GROUNDS}),
    State.CONCLUSIVE_POSITIVE: frozenset({Standard.BALANCE, Standard.SURE}),
    State.CONCLUSIVE_NEGATIVE: frozenset({Standard.BALANCE, Standard.SURE}),
    State.DEFERRED: frozenset({Standard.NONE}),
    State.DISCONTINUED: frozenset({Standard.NONE}),
    State.UNDER_REVIEW: frozenset({Standard.NONE}),
    State.UPHELD: frozenset({Standard.GROUNDS, Standard.BALANCE, Standard.SURE}),
    State.OVERTURNED: frozenset({Standard.GROUNDS, Standard.BALANCE, Standard.SURE}),
}

# The short reasons that an outcome can have; the first is what the old form of the action means.
GROUNDS: dict[State, tuple[Ground, ...]] = {
    State.UNDER_ASSESSMENT: (Ground.NEW_REPORT, Ground.WISH, Ground.FACTS, Ground.LAW),
    State.REASONABLE_GROUNDS: (Ground.SIGNS, Ground.ELEMENTS, Ground.CHILD_ELEMENTS),
    State.NO_REASONABLE_GROUNDS: (Ground.NO_SIGNS, Ground.ELEMENT_MISSING),
    State.CONCLUSIVE_POSITIVE: (Ground.ELEMENTS, Ground.CHILD_ELEMENTS),
    State.CONCLUSIVE_NEGATIVE: (Ground.ELEMENT_MISSING, Ground.NO_SIGNS),
    State.DEFERRED: (Ground.FACTS_AWAITED, Ground.WISH),
    State.DISCONTINUED: (Ground.WISH,),
    State.UNDER_REVIEW: (Ground.REVIEW_ASKED,),
    State.UPHELD: (Ground.SOUND,),
    State.OVERTURNED: (Ground.FACTS, Ground.LAW),
}

# What a decision opens and what it leaves alone, as the form tells whoever decides.
CONSEQUENCES: dict[State, Promise] = {
    State.UNDER_ASSESSMENT: gettext_lazy(
        "The assessment begins, or begins again. Help goes on as before."
    ),
    State.REASONABLE_GROUNDS: gettext_lazy(
        "The person is a presumed victim: assistance and the time for reflection open, and the"
        " person is not removed from the country meanwhile."
    ),
    State.NO_REASONABLE_GROUNDS: gettext_lazy(
        "Only those rights end whose law says so. Help that was begun is not ended by this, and"
        " the decision can be taken up again."
    ),
    State.CONCLUSIVE_POSITIVE: gettext_lazy(
        "The person is an identified victim, with every right that the law gives."
    ),
    State.CONCLUSIVE_NEGATIVE: gettext_lazy(
        "Only those rights end whose law says so. Help that was begun is not ended by this, and"
        " the decision can be taken up again."
    ),
    State.DEFERRED: gettext_lazy(
        "Nothing is decided yet: the person stays a presumed victim with the same rights."
        " No day that passes turns this into a refusal."
    ),
    State.DISCONTINUED: gettext_lazy(
        "The person wishes no procedure. It can begin again whenever the person wishes; help"
        " does not depend on it."
    ),
    State.UNDER_REVIEW: gettext_lazy(
        "Somebody else looks at the decision again. Every right that it would end stays open."
    ),
    State.UPHELD: gettext_lazy(
        "The decision stands. Only those rights end whose law says so, from the day on which the"
        " person is told. New facts can still reopen the assessment."
    ),
    State.OVERTURNED: gettext_lazy(
        "The decision falls: the person is a presumed victim again, with the rights of reasonable"
        " grounds."
    ),
}


def state_of(outcomes: Iterable[str]) -> State:
    """The state of a procedure whose decisions, oldest first, came out as `outcomes`."""
    now = State.DETECTED
    for outcome in outcomes:
        now = State(outcome)
    return now


def possible_outcomes(now: State) -> list[State]:
    """What can follow, in the order of the states."""
    return [state for state in State if state in MOVES[now]]


def decidable(now: State) -> list[State]:
    """What can be decided next. That a review was asked for has a page of its own."""
    return [state for state in possible_outcomes(now) if state != State.UNDER_REVIEW]


def check_outcome(now: State, outcome: State) -> None:
    """Raise RuleBroken("decision.move") unless `outcome` may follow the state `now`."""
    if outcome not in MOVES[now]:
        raise RuleBroken(
            "decision.move",
            _("A procedure that is “%(now)s” cannot be decided as “%(to)s”.")
            % {"now": now.label, "to": outcome.label},
        )


def check_decidable(now: State, outcome: State) -> None:
    """As check_outcome; "under review" is refused, since somebody has to have asked for it."""
    check_outcome(now, outcome)
    if outcome == State.UNDER_REVIEW:
        raise RuleBroken(
            "decision.move", _("A review begins when somebody asks for it: record the request.")
        )


def check_standard(
    outcome: State, standard: Standard, allowed: frozenset[Standard] | None = None
) -> None:
    """Raise RuleBroken("decision.standard") unless `outcome` can be decided by `standard`.

    `allowed`: what the law of the country takes; None: every standard that is possible.
    """
    possible = STANDARDS.get(outcome, frozenset())
    if standard not in (possible if allowed is None else possible & allowed):
        raise RuleBroken(
            "decision.standard",
            _("“%(outcome)s” is not decided by the standard “%(standard)s”.")
            % {"outcome": outcome.label, "standard": standard.label},
        )


def check_ground(outcome: State, ground: Ground) -> None:
    """Raise RuleBroken("decision.ground") unless `outcome` can have this short reason."""
    if ground not in GROUNDS.get(outcome, ()):
        raise RuleBroken(
            "decision.ground",
            _("“%(ground)s” is no reason for “%(outcome)s”.")
            % {"ground": ground.label, "outcome": outcome.label},
        )


def check_reasons(reasons: str) -> None:
    """Raise RuleBroken("decision.reasons") for a decision that gives no reasons."""
    if not reasons.strip():
        raise RuleBroken(
            "decision.reasons", _("A decision gives its reasons: whoever reviews it needs them.")
        )


def check_decider(
    user_id: UUID | None,
    outcome: State,
    investigators: frozenset[UUID],
    *,
    investigator_may_decide: bool,
) -> UUID:
    """The one who decides `outcome`; raises RuleBroken when `user_id` may not.

    "decision.person": only a person decides, never the installation, a task or a clock.
    "decision.duties": whoever investigated this procedure, now or before, does not decide it,
    unless the profile of its country says so. Opening the assessment and taking a review up find
    nothing about the person, so an investigator may do that.
    """
    if user_id is None:
        raise RuleBroken("decision.person", _("Only a person decides, and signs for it."))
    is_neutral = outcome in {State.UNDER_ASSESSMENT, State.UNDER_REVIEW}
    is_free = is_neutral or investigator_may_decide
    if user_id in investigators and not is_free:
        raise RuleBroken(
            "decision.duties",
            _("You investigated this procedure, so somebody else decides it."),
            _("Ask a colleague of the authority who did not investigate it."),
        )
    return user_id


def check_investigator(now: State, user_id: UUID | None, current: UUID | None) -> UUID:
    """The one who investigates from now on.

    Raises RuleBroken("procedure.investigator") for whoever does so already and for nobody, and
    RuleBroken("procedure.ended") when there is nothing left to find out.
    """
    if user_id is None or user_id == current:
        raise RuleBroken("procedure.investigator", _("You investigate this procedure already."))
    if not MOVES[now]:
        raise RuleBroken(
            "procedure.ended", _("This procedure is decided: there is nothing to investigate.")
        )
    return user_id


def check_authority(authority: str) -> None:
    """Raise RuleBroken("decision.authority") for a decision that rests on no law or order."""
    if not authority.strip():
        raise RuleBroken(
            "decision.authority", _("Name the law or order on which the decision rests.")
        )


def check_not_erased(erased_on: date | None) -> None:
    """Raise RuleBroken("procedure.erased") for a procedure whose sealed part was erased."""
    if erased_on is not None:
        raise RuleBroken(
            "procedure.erased", _("This procedure was erased, so nothing in it changes any more.")
        )


def kept_until(opened_on: date, decided: date | None) -> date:
    """The last day on which a procedure is kept: as decided for it, else the default."""
    return decided or opened_on + KEEP_FOR


def check_days(opened_on: date, keep_until: date, *, today: date) -> None:
    """Raise RuleBroken("procedure.opened" or "procedure.keep") for days out of order.

    These are about the record; no day ever decides about the person.
    """
    if opened_on > today:
        raise RuleBroken("procedure.opened", _("A procedure cannot be opened on a day to come."))
    if not opened_on <= keep_until <= today + KEEP_AT_MOST:
        raise RuleBroken(
            "procedure.keep",
            _("A procedure is kept until a day between its opening and thirty years from now."),
        )


def check_source(source: str) -> None:
    """Raise RuleBroken("profile.source") for a profile that names no law or order."""
    if not source.strip():
        raise RuleBroken("profile.source", _("Name the law or order on which this profile stands."))


def check_place(organisation_id: UUID, unit_of: UUID | None) -> None:
    """Raise RuleBroken("procedure.place") when the unit belongs to another organisation."""
    if unit_of is not None and unit_of != organisation_id:
        raise RuleBroken("procedure.place", _("This unit belongs to another organisation."))
