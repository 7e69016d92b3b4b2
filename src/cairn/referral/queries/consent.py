"""What is read of consent: what may be told to whom today, one record, and what waits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import Guardian
from cairn.referral.rules.choices import DataCategory, LegalBasis
from cairn.referral.rules.consent import (
    ENDS_SOON,
    LIVE,
    RECIPIENTS,
    ConsentState,
    Heard,
    standing,
)

_CLASS_WORDS: Mapping[str, Promise] = dict(RECIPIENTS)


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


def consents(person: Person) -> list[Consent]:
    """All that the person was asked, newest first. One query; the caller sees the person."""
    rows = Consent.objects.filter(person=person).select_related(
        "person", "recipient", "guardian", "superseded_by"
    )
    return list(rows.order_by("-number"))


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


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """Those that may be named as recipients: the catalogue of organisations, in order of names."""
    return Organisation.objects.visible_to(actor).order_by("name")


def recipient_words(consent: Consent) -> str:
    """To whom it is about, in words: an organisation, or a kind of service."""
    if consent.recipient is not None:
        return consent.recipient.display_name
    words = str(_CLASS_WORDS.get(consent.recipient_class, ""))
    return _("Any service: %(kind)s") % {"kind": words} if words else ""


def category_words(codes: Iterable[str]) -> list[str]:
    """Categories in words, in the order of their list."""
    wanted = set(codes)
    return [str(each.label) for each in DataCategory if each in wanted]


@dataclass(frozen=True, slots=True)
class Summary:
    """Where consent of a person stands. `live`: what may be told today; `asked`: without answer.

    `ends_on`: the earliest last day of what is live, `ends_soon`: within a fortnight.
    """

    live: Sequence[Consent]
    asked: Sequence[Consent]
    noes: int
    ends_on: date | None
    ends_soon: bool


def summary(person: Person, today: date) -> Summary:
    """One query."""
    rows = consents(person)
    live = [row for row in rows if row.decided_at and heard(row).is_live(today)]
    asked = [row for row in rows if row.state in {ConsentState.NOT_SOUGHT, ConsentState.EXPLAINED}]
    noes = sum(row.decided_at is not None and heard(row).is_no() for row in rows)
    ends_on = min((row.expires_on for row in live if row.expires_on), default=None)
    soon = ends_on is not None and ends_on <= today + ENDS_SOON
    return Summary(live, asked, noes, ends_on, soon)


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
