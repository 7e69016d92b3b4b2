"""What the pages of a hand-over to another organisation show of its files, to either side."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.models import Unit
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import HandOver, HandOverLine
from cairn.referral.queries import person
from cairn.referral.queries.sharing_transfer import Gate, Touched, at_taker, touched
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.persons_needs import in_order
from cairn.referral.rules.sharing_transfer import FATES, REMEDIES, LineState, Stays
from cairn.ui.templatetags.ui import language_name, listed


def shown_lines(made: HandOver, *, is_given: bool) -> QuerySet[HandOverLine]:
    """The files as one side sees them: what stayed from the start is the giver's alone."""
    rows: QuerySet[HandOverLine] = HandOverLine.objects.filter(hand_over=made)
    if not is_given:
        rows = rows.exclude(Q(state=LineState.STAYS) & Q(moved_at=None))
    return rows.select_related("person").order_by("number")


@dataclass(frozen=True, slots=True)
class Card:
    """What is told of a file before it is taken over, in words."""

    number: int
    age: str
    needs: str
    languages: str

    def __str__(self) -> str:
        parts = (self.age, self.needs, self.languages)
        return " · ".join(each for each in parts if each)


def card(line: HandOverLine) -> Card:
    found: dict[str, Any] = line.card
    age, needs = found.get("age_band"), found.get("needs") or {}
    named = [
        _("%(need)s (%(urgency)s)") % {"need": Need(need).label, "urgency": Urgency(urgent).label}
        for need, urgent in in_order(needs)
    ]
    languages = [language_name(each) for each in found.get("languages") or []]
    return Card(
        line.number,
        str(AgeBand(age).label) if age else "",
        listed(named),
        listed(languages),
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """How many files, how many of children, and what is needed how often, in which languages."""

    files: int
    children: int
    needs: Sequence[tuple[str, int]]
    languages: Sequence[tuple[str, int]]


def totals(made: HandOver) -> Totals:
    """Of what is offered or taken over. One query."""
    rows = shown_lines(made, is_given=False).values_list("card", flat=True)
    cards: list[dict[str, Any]] = list(rows)
    needs = Counter(need for each in cards for need in each.get("needs") or {})
    languages = Counter(spoken for each in cards for spoken in each.get("languages") or [])
    children = sum(
        bool(each.get("age_band")) and is_treated_as_child(AgeBand(each["age_band"]))
        for each in cards
    )
    return Totals(
        len(cards),
        children,
        [(str(Need(need).label), count) for need, count in needs.most_common()],
        [(language_name(code), count) for code, count in languages.most_common()],
    )


@dataclass(frozen=True, slots=True)
class Going:
    """One record as its owner sees it: may it go, why not, what is open and what becomes of it."""

    person: Person
    reason: str
    remedy: str
    touched: Sequence[tuple[str, str, str]]


def going(persons: Iterable[Person], gates: dict[UUID, Gate]) -> list[Going]:
    """Those that may go first. Two queries."""
    found = list(persons)
    open_things = touched([each.pk for each in found])
    rows = [_going(each, gates[each.pk].stays, open_things[each.pk]) for each in found]
    return sorted(rows, key=lambda row: (bool(row.reason), row.person.code))


def _going(one: Person, stays: Stays | None, things: Sequence[Touched]) -> Going:
    if stays is not None:
        return Going(one, str(stays.label), str(REMEDIES.get(stays, "")), ())
    return Going(one, "", "", touched_words(things))


def missing(rows: Iterable[Going]) -> list[tuple[str, str, int]]:
    """Each reason for which records stay, what would help, and how many stay for it."""
    counts = Counter((row.reason, row.remedy) for row in rows if row.reason)
    return [(reason, remedy, count) for (reason, remedy), count in counts.most_common()]


def touched_words(things: Sequence[Touched]) -> list[tuple[str, str, str]]:
    """(what it is, its code, what becomes of it)."""
    return [
        (_("Share") if each.is_share else _("Referral"), each.code, str(FATES[each.fate]))
        for each in things
    ]


def reasons(line: HandOverLine) -> tuple[str, str]:
    """Why a file stays and what would help; two empty words where it does not."""
    if not line.reason:
        return "", ""
    stays = Stays(line.reason)
    return str(stays.label), str(REMEDIES.get(stays, ""))


def units_of(actor: Actor, made: HandOver) -> list[Unit]:
    """Units of the taker to which the files may come. One query."""
    return list(Unit.objects.visible_to(actor).filter(organisation=made.taker).order_by("name"))


def takers(made: HandOver) -> dict[UUID, str]:
    """Who may work on the files over there. One query."""
    return person.colleagues(at_taker(made, None))
