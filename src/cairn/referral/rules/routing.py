"""Which services fit a person now, in which order, and why; the caseworker decides. Pure.

Nothing here is a score: services are put in order by plain steps, each of which is said in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.access_points import ASK_AFTER, Age, Need
from cairn.referral.rules.choices import Purpose, Urgency
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.services import Exclusion, ServiceType, Standing

# How many alternates the sender of a referral without an answer is offered: a judgement.
MOST_ALTERNATES = 3


class Reason(TextChoices):
    """Why a service is offered, or why it is left out. Each is a sentence for the caseworker."""

    # For it, or to be thought of.
    NEED = "need", pgettext_lazy("routing", "It helps with this need.")
    KIND = "kind", pgettext_lazy("routing", "It is of the kind that you look for.")
    AGE = "age", pgettext_lazy("routing", "It is for people of this age.")
    SEX = "sex", pgettext_lazy("routing", "It is for people of this sex.")
    SEX_ASK = "sex-ask", pgettext_lazy("routing", "It is not for everybody: ask before sending.")
    LANGUAGE = "language", pgettext_lazy("routing", "A language of the person is spoken there.")
    LANGUAGE_ASK = "language-ask", pgettext_lazy("routing", "Ask which languages are spoken.")
    INTERPRETER = "interpreter", pgettext_lazy("routing", "An interpreter is needed.")
    AREA = "area", pgettext_lazy("routing", "It is in the same area.")
    AREA_OTHER = "area-other", pgettext_lazy("routing", "It is in another area.")
    OPEN_NOW = "open-now", pgettext_lazy("routing", "Somebody is there now.")
    OPEN_LATER = "open-later", pgettext_lazy("routing", "Nobody is there at this hour.")
    HOURS_ASK = "hours-ask", pgettext_lazy("routing", "Its hours are not known.")
    PLACES = "places", pgettext_lazy("routing", "It said that it has places.")
    WAITING_LIST = "waiting-list", pgettext_lazy("routing", "It has a waiting list.")
    PLACES_ASK = "places-ask", pgettext_lazy("routing", "Whether it has places is not known.")
    SAFE = "safe", pgettext_lazy("routing", "Nothing is known against this recipient.")
    PROTOCOL = "protocol", pgettext_lazy("routing", "A protocol with it is in force.")
    OWN = "own", pgettext_lazy("routing", "It belongs to your own organisation.")
    NO_PROTOCOL_YET = (
        "no-protocol-yet",
        pgettext_lazy("routing", "There is no protocol with it: only for danger to life."),
    )
    FRESH = "fresh", pgettext_lazy("routing", "Somebody looked at this entry lately.")
    FRESH_ASK = "fresh-ask", pgettext_lazy("routing", "This entry is to be looked at again.")
    # Against it: one of these is enough.
    EXCLUDED = "excluded", pgettext_lazy("routing", "Nobody is referred to this recipient.")
    NOT_NEED = "not-need", pgettext_lazy("routing", "It does not help with this need.")
    NOT_KIND = "not-kind", pgettext_lazy("routing", "It is not of the kind that you look for.")
    NOT_AGE = "not-age", pgettext_lazy("routing", "It is not for people of this age.")
    NOT_SEX = "not-sex", pgettext_lazy("routing", "It is not for people of this sex.")
    NOT_COUNTRY = "not-country", pgettext_lazy("routing", "It is in another country.")
    TURNED_AWAY = (
        "turned-away",
        pgettext_lazy("routing", "It does not take people in this situation."),
    )
    FULL = "full", pgettext_lazy("routing", "It said that it is full.")
    STALE = "stale", pgettext_lazy("routing", "Nobody has looked at this entry for too long.")
    TAKEN_OUT = "taken-out", pgettext_lazy("routing", "It was taken out of the directory.")
    SECRET = (
        "secret",
        pgettext_lazy("routing", "Only its protected place is known: nobody is sent there."),
    )
    NO_WAY = "no-way", pgettext_lazy("routing", "No way to reach it is known.")
    NO_PROTOCOL = "no-protocol", pgettext_lazy("routing", "No protocol with it is in force.")


AGAINST = frozenset(
    {
        Reason.EXCLUDED,
        Reason.NOT_NEED,
        Reason.NOT_KIND,
        Reason.NOT_AGE,
        Reason.NOT_SEX,
        Reason.NOT_COUNTRY,
        Reason.TURNED_AWAY,
        Reason.FULL,
        Reason.STALE,
        Reason.TAKEN_OUT,
        Reason.SECRET,
        Reason.NO_WAY,
        Reason.NO_PROTOCOL,
    }
)
# What somebody should do something about before sending.
TO_ASK = frozenset(
    {
        Reason.SEX_ASK,
        Reason.LANGUAGE_ASK,
        Reason.INTERPRETER,
        Reason.HOURS_ASK,
        Reason.OPEN_LATER,
        Reason.WAITING_LIST,
        Reason.PLACES_ASK,
        Reason.NO_PROTOCOL_YET,
        Reason.FRESH_ASK,
    }
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for, for one person.

    `kinds`: codes of ServiceType, empty: any; `sex` "", `languages` (), `area` "": not known.
    `situation`: codes of Exclusion that apply to the person.
    """

    need: str
    age_band: str
    country: str
    urgency: str = Urgency.ROUTINE
    purpose: str = Purpose.ASSISTANCE
    kinds: frozenset[str] = frozenset()
    sex: str = ""
    languages: tuple[str, ...] = ()
    area: str = ""
    situation: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service as routing sees it. No address of a protected place is ever part of it.

    Empty `ages`, `sexes`: everybody; empty `languages`: not known. `open_now` None: hours not
    known. `is_reachable`: there is an access point, a telephone or somebody who answers here.
    `excluded`: the ground on which nobody is referred there, or "". `has_protocol`: one is in
    force between sender and recipient for the purpose; `is_own`: they are one organisation.
    """

    id: UUID
    code: str
    name: str
    organisation_id: UUID
    organisation: str
    country: str
    area: str
    standing: Standing
    looked_on: date
    needs: frozenset[str]
    kinds: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    sexes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    exclusions: frozenset[str] = frozenset()
    open_now: bool | None = None
    is_reachable: bool = True
    is_sheltered: bool = False
    excluded: str = ""
    has_protocol: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that may be offered, with every reason in the order in which it was asked."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A service that is not offered, with all that speaks against it."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`offered`: best first. Every candidate stands in exactly one of the two."""

    offered: tuple[Offer, ...] = field(default=())
    left_out: tuple[LeftOut, ...] = field(default=())


def check_wish(wish: Wish) -> None:
    """Raise RuleBroken("routing.need", "routing.urgency", "routing.purpose", "routing.kinds",
    "routing.situation") for a wish that nothing can be ranked by."""
    known: Sequence[tuple[str, Iterable[str], type[TextChoices], str]] = (
        ("routing.need", [wish.need], Need, _("Say which help is needed.")),
        ("routing.urgency", [wish.urgency], Urgency, _("Say how urgent it is.")),
        ("routing.purpose", [wish.purpose], Purpose, _("Say for what it is.")),
        ("routing.kinds", wish.kinds, ServiceType, _("This kind of service is not known.")),
        ("routing.situation", wish.situation, Exclusion, _("This situation is not known.")),
    )
    for code, given, choices, words in known:
        if set(given) - set(choices.values):
            raise RuleBroken(code, words)


def rank(wish: Wish, candidates: Iterable[Candidate], today: date) -> Ranking:
    """Every candidate, offered in order or left out, each with its reasons. Deterministic.

    The order of `candidates` does not matter. `today`: the day on which freshness is counted.
    """
    offered: list[Offer] = []
    left_out: list[LeftOut] = []
    for candidate in candidates:
        against = _against(wish, candidate)
        if against:
            left_out.append(LeftOut(candidate, against))
        else:
            offered.append(Offer(candidate, _reasons(wish, candidate, today)))
    offered.sort(key=lambda offer: _place(wish, offer))
    left_out.sort(key=lambda out: (len(out.reasons), *_named(out.candidate)))
    return Ranking(tuple(offered), tuple(left_out))


def alternates(ranking: Ranking, without: frozenset[UUID]) -> tuple[Offer, ...]:
    """The best few of `ranking` that were not asked yet; `without`: ids of services."""
    left = [offer for offer in ranking.offered if offer.candidate.id not in without]
    return tuple(left[:MOST_ALTERNATES])


def _against(wish: Wish, candidate: Candidate) -> tuple[Reason, ...]:
    """All that keeps a service out, gravest first; empty when it may be offered."""
    age = Age.CHILD if is_treated_as_child(AgeBand(wish.age_band)) else Age.ADULT
    no_protocol = not (candidate.has_protocol or candidate.is_own)
    no_way = not candidate.is_reachable
    asked = (
        (bool(candidate.excluded), Reason.EXCLUDED),
        (candidate.standing is Standing.TAKEN_OUT, Reason.TAKEN_OUT),
        (candidate.country != wish.country, Reason.NOT_COUNTRY),
        (wish.need not in candidate.needs, Reason.NOT_NEED),
        (bool(wish.kinds) and not wish.kinds & candidate.kinds, Reason.NOT_KIND),
        (bool(candidate.ages) and age not in candidate.ages, Reason.NOT_AGE),
        (
            bool(candidate.sexes and wish.sex) and wish.sex not in candidate.sexes,
            Reason.NOT_SEX,
        ),
        (bool(wish.situation & candidate.exclusions), Reason.TURNED_AWAY),
        (candidate.standing is Standing.FULL, Reason.FULL),
        (candidate.standing is Standing.STALE, Reason.STALE),
        (no_way and candidate.is_sheltered, Reason.SECRET),
        (no_way and not candidate.is_sheltered, Reason.NO_WAY),
        (no_protocol and wish.urgency != Urgency.EMERGENCY, Reason.NO_PROTOCOL),
    )
    return tuple(reason for is_so, reason in asked if is_so)


def _reasons(wish: Wish, candidate: Candidate, today: date) -> tuple[Reason, ...]:
    found = [Reason.NEED]
    if wish.kinds:
        found.append(Reason.KIND)
    if candidate.ages:
        found.append(Reason.AGE)
    if candidate.sexes:
        found.append(Reason.SEX if wish.sex else Reason.SEX_ASK)
    found.append(_capacity(candidate))
    found.append(_hours(candidate))
    if wish.area:
        found.append(Reason.AREA if _is_near(wish, candidate) else Reason.AREA_OTHER)
    if wish.languages:
        found.append(_language(wish, candidate))
    found.append(Reason.SAFE)
    if candidate.is_own:
        found.append(Reason.OWN)
    else:
        found.append(Reason.PROTOCOL if candidate.has_protocol else Reason.NO_PROTOCOL_YET)
    is_fresh = today - candidate.looked_on <= ASK_AFTER
    found.append(Reason.FRESH if is_fresh else Reason.FRESH_ASK)
    return tuple(found)


def _capacity(candidate: Candidate) -> Reason:
    if candidate.standing is Standing.OPEN:
        return Reason.PLACES
    is_waiting = candidate.standing is Standing.WAITING_LIST
    return Reason.WAITING_LIST if is_waiting else Reason.PLACES_ASK


def _hours(candidate: Candidate) -> Reason:
    if candidate.open_now is None:
        return Reason.HOURS_ASK
    return Reason.OPEN_NOW if candidate.open_now else Reason.OPEN_LATER


def _language(wish: Wish, candidate: Candidate) -> Reason:
    if not candidate.languages:
        return Reason.LANGUAGE_ASK
    is_spoken = bool(set(wish.languages) & candidate.languages)
    return Reason.LANGUAGE if is_spoken else Reason.INTERPRETER


def _is_near(wish: Wish, candidate: Candidate) -> bool:
    return _tidied(wish.area) == _tidied(candidate.area)


def _tidied(area: str) -> str:
    return " ".join(area.casefold().split())


_CAPACITY = {Reason.PLACES: 0, Reason.PLACES_ASK: 1, Reason.WAITING_LIST: 2}
_HOURS = {Reason.OPEN_NOW: 0, Reason.HOURS_ASK: 1, Reason.OPEN_LATER: 2}
_AREA = {Reason.AREA: 0, Reason.AREA_OTHER: 1}
_LANGUAGE = {Reason.LANGUAGE: 0, Reason.LANGUAGE_ASK: 1, Reason.INTERPRETER: 2}
_AGREED = {Reason.PROTOCOL: 0, Reason.OWN: 0, Reason.NO_PROTOCOL_YET: 1}
_FRESH = {Reason.FRESH: 0, Reason.FRESH_ASK: 1}
# What counts first: in danger, that somebody is there now; else, that there is a place at all.
_STEPS = {
    Urgency.EMERGENCY: (_HOURS, _CAPACITY, _AREA, _AGREED, _LANGUAGE, _FRESH),
    Urgency.URGENT: (_CAPACITY, _AREA, _HOURS, _LANGUAGE, _AGREED, _FRESH),
    Urgency.ROUTINE: (_CAPACITY, _AREA, _LANGUAGE, _FRESH, _HOURS, _AGREED),
}


def _place(wish: Wish, offer: Offer) -> tuple[object, ...]:
    """Where an offer stands: each step with the reason that it gave; names settle the rest."""
    steps = tuple(
        next((step[reason] for reason in offer.reasons if reason in step), 0)
        for step in _STEPS[Urgency(wish.urgency)]
    )
    return (*steps, *_named(offer.candidate))


def _named(candidate: Candidate) -> tuple[str, str, str]:
    return (candidate.name.casefold(), candidate.organisation.casefold(), candidate.code)
