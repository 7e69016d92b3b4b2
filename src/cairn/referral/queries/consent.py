"""What is read of consent: what may be told to whom today, one record, and what waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import Guardian
from cairn.referral.models.referrals import Referral
from cairn.referral.models.services import Service
from cairn.referral.rules.choices import LegalBasis
from cairn.referral.rules.consent import (
    ENDS_SOON,
    LIVE,
    ConsentState,
    Heard,
    standing,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What lets something be told. `categories`: codes of DataCategory, and nothing else."""

    basis: LegalBasis
    categories: frozenset[str]
    consent_id: UUID | None
    expires_on: date | None


def grounds(
    person: Person,
    purpose: str,
    organisation_id: UUID,
    today: date,
    kinds: Collection[str] = (),
) -> Ground | None:
    """What may be told of `person` to a service of this organisation today; None: nothing.

    `kinds`: codes of ServiceType of that service; without them only what names the organisation
    counts. Danger to life is never a ground from here: it is stated, with its reason, on the act.
    One query.
    """
    if person.erased_on is not None:
        return None
    rows = Consent.objects.filter(person=person, purpose=purpose, decided_at__isnull=False)
    found = standing((heard(row) for row in rows), organisation_id, kinds, today)
    if found is None:
        return None
    return Ground(found.basis, found.categories, found.id, found.expires_on)


def is_left_without(referral: Referral, consent: Consent, now: datetime) -> bool:
    """True when `consent`, which lets nothing be told any more, was about the recipient of this
    referral, and nothing else that was agreed lets it be told. At most one query."""
    told = Told(referral.purpose, referral.recipient_id, referral.service.kinds)
    return takes_away(consent, referral.person, told, timezone.localdate(now))


@dataclass(frozen=True, slots=True)
class Told:
    """What is told to one organisation. `kinds`: of its service, none where it is no service;
    `categories`: without which it is not told at all."""

    purpose: str
    organisation_id: UUID
    kinds: Collection[str] = ()
    categories: Collection[str] = ()


def takes_away(consent: Consent, person: Person, told: Told, today: date) -> bool:
    """True when `consent`, which lets nothing be told any more, was about what is told, and
    nothing else that was agreed lets it be told. At most one query."""
    is_about = heard(consent).is_about(told.organisation_id, told.kinds)
    if consent.purpose != told.purpose or not is_about:
        return False
    ground = grounds(person, told.purpose, told.organisation_id, today, told.kinds)
    return ground is None or not set(told.categories) <= ground.categories


def heard(row: Consent) -> Heard:
    """A record as the rules see it. The caller knows that it was decided."""
    if row.decided_at is None:
        raise ValueError(f"Consent {row.pk} has no answer yet.")
    return Heard(
        state=ConsentState(row.state),
        basis=LegalBasis(row.basis),
        recipient_class=row.recipient_class,
        recipient_id=row.recipient_id,
        categories=frozenset(row.categories),
        starts_on=row.starts_on,
        expires_on=row.expires_on,
        decided_at=row.decided_at,
        id=row.pk,
    )


def rows(person: Person) -> QuerySet[Consent]:
    """All that the person was asked, newest first; the caller sees the person."""
    found: QuerySet[Consent] = Consent.objects.filter(person=person).select_related(
        "person", "recipient", "guardian", "superseded_by"
    )
    return found.order_by("-number")


def is_renewed(consent: Consent) -> bool:
    """Whether a later yes about the same recipient and purpose is live. One query."""
    if consent.decided_at is None:
        return False
    rows = Consent.objects.filter(
        person=consent.person_id,
        purpose=consent.purpose,
        recipient_class=consent.recipient_class,
        recipient=consent.recipient_id,
        state__in=LIVE,
        decided_at__gt=consent.decided_at,
    )
    return rows.exists()


def find_consent(actor: Actor, code: str, number: int) -> Consent:
    """Raises Consent.DoesNotExist, also for one of a person whom the actor does not see."""
    rows = Consent.objects.visible_to(actor).select_related(
        "person__organisation", "person__unit", "recipient", "guardian", "superseded_by"
    )
    found: Consent = rows.get(person__code=code, number=number)
    return found


def steps(consent: Consent) -> list[ConsentStep]:
    """How the consent came to where it stands, newest first. One query."""
    return list(ConsentStep.objects.filter(consent=consent).order_by("-number"))


def live_guardian(person: Person, today: date) -> Guardian | None:
    """The guardian who stands by the person today, the newest of several. One query."""
    rows = Guardian.objects.filter(person=person, starts_on__lte=today).order_by("-number")
    return next((row for row in rows if row.ends_on is None or row.ends_on >= today), None)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who may be named: those with a service in the directory, and all others."""

    giving_help: Sequence[Organisation]
    others: Sequence[Organisation]


def recipients(actor: Actor) -> Recipients:
    """Two queries."""
    helping = set(
        Service.objects.visible_to(actor)
        .filter(closed_at=None)
        .order_by()
        .values_list("organisation_id", flat=True)
    )
    every = list(Organisation.objects.visible_to(actor).order_by("name"))
    return Recipients(
        [each for each in every if each.pk in helping],
        [each for each in every if each.pk not in helping],
    )


def service_called(actor: Actor, code: str) -> Service | None:
    """The service of this code, None for one that the actor does not see."""
    rows = Service.objects.visible_to(actor).select_related("organisation")
    return rows.filter(code=code).first()


@dataclass(frozen=True, slots=True)
class Summary:
    """Where consent of a person stands. `live`: what may be told today; `asked`: without answer;
    `count`: all that was asked.

    `ends_on`: the earliest last day of what is live, `ends_soon`: within a fortnight.
    """

    live: Sequence[Consent]
    asked: Sequence[Consent]
    count: int
    ends_on: date | None
    ends_soon: bool


def summary(person: Person, today: date) -> Summary:
    """One query."""
    found = list(rows(person))
    live = [row for row in found if row.decided_at and heard(row).is_live(today)]
    asked = [row for row in found if row.state in {ConsentState.NOT_SOUGHT, ConsentState.EXPLAINED}]
    ends_on = min((row.expires_on for row in live if row.expires_on), default=None)
    soon = ends_on is not None and ends_on <= today + ENDS_SOON
    return Summary(live, asked, len(found), ends_on, soon)


def expiring(actor: Actor, today: date) -> QuerySet[Consent]:
    """Of the actor's own open caseload: what ends within a fortnight, the first to end first."""
    if not actor.may(Permission.PERSON_VIEW):
        return Consent.objects.none()
    own = Person.objects.visible_to(actor).in_caseload_of(actor)
    rows: QuerySet[Consent] = Consent.objects.filter(
        person__in=own, state__in=LIVE, expires_on__gte=today, expires_on__lte=today + ENDS_SOON
    )
    return rows.select_related("person", "recipient").order_by("expires_on", "pk")


def unanswered(actor: Actor) -> QuerySet[Consent]:
    """Of the actor's own open caseload: explained, and nobody has written down the answer."""
    own = Person.objects.visible_to(actor).in_caseload_of(actor)
    rows: QuerySet[Consent] = Consent.objects.filter(person__in=own, state=ConsentState.EXPLAINED)
    return rows.select_related("person", "recipient").order_by("recorded_at", "pk")
