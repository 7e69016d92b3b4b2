"""The invented register of the benchmark `duty`: whose rows they are, and how they stand."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.rows import code_of, copies, id_of, indexes_later

SEED = 7
# The first places, which the register begins with, and all that come to it as it grows.
FIRST, PLACES = 10, 100
FIRST_PERSONS = 2_500
PER_PERSON = 4  # referrals
MINE = 40  # persons whom the caseworker looks after, however large the register is
CHUNK = 50_000
# State -> how many of a thousand referrals stand so.
STATES = {
    "draft": 10, "sent": 15, "delivered": 20, "acknowledged": 25, "information-requested": 10,
    "accepted": 25, "service-started": 45, "completed": 5, "feedback-returned": 20, "closed": 545,
    "declined": 120, "redirected": 20, "expired": 60, "recalled": 50, "withdrawn": 30,
}  # fmt: skip
NEEDS = ("health", "safe-place", "legal", "counselling", "basic-needs", "family")
URGENCIES = ("emergency", "urgent", "urgent", "routine", "routine", "routine")
TOWNS = 5
_PERSONS, _ROWS = 1 << 40, 1 << 41  # where the numbers of ids of each sort begin


# What tells a row from the one that it is a copy of.
OF_PERSON = ["id", "code", "person_id", "recorded_at"]
COLUMNS = {
    "person": ["id", "code", "organisation_id", "caseworker", "opened_on", "closed_on"],
    "danger": [*OF_PERSON, "review_on"],
    "consent": [*OF_PERSON, "receipt", "state", "expires_on"],
    "plan": [*OF_PERSON, "state", "review_on"],
    "episode": OF_PERSON,
    "follow_up": [*OF_PERSON, "episode_id", "due_on", "seen_on"],
    "return": [*OF_PERSON, "state", "closed_on"],
    "visit": [*OF_PERSON, "plan_id", "due_on", "held_on"],
    "conflict": [*OF_PERSON, "resolved_at"],
    "pair": ["id", "organisation_id", "first_id", "second_id", "score", "found_at", "state"],
    "referral": [
        "id", "code", "person_id", "organisation_id", "recipient_id", "service_id", "need",
        "urgency", "place", "state", "made_at", "moved_at", "sent_at", "acknowledged_at",
        "ack_by", "decide_by", "next_at", "closed_at", "alternate_id",
    ],
}  # fmt: skip


@dataclass
class Register:
    """What is in. `templates`: primary keys of the rows that are copied, by model."""

    now: datetime
    visitors: dict[str, Any]
    users: dict[str, UUID]
    organisations: list[UUID]
    services: list[UUID]
    templates: dict[str, Any]
    count: int = 0
    code: str = ""

    @classmethod
    def begun(cls) -> "Register":
        """The places, the people who ask, and one row of each kind, made by the actions."""
        from django.conf import settings
        from django.core.management import call_command
        from django.test import Client
        from django.utils import timezone

        from cairn.access.models import User
        from cairn.access.tests.factories import organisation, sign_in, user_with_role
        from cairn.referral.tests.protocols_made import service
        from cairn.referral.tests.referrals_made import referred, sides

        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
        at = sides()
        users = {
            "caseworker": User.objects.get(pk=str(at.worker.user_id)),
            "focal": User.objects.get(pk=str(at.focal.user_id)),
            "supervisor": user_with_role("case-supervisor", name="chief"),
        }
        visitors = {name: Client() for name in users}
        for name, user in users.items():
            sign_in(visitors[name], user)
        places = [at.person.organisation, at.service.organisation]
        places += [organisation(f"Invented Agency {number}") for number in range(2, PLACES)]
        services = [at.service if each == places[1] else service(each) for each in places]
        made = referred(at)
        return cls(
            timezone.now(),
            visitors,
            {name: user.pk for name, user in users.items()},
            [each.pk for each in places],
            [each.pk for each in services],
            {"referral": made.pk, "person": at.person.pk, **_rows_of(at)},
        )

    def fill(self, size: int) -> None:
        """Put in what is missing up to `size` referrals, with persons and their rows."""
        from cairn.referral import models as m

        kinds = {
            "person": m.Person,
            "referral": m.Referral,
            "danger": m.RiskAssessment,
            "consent": m.Consent,
            "plan": m.Plan,
            "episode": m.ServiceEpisode,
            "follow_up": m.FollowUp,
            "return": m.ReturnPlan,
            "visit": m.MonitoringVisit,
            "conflict": m.Conflict,
            "pair": m.Pair,
        }
        with indexes_later(kinds.values()):
            for start in range(self.count, size, CHUNK):
                stop = min(start + CHUNK, size)
                chance = random.Random(f"{SEED} {start}")  # noqa: S311 - an invented register
                persons = range(-(-start // PER_PERSON), -(-stop // PER_PERSON))
                made = made_rows(self, persons, chance)
                made["referral"] = [_referral(self, each, chance) for each in range(start, stop)]
                for kind, rows in made.items():
                    copies(kinds[kind], self.templates[kind], COLUMNS[kind], rows)
        self.count = size
        self.code = code_of(_first_own(self))

    def owner(self, person: int) -> int:
        """Which place looks after a person; the caseworker's are among the first."""
        if person < MINE:
            return 0
        places = FIRST if person < FIRST_PERSONS else PLACES
        return random.Random(f"{SEED} owner {person}").randrange(places)  # noqa: S311


def _first_own(register: Register) -> int:
    """A referral that the reader's place sent, from the middle of the register."""
    middle = register.count // 2
    return next(
        number
        for number in range(middle, register.count)
        if register.owner(number // PER_PERSON) == 0
    )


def _rows_of(at: Any) -> dict[str, Any]:
    """One row of each kind that stands on the page of today, of the invented person."""
    from django.utils import timezone

    from cairn.referral import models as m
    from cairn.referral.tests.factories import person

    day, of = date(2026, 1, 15), at.person
    first, second = sorted((of, person(at.worker)), key=lambda each: each.pk)
    pair = m.Pair.objects.create(
        organisation=of.organisation,
        first=first,
        second=second,
        score=20,
        found_at=timezone.now(),
    )

    def row(model: Any, letter: str, **facts: Any) -> Any:
        made = model(
            person=of,
            data_key=of.data_key,
            number=90,
            code=f"{of.code.lower()}.{letter}90",
            recorded_at=timezone.now(),
            **facts,
        )
        made.save(force_insert=True)
        return made

    episode = row(
        m.ServiceEpisode, "e", service_type="livelihood", provider=of.organisation, starts_on=day
    )
    back = row(m.ReturnPlan, "z", state="blocked")
    return {
        "danger": row(m.RiskAssessment, "r", level="high", assessed_on=day).pk,
        "consent": m.Consent.objects.filter(person=of).latest("number").pk,
        "plan": row(m.Plan, "p", state="active", agreed_on=day, review_on=day).pk,
        "episode": episode.pk,
        "follow_up": row(m.FollowUp, "f", episode=episode, months=3, due_on=day).pk,
        "return": back.pk,
        "visit": row(m.MonitoringVisit, "v", plan=back, months=3, due_on=day).pk,
        "conflict": row(m.Conflict, "x", field="age_band").pk,
        "pair": pair.pk,
    }


def made_rows(
    register: Register, persons: range, chance: random.Random
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of persons, by kind; what is due lies around today.

    Of the first persons four in ten are open. Of those who come with the years only one in
    twenty-five still is: a place helps as many at a time as it did, and what is over piles up.
    """
    made: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in COLUMNS if kind != "referral"}
    day = register.now.date()

    def ago(most: int) -> date:
        return day - timedelta(days=chance.randrange(most))

    def due() -> date:
        return day + timedelta(days=chance.randrange(-30, 300))

    before: dict[int, UUID] = {}
    for person in persons:
        own, code, place = _id(_PERSONS, person), code_of(person), register.owner(person)
        is_open = person < MINE or chance.random() < (0.4 if person < FIRST_PERSONS else 0.04)
        worker: UUID | None = UUID(int=place * 100 + chance.randrange(30))
        if person < MINE:
            worker = register.users["caseworker"]
        elif chance.random() < 0.02:
            worker = None
        opened = ago(700) - timedelta(days=60)
        closed = None if is_open else opened + timedelta(days=chance.randrange(60))
        made["person"].append((own, code, register.organisations[place], worker, opened, closed))

        def row(kind: str, letter: str, *facts: Any) -> UUID:
            pk = _id(_ROWS + len(COLUMNS) * person, list(COLUMNS).index(kind))  # noqa: B023
            written = register.now - timedelta(days=chance.randrange(600))
            made[kind].append((pk, f"{code.lower()}.{letter}1", own, written, *facts))  # noqa: B023
            return pk

        row("danger", "r", due())
        row("consent", "c", code, "given" if is_open else "expired", due() + timedelta(days=120))
        row("plan", "p", "active" if is_open else "completed", due())
        if person % 2:
            episode = row("episode", "e")
            row("follow_up", "f", episode, due(), ago(90) if chance.random() < 0.8 else None)
        if person % 4 == 1:
            state = chance.choice(("blocked", "concern", "preparing", "wanted"))
            back = row("return", "z", state, None)
            row("visit", "v", back, due(), ago(90) if chance.random() < 0.8 else None)
        if person % 5 == 2:
            row("conflict", "x", register.now if chance.random() < 0.4 else None)
        if chance.random() < 0.1 and place in before:
            pair = sorted((own, before[place]))
            is_new = chance.random() < (0.5 if person < FIRST_PERSONS else 0.02)
            state = "suggested" if is_new else "different"
            number = _id(_ROWS + len(COLUMNS) * person, list(COLUMNS).index("pair"))
            found = (number, register.organisations[place], *pair, chance.randrange(20, 40))
            made["pair"].append((*found, register.now, state))
        before[place] = own
    return made


def _id(first: int, number: int) -> UUID:
    return id_of(first + number)


def _referral(register: Register, number: int, chance: random.Random) -> tuple[Any, ...]:
    """One referral from the place that looks after the person to another place."""
    now = register.now
    place = register.owner(number // PER_PERSON)
    places = FIRST if number < PER_PERSON * FIRST_PERSONS else PLACES
    other = (place + chance.randrange(1, places)) % places
    state = chance.choices(list(STATES), list(STATES.values()))[0]
    is_end = state in {"closed", "declined", "redirected", "expired", "recalled", "withdrawn"}
    made = now - timedelta(minutes=chance.randrange(60 * 24 * (900 if is_end else 20)))
    moved = made + (now - made) * chance.random()
    if is_end and number < PER_PERSON * FIRST_PERSONS and chance.random() < 0.2:
        made = moved = now - timedelta(minutes=chance.randrange(1, 60 * 24 * 14))
    sent = None if state == "draft" else made
    ahead = timedelta(minutes=chance.randrange(-600, 60 * 24 * 7))
    seen = moved if sent and state not in {"sent", "delivered"} else None
    service = register.services[other]
    is_waiting = state in {"sent", "delivered", "acknowledged"}
    return (
        id_of(number),
        code_of(number),
        _id(_PERSONS, number // PER_PERSON),
        register.organisations[place],
        register.organisations[other],
        service,
        chance.choice(NEEDS),
        chance.choice(URGENCIES),
        f"Invented Town {chance.randrange(TOWNS)}",
        state,
        made,
        moved,
        sent,
        seen,
        sent and now + ahead,
        sent and now + ahead + timedelta(days=1),
        None if is_end else now + ahead,
        moved if is_end else None,
        register.services[place] if is_waiting and chance.random() < 0.3 else None,
    )
