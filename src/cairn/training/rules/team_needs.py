"""What a mobile training team needs, what one still lacks, and who would fill the gap. Pure.

Composition rules: the training study, 6.4; the search is an exact set cover ("Team feasibility",
section 7 there), for the small numbers that a team has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from cairn.training.rules.choices import LadderStep, Sex

# A lead trainer or above may lead a team.
LEADS = frozenset({LadderStep.LEAD, LadderStep.MASTER})
# A proposal lists at most so many sets of people: more than that nobody compares.
SETS_SHOWN = 5


class Need(TextChoices):
    """What a team as a whole can lack."""

    SIZE = "size", gettext_lazy("People")
    WOMEN = "women", gettext_lazy("Women")
    LEAD = "lead", gettext_lazy("Lead trainer")
    PROFESSION = "profession", gettext_lazy("Profession")
    LANGUAGE = "language", gettext_lazy("Language")
    TOPIC = "topic", gettext_lazy("Topic")
    LEGAL_SYSTEM = "legal-system", gettext_lazy("Legal system")


class Obstacle(TextChoices):
    """Why somebody cannot go with this team. "Not known" is not "no", and not "yes" either."""

    VETTING_MISSING = "vetting-missing", gettext_lazy("No vetting on record")
    VETTING_LAPSES = "vetting-lapses", gettext_lazy("Vetting ends before the team is back")
    AWAY = "away", gettext_lazy("Away on these days")
    NOT_ASKED = "not-asked", gettext_lazy("Not asked yet about these days")
    TRAVEL = "travel", gettext_lazy("Too few days of travel left")
    RESTRICTED = "restricted", gettext_lazy("A restriction stands against it")
    STANDING = "standing", gettext_lazy("Not current on the roster")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; `last` None: open."""

    first: date
    last: date | None = None

    def covers(self, first: date, last: date) -> bool:
        """Whether every day from `first` to `last` lies in it."""
        return self.first <= first and (self.last is None or last <= self.last)

    def touches(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` lies in it."""
        return self.first <= last and (self.last is None or first <= self.last)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a team needs.

    `languages`: BCP 47 codes, each spoken by at least `speakers` members. `professions`: how many
    of each; one person fills one such place, and may lead besides. `first` to `last`: the days
    on the spot; `travel_days` are added before and again after. Without days, neither availability
    nor the end of a vetting is checked against them (vetting must be valid on `today`).
    """

    size: int = 1
    most: int | None = None
    women: int = 0
    leads: int = 1
    professions: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    speakers: int = 1
    topics: frozenset[str] = frozenset()
    legal_systems: frozenset[str] = frozenset()
    needs_vetting: bool = True
    first: date | None = None
    last: date | None = None
    travel_days: int = 0

    def span(self) -> tuple[date, date] | None:
        """First and last day away from home, travel included."""
        if self.first is None or self.last is None:
            return None
        travel = timedelta(days=self.travel_days)
        return self.first - travel, self.last + travel

    def days_away(self) -> int:
        """How many days each member is away from home; 0 as long as there are no days."""
        span = self.span()
        return (span[1] - span[0]).days + 1 if span else 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may join. `code`: the person's code, never a name.

    `vetted_until`: last day of a clearance, None without one. `available` and `away`: what was
    said about days; neither means not asked. `travel_days_left`: None without a limit.
    `can_be_asked`: current or due on the roster.
    """

    code: str
    step: LadderStep | None = None
    sex: Sex = Sex.NOT_STATED
    professions: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    legal_systems: frozenset[str] = frozenset()
    vetted_until: date | None = None
    available: tuple[Period, ...] = ()
    away: tuple[Period, ...] = ()
    travel_days_left: int | None = None
    is_restricted: bool = False
    can_be_asked: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing. `subject`: language, profession, topic or system; else empty.

    `unknown`: members of whom it is not known whether they would count (sex not stated).
    """

    need: Need
    subject: str
    wanted: int
    have: int
    unknown: int = 0

    @property
    def short(self) -> int:
        return self.wanted - self.have


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a team could become complete.

    `sets`: the smallest sets of codes that would fill every gap that anybody can fill; empty
    when nobody can fill any, or nothing is missing. `more_sets`: there are more of that size.
    `lacking`: what nobody here can give, even with everybody in. `over`: by how many people the
    team would pass its largest size.
    """

    gaps: tuple[Gap, ...]
    sets: tuple[tuple[str, ...], ...]
    more_sets: bool
    lacking: tuple[Gap, ...]
    over: int

    @property
    def is_possible(self) -> bool:
        return not self.lacking and not self.over


def obstacles(
    candidate: Candidate, requirement: Requirement, *, today: date
) -> tuple[Obstacle, ...]:
    """Why `candidate` cannot go with this team; empty when nothing stands against it."""
    found = []
    span = requirement.span()
    if not candidate.can_be_asked:
        found.append(Obstacle.STANDING)
    if candidate.is_restricted:
        found.append(Obstacle.RESTRICTED)
    if requirement.needs_vetting:
        if candidate.vetted_until is None or candidate.vetted_until < today:
            found.append(Obstacle.VETTING_MISSING)
        elif span and candidate.vetted_until < span[1]:
            found.append(Obstacle.VETTING_LAPSES)
    if span:
        if any(period.touches(*span) for period in candidate.away):
            found.append(Obstacle.AWAY)
        elif not _covered(candidate.available, *span):
            found.append(Obstacle.NOT_ASKED)
    left = candidate.travel_days_left
    if left is not None and left < requirement.days_away():
        found.append(Obstacle.TRAVEL)
    return tuple(found)


def _covered(periods: Iterable[Period], first: date, last: date) -> bool:
    """Whether the periods together cover every day from `first` to `last`."""
    reached = first
    for period in sorted(periods, key=lambda each: each.first):
        if period.first > reached:
            return False
        if period.last is None or period.last >= last:
            return True
        reached = max(reached, period.last + timedelta(days=1))
    return False


def gaps(requirement: Requirement, members: Sequence[Candidate]) -> tuple[Gap, ...]:
    """The shortest list of what a team of `members` lacks, in the order of `Need`.

    Each counts as if nothing stood against them: pass only those without `obstacles`. Professions
    are filled as well as possible, one place a person; which one is left open is the first by name.
    """
    found = [
        Gap(Need.SIZE, "", requirement.size, len(members)),
        Gap(
            Need.WOMEN,
            "",
            requirement.women,
            sum(each.sex == Sex.FEMALE for each in members),
            sum(each.sex == Sex.NOT_STATED for each in members),
        ),
        Gap(Need.LEAD, "", requirement.leads, sum(each.step in LEADS for each in members)),
    ]
    filled = _filled(requirement.professions, members)
    found += [
        Gap(Need.PROFESSION, profession, wanted, filled[profession])
        for profession, wanted in sorted(requirement.professions.items())
    ]
    for need, subjects, wanted, held in (
        (Need.LANGUAGE, requirement.languages, requirement.speakers, "languages"),
        (Need.TOPIC, requirement.topics, 1, "topics"),
        (Need.LEGAL_SYSTEM, requirement.legal_systems, 1, "legal_systems"),
    ):
        found += [
            Gap(need, subject, wanted, sum(subject in getattr(each, held) for each in members))
            for subject in sorted(subjects)
        ]
    return tuple(gap for gap in found if gap.short > 0)


def _filled(professions: Mapping[str, int], members: Sequence[Candidate]) -> dict[str, int]:
    """How many places of each profession are filled when as many as possible are.

    Largest matching of places and people by augmenting paths; places in the order of names from
    the last, so that what stays open is the first.
    """
    places = [name for name in sorted(professions, reverse=True) for _n in range(professions[name])]
    holder: dict[int, int] = {}

    def seat(place: int, tried: set[int]) -> bool:
        for number, member in enumerate(members):
            if number in tried or places[place] not in member.professions:
                continue
            tried.add(number)
            if number not in holder or seat(holder[number], tried):
                holder[number] = place
                return True
        return False

    for place in range(len(places)):
        seat(place, set())
    counted = dict.fromkeys(professions, 0)
    for place in holder.values():
        counted[places[place]] += 1
    return counted


def shortfall(found: Iterable[Gap]) -> int:
    """How many people or skills are missing in all: what a candidate is measured against."""
    return sum(gap.short for gap in found)


def most_helpful(
    requirement: Requirement, members: Sequence[Candidate], candidates: Sequence[Candidate]
) -> list[tuple[Candidate, int]]:
    """Candidates with how much of what is missing each alone would fill, most first; never none."""
    before = shortfall(gaps(requirement, members))
    scored = [
        (each, before - shortfall(gaps(requirement, [*members, each]))) for each in candidates
    ]
    return sorted(
        ((each, helps) for each, helps in scored if helps > 0),
        key=lambda pair: (-pair[1], pair[0].code),
    )


def propose(
    requirement: Requirement, members: Sequence[Candidate], candidates: Sequence[Candidate]
) -> Proposal:
    """The smallest sets of `candidates` that complete the team. Exact.

    Pass only those without `obstacles`. What nobody can give is set aside first (`lacking`), and
    the sets fill the rest. An aid: it says who would fit, and somebody decides.
    """
    now = gaps(requirement, members)
    everybody = [*members, *candidates]
    lacking = gaps(requirement, everybody)
    reachable = _eased(requirement, lacking)
    # Two candidates of one kind are the same for the search: it runs over kinds, not people.
    kinds: dict[object, list[str]] = {}
    by_code = {each.code: each for each in candidates}
    for each in sorted(candidates, key=lambda one: one.code):
        kinds.setdefault(_kind(each, reachable), []).append(each.code)
    groups = [(by_code[codes[0]], codes) for codes in kinds.values()]
    # The most helpful kinds first, so that a branch that cannot succeed ends early.
    groups.sort(key=lambda group: (-_use(group[0], reachable), group[1][0]))
    found: list[list[int]] = []
    for size in range(1, len(candidates) + 1):
        if not gaps(reachable, members):
            break
        # One more than is shown, so that it can be told that there are more.
        covers = _covers(reachable, list(members), groups, size, 0)
        found = list(islice(covers, SETS_SHOWN + 1))
        if found:
            break
    sets = [tuple(sorted(_pick(groups, picks))) for picks in found]
    size = len(sets[0]) if sets else 0
    room = requirement.most
    over = 0 if room is None else max(0, len(members) + size - room)
    return Proposal(now, tuple(sets[:SETS_SHOWN]), len(sets) > SETS_SHOWN, lacking, over)


def _eased(requirement: Requirement, lacking: Iterable[Gap]) -> Requirement:
    """`requirement` with what nobody can give taken out."""
    by = {(gap.need, gap.subject): gap.have for gap in lacking}

    def kept(need: Need, subjects: frozenset[str]) -> frozenset[str]:
        return frozenset(each for each in subjects if (need, each) not in by)

    return Requirement(
        size=by.get((Need.SIZE, ""), requirement.size),
        women=by.get((Need.WOMEN, ""), requirement.women),
        leads=by.get((Need.LEAD, ""), requirement.leads),
        professions={
            name: by.get((Need.PROFESSION, name), wanted)
            for name, wanted in requirement.professions.items()
        },
        languages=kept(Need.LANGUAGE, requirement.languages),
        speakers=requirement.speakers,
        topics=kept(Need.TOPIC, requirement.topics),
        legal_systems=kept(Need.LEGAL_SYSTEM, requirement.legal_systems),
    )


def _kind(candidate: Candidate, requirement: Requirement) -> tuple[object, ...]:
    """What the search sees of somebody: only traits that are asked for."""
    return (
        requirement.women > 0 and candidate.sex == Sex.FEMALE,
        candidate.step in LEADS,
        candidate.professions & frozenset(requirement.professions),
        candidate.languages & requirement.languages,
        candidate.topics & requirement.topics,
        candidate.legal_systems & requirement.legal_systems,
    )


def _use(candidate: Candidate, requirement: Requirement) -> int:
    """The most that somebody can take off a shortfall: a place, and each trait asked for."""
    return (
        1
        + (requirement.women > 0 and candidate.sex == Sex.FEMALE)
        + (candidate.step in LEADS)
        + bool(candidate.professions & frozenset(requirement.professions))
        + len(candidate.languages & requirement.languages)
        + len(candidate.topics & requirement.topics)
        + len(candidate.legal_systems & requirement.legal_systems)
    )


def _covers(
    requirement: Requirement,
    team: list[Candidate],
    groups: Sequence[tuple[Candidate, list[str]]],
    depth: int,
    start: int,
) -> Iterable[list[int]]:
    """Index lists into `groups`, ascending, of length `depth`, that complete the team.

    `groups`: most useful kind first. A branch ends where the largest single gap, all places of
    professions, or the whole shortfall needs more than the people left to add can bring.
    """
    open_gaps = gaps(requirement, team)
    if depth == 0:
        if not open_gaps:
            yield []
        return
    most = max((gap.short for gap in open_gaps), default=0)
    places = sum(gap.short for gap in open_gaps if gap.need == Need.PROFESSION)
    if max(most, places) > depth or start >= len(groups):
        return
    if shortfall(open_gaps) > depth * _use(groups[start][0], requirement):
        return
    for index in range(start, len(groups)):
        sample, codes = groups[index]
        used = sum(each is sample for each in team)
        if used >= len(codes):
            continue
        for rest in _covers(requirement, [*team, sample], groups, depth - 1, index):
            yield [index, *rest]


def _pick(groups: Sequence[tuple[Candidate, list[str]]], picks: Sequence[int]) -> list[str]:
    """People for the kinds in `picks`: the first codes of each kind."""
    return [groups[index][1][picks[:place].count(index)] for place, index in enumerate(picks)]
