"""What files for other programs say of persons and referrals, and what allows them to leave."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import tidied
from cairn.referral.htcds.record import (
    TOLD,
    Came,
    GoalLine,
    PersonRecord,
    ReturnLine,
    Sent,
    ServiceLine,
    limited_to,
)
from cairn.referral.models.exchange import BroughtReferral
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import NeedsAssessment
from cairn.referral.models.plans import Goal, ServiceEpisode
from cairn.referral.models.referrals import Referral
from cairn.referral.models.returns import ReturnPlan
from cairn.referral.models.services import Service
from cairn.referral.queries import sharing
from cairn.referral.rules import addresses
from cairn.referral.rules.choices import DataCategory, Urgency
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.rules.services import SHELTERING, is_sheltered


def codes_in(typed: str) -> list[str]:
    """Codes as somebody types several, each once and in the written form; "" for what is none."""
    parts = typed.replace(",", " ").replace(";", " ").split()
    return list(dict.fromkeys(tidied(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Covered:
    """What may be told of one person to one recipient for one purpose, and on which basis."""

    categories: frozenset[str]
    basis: str


def covered(person: Person, recipient_id: UUID, purpose: str, today: date) -> Covered:
    """What consent or another ground and the protocol both cover today.

    Raises RuleBroken as `rules.clearing.check_cleared` does. Four queries.
    """
    found = sharing.grounds(person, recipient_id, purpose, today)
    agreed = [each.categories for each in (found.ground, found.protocol) if each is not None]
    both = frozenset(TOLD).intersection(*agreed) if agreed else frozenset()
    found.check(sorted(both) or [DataCategory.NEED.value], "", "")
    return Covered(both, found.basis("", ""))


def case_id(person_id: UUID) -> UUID:
    """The id of a person's case in another program: always the same, and none of ours."""
    digest = salted_hmac("cairn.case", str(person_id), algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def exportable_persons(actor: Actor, organisation_id: UUID, codes: Sequence[str]) -> list[Person]:
    """Persons of these codes whose record the actor may take out, in the order of the codes."""
    rows = Person.objects.visible_to(actor).filter(organisation=organisation_id, code__in=codes)
    rows = rows.filter(scoped(actor, Permission.PERSON_EXPORT)).filter(
        scoped(actor, Permission.PERSON_OPEN)
    )
    found = {row.code: row for row in rows}
    return [found[code] for code in codes if code in found]


def sealed_goals(persons: Sequence[Person]) -> list[Goal]:
    """Goals of these persons, whose words are sealed. One query."""
    rows = Goal.objects.filter(person__in=persons).select_related("person")
    return list(rows.order_by("person", "number"))


@dataclass(frozen=True, slots=True)
class Told:
    """What was opened for a file, by id of the person and of the goal."""

    identities: Mapping[UUID, Mapping[str, Any]]
    goals: Mapping[UUID, str]


def records(
    persons: Sequence[Person], covers: Mapping[UUID, Covered], told: Told
) -> list[PersonRecord]:
    """What a file says of these persons: only what is covered, no place that is protected.

    Seven queries, whatever their number.
    """
    lines = _Lines.of(persons, told)
    found = []
    for person in persons:
        facts = told.identities.get(person.pk, {})
        cover = covers[person.pk]
        whole = PersonRecord(
            reference=person.code,
            given=facts.get("given", ""),
            family=facts.get("family", ""),
            birth=facts.get("birth", ""),
            nationality=facts.get("nationality", ""),
            sex=person.sex,
            age_band=person.age_band,
            displacement=person.displacement,
            languages=tuple(person.languages),
            is_open=person.is_open,
            basis=cover.basis,
            needs=lines.needs.get(person.pk, {}),
            came=lines.came.get(person.pk),
            sent=tuple(lines.sent[person.pk]),
            returns=tuple(lines.returns[person.pk]),
            services=tuple(lines.services[person.pk]),
            goals=tuple(lines.goals[person.pk]),
        )
        found.append(limited_to(whole, cover.categories))
    return found


@dataclass(frozen=True, slots=True)
class _Lines:
    """What is clear about several persons, by id."""

    needs: Mapping[UUID, Mapping[str, str]]
    came: Mapping[UUID, Came]
    sent: Mapping[UUID, list[Sent]]
    returns: Mapping[UUID, list[ReturnLine]]
    services: Mapping[UUID, list[ServiceLine]]
    goals: Mapping[UUID, list[GoalLine]]

    @classmethod
    def of(cls, persons: Sequence[Person], told: Told) -> "_Lines":
        sent = list(
            Referral.objects.filter(person__in=persons, sent_at__isnull=False)
            .select_related("recipient", "service")
            .order_by("sent_at", "code")
        )
        came = list(
            Referral.objects.filter(received_person__in=persons).select_related("organisation")
        )
        episodes = list(
            ServiceEpisode.objects.filter(person__in=persons)
            .select_related("provider")
            .order_by("starts_on", "number")
        )
        returns = list(
            ReturnPlan.objects.filter(person__in=persons)
            .select_related("partner")
            .order_by("number")
        )
        named = _Named.among(
            [
                *(each.recipient for each in sent),
                *(each.organisation for each in came),
                *(each.provider for each in episodes),
                *(each.partner for each in returns if each.partner),
            ]
        )
        needs = NeedsAssessment.objects.filter(person__in=persons).order_by("number")
        return cls(
            needs={row.person_id: dict(row.needs) for row in needs},
            came={
                row.received_person_id: Came(named(row.organisation), _day(row.sent_at), row.need)
                for row in came
                if row.received_person_id
            },
            sent=_by_person((row.person_id, _sent(row, named)) for row in sent),
            returns=_by_person((row.person_id, _return(row, named)) for row in returns),
            services=_by_person((row.person_id, _service(row, named)) for row in episodes),
            goals=_by_person(
                (row.person_id, _goal(row, told.goals.get(row.pk, "")))
                for row in sealed_goals(persons)
            ),
        )


def _sent(row: Referral, named: "_Named") -> Sent:
    return Sent(
        to="" if _is_secret(row.service) else named(row.recipient),
        on=_day(row.sent_at),
        need=row.need,
        urgency=row.urgency,
        state=row.state,
    )


def _return(row: ReturnPlan, named: "_Named") -> ReturnLine:
    partner = named(row.partner) if row.partner else ""
    return ReturnLine(row.state, partner, row.to_country, row.departs_on)


def _service(row: ServiceEpisode, named: "_Named") -> ServiceLine:
    by = "" if row.service_type in SHELTERING else named(row.provider)
    return ServiceLine(row.service_type, by, row.starts_on, row.ends_on, row.outcome)


def _goal(row: Goal, words: str) -> GoalLine:
    told = _without_a_door(words)
    return GoalLine(row.area, told, row.state, row.target_on, row.settled_on)


def _by_person(pairs: Iterable[tuple[UUID, Any]]) -> defaultdict[UUID, list[Any]]:
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for person_id, line in pairs:
        found[person_id].append(line)
    return found


def _day(moment: Any) -> date | None:
    return timezone.localdate(moment) if moment else None


def _is_secret(service: Service) -> bool:
    return is_sheltered(service.kinds, service.sensitivity)


def _without_a_door(words: str) -> str:
    """Nothing where the words lead to a door: people live behind it."""
    return "" if addresses.signs(words) else words


@dataclass(frozen=True, slots=True)
class _Named:
    """Names of organisations; none for one that keeps a place which few may know of."""

    secret: frozenset[UUID]

    @classmethod
    def among(cls, organisations: Sequence[Organisation]) -> "_Named":
        rows = Service.objects.filter(organisation__in={each.pk for each in organisations})
        return cls(
            frozenset(
                each.organisation_id
                for each in rows.only("organisation_id", "kinds", "sensitivity")
                if _is_secret(each)
            )
        )

    def __call__(self, organisation: Organisation) -> str:
        return "" if organisation.pk in self.secret else organisation.display_name


# --- Referrals --------------------------------------------------------------------------------


def exportable_referrals(
    actor: Actor, organisation_id: UUID, codes: Sequence[str]
) -> list[Referral]:
    """Referrals of these codes that this organisation sent, in the order of the codes."""
    rows = (
        Referral.objects.visible_to(actor)
        .filter(organisation=organisation_id, code__in=codes)
        .filter(scoped(actor, Permission.REFERRAL_OPEN))
        .select_related("person", "service", "organisation", "recipient")
    )
    found = {row.code: row for row in rows}
    return [found[code] for code in codes if code in found]


def brought(actor: Actor, state: str = "") -> QuerySet[BroughtReferral]:
    """Referrals that came as files, the newest first."""
    rows = BroughtReferral.objects.visible_to(actor).select_related("service")
    if state in BroughtState.values:
        rows = rows.filter(state=state)
    return rows


def to_answer(actor: Actor) -> QuerySet[BroughtReferral]:
    """Those that wait for an answer of the actor's own place: danger to life, then the oldest."""
    rows = BroughtReferral.objects.filter(
        scoped(actor, Permission.REFERRAL_ANSWER), state=BroughtState.WAITING, erased_on=None
    )
    is_later = Case(When(urgency=Urgency.EMERGENCY, then=0), default=1)
    told = rows.only("id", "data_key", "code", "urgency", "need", "brought_at")
    return told.order_by(is_later, "brought_at", "code")


def find_brought(actor: Actor, code: str) -> BroughtReferral:
    """Raises BroughtReferral.DoesNotExist."""
    rows = BroughtReferral.objects.visible_to(actor)
    found: BroughtReferral = rows.select_related("service", "organisation", "received_person").get(
        code=code
    )
    return found


def known(organisation_id: UUID, mark: str) -> BroughtReferral | None:
    """The referral that this very file became before, at this place."""
    return BroughtReferral.objects.filter(organisation=organisation_id, mark=mark).first()


def own_services(actor: Actor) -> list[Service]:
    """Services of the places for which the actor answers. One query."""
    rows = Service.objects.visible_to(actor).filter(closed_at=None)
    rows = rows.filter(scoped(actor, Permission.REFERRAL_ANSWER))
    return list(rows.select_related("organisation", "unit").order_by("name", "code"))
