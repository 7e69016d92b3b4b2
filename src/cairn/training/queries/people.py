"""What the screens about people read: by code, never by name; one person with all that counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.core.pseudonyms import tidied
from cairn.training.models import (
    Credential,
    Deployment,
    Enrolment,
    Nomination,
    NotSamePerson,
    Practitioner,
    Staffing,
    TrainingEvent,
    VettingCheck,
)
from cairn.training.queries import name_keys
from cairn.training.queries.duplicates import facts_of, possible_duplicates
from cairn.training.rules.choices import Profession, Sex
from cairn.training.rules.sameness import Facts, Sameness, judged

__all__ = ["possible_duplicates"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of people is narrowed to; empty for all. `trained`: "yes", "no" or empty."""

    country: str = ""
    sex: str = ""
    profession: str = ""
    agency: str = ""
    trained: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        return cls(
            country=_known(query.get("country", "").upper(), _codes()),
            sex=_known(query.get("sex", ""), Sex.values),
            profession=_known(query.get("profession", ""), Profession.values),
            agency=_uuid(query.get("agency", "")),
            trained=_known(query.get("trained", ""), ("yes", "no")),
        )

    @property
    def is_any(self) -> bool:
        return any((self.country, self.sex, self.profession, self.agency, self.trained))


def _codes() -> set[str]:
    return {each.alpha3 for each in geography.countries()}


def _known(text: str, values: Any) -> str:
    return text if text in values else ""


def _uuid(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        return ""


def people(actor: Actor, filters: Filters) -> QuerySet[Practitioner]:
    """Records that the actor sees, with `completed` (trainings), by code, nothing sealed read."""
    rows = Practitioner.objects.visible_to(actor).kept().select_related("agency")
    rows = rows.defer("name", "name_latin", "contact", "service_number")
    rows = rows.annotate(
        completed=Count("enrolments", filter=Q(enrolments__state="completed"), distinct=True)
    )
    wanted = {
        "country": filters.country,
        "sex": filters.sex,
        "profession": filters.profession,
        "agency": filters.agency,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if filters.trained:
        rows = rows.filter(Q(completed__gt=0) if filters.trained == "yes" else Q(completed=0))
    return rows.order_by("code")


def choices_of(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only what occurs among the people seen. Two queries."""
    rows = Practitioner.objects.visible_to(actor).kept()
    codes = rows.exclude(country="").order_by().values_list("country", flat=True).distinct()
    agencies = Organisation.objects.filter(pk__in=rows.values("agency"))
    return {
        "country": sorted(
            ((code, geography.country_name(code, language())) for code in codes),
            key=lambda pair: pair[1],
        ),
        "agency": [(str(each.pk), each.display_name) for each in agencies],
    }


def find_person(actor: Actor, code: str) -> Practitioner:
    """The record of this exact code. Raises Practitioner.DoesNotExist (also when not visible)."""
    rows = Practitioner.objects.visible_to(actor)
    found: Practitioner = rows.select_related("agency", "organisation", "merged_into").get(
        code=code
    )
    return found


def code_of(actor: Actor, typed: str) -> str:
    """The written form of a code that the actor sees; "" for anything else."""
    code = tidied(typed)
    if not code or not Practitioner.objects.visible_to(actor).filter(code=code).exists():
        return ""
    return code


@dataclass(frozen=True, slots=True)
class Found:
    """One record that a search by name found. `stands_for`: the code that was found, if joined."""

    practitioner: Practitioner
    sameness: Sameness
    stands_for: str = ""


def by_name(actor: Actor, name: str) -> list[Found]:
    """Records whose hashed keys fit `name`, the likeliest first; names stay closed.

    The caller has checked that the actor may open names, and limits how often. At most MOST_FOUND.
    """
    shared = name_keys.holders(name_keys.digests([(name,)])[0])
    rows = Practitioner.objects.visible_to(actor).filter(pk__in=list(shared)[:500])
    records = list(rows.select_related("agency", "merged_into"))
    found: dict[UUID, Found] = {}
    nothing = Facts()
    for each in records:
        kept = each.merged_into or each
        result = judged(nothing, nothing, shared=shared[each.pk])
        before = found.get(kept.pk)
        if before is None or before.sameness.score < result.score:
            found[kept.pk] = Found(kept, result, each.code if kept is not each else "")
    best = sorted(found.values(), key=lambda each: (-each.sameness.score, each.practitioner.code))
    return best[: name_keys.MOST_FOUND]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is on record about one person, by code. Each list newest first."""

    enrolments: list[Enrolment]
    staffing: list[Staffing]
    credentials: list[Credential]
    deployments: list[Deployment]
    nominations: list[Nomination]
    checks: list[VettingCheck]


def story(actor: Actor, person: Practitioner) -> Story:
    """What the page of one person shows. A constant number of queries; nothing sealed is read.

    Of nominations and checks only those that the actor sees.
    """
    return Story(
        enrolments=list(
            Enrolment.objects.filter(practitioner=person)
            .select_related("event", "agency")
            .order_by("-event__starts", "-enrolled_at")
        ),
        staffing=list(
            Staffing.objects.filter(practitioner=person)
            .select_related("event")
            .order_by("-event__starts")
        ),
        credentials=list(
            Credential.objects.filter(practitioner=person)
            .select_related("type", "event")
            .defer("name_form", "token")
        ),
        deployments=list(Deployment.objects.filter(practitioner=person)),
        nominations=list(
            Nomination.objects.visible_to(actor)
            .filter(practitioner=person)
            .select_related("call__event", "agency")
        ),
        checks=list(
            VettingCheck.objects.visible_to(actor)
            .filter(practitioner=person)
            .select_related("practitioner")
            .defer("note")
        ),
    )


def similar_to(actor: Actor, person: Practitioner) -> list[tuple[Practitioner, Sameness]]:
    """Records that may be this person too; what is joined or decided already is left out."""
    keys = name_keys.keys_of([person.pk]).get(person.pk, frozenset())
    shared = name_keys.holders(keys)
    rows = Practitioner.objects.visible_to(actor).kept()
    apart = NotSamePerson.objects.filter(Q(left=person) | Q(right=person))
    known = {each for pair in apart.values_list("left", "right") for each in pair}
    records = list(
        rows.filter(pk__in=list(set(shared) - known - {person.pk})[:200]).select_related("agency")
    )
    facts: Mapping[UUID, Facts] = facts_of([person, *records])
    found = [
        (each, judged(facts[person.pk], facts[each.pk], shared=shared[each.pk])) for each in records
    ]
    found = [pair for pair in found if pair[1].may_merge]
    return sorted(found, key=lambda pair: (-pair[1].score, pair[0].code))[:10]


def event_of(actor: Actor, pk: UUID) -> TrainingEvent:
    """The event that a file is for. Raises TrainingEvent.DoesNotExist."""
    rows = TrainingEvent.objects.visible_to(actor)
    found: TrainingEvent = rows.select_related("organisation").get(pk=pk)
    return found


def organisations() -> list[Organisation]:
    """Agencies that people may serve at: a public catalogue, States themselves left out."""
    return list(Organisation.objects.exclude(kind="state").order_by("name"))


def current_credentials(ids: list[UUID], today: date) -> dict[UUID, date | None]:
    """{person: last day of the certificate that holds longest}; None: no end. One query."""
    rows = Credential.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=today),
        practitioner__in=ids,
        state="issued",
        valid_from__lte=today,
    ).exclude(type__kind="attendance")
    found: dict[UUID, date | None] = {}
    for owner, until in rows.values_list("practitioner", "valid_until"):
        best = found.get(owner, date.min)
        found[owner] = None if until is None or best is None else max(best, until)
    return found
