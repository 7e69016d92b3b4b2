"""What stands for and against telling a service about a person, read before it is sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral
from cairn.referral.models.services import Service
from cairn.referral.queries import persons, protocols, risks
from cairn.referral.rules.choices import LegalBasis
from cairn.referral.rules.clearing import check_cleared, is_vital
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.referrals import Lapsed


@dataclass(frozen=True, slots=True)
class Grounds:
    """`ground`: of queries.consent; `excluded`: why nobody is referred there, or None."""

    ground: Any
    protocol: Any
    excluded: str | None
    is_guarded: bool
    is_child: bool
    is_within: bool

    @property
    def consent_id(self) -> UUID | None:
        found: UUID | None = self.ground.consent_id if self.ground else None
        return found

    def basis(self, urgency: str, emergency_reason: str) -> str:
        """On which legal basis it is told: danger to life where that is stated."""
        if is_vital(urgency, emergency_reason):
            return LegalBasis.VITAL_INTEREST.value
        return str(LegalBasis(self.ground.basis).value) if self.ground else ""

    def check(self, categories: list[str], urgency: str, emergency_reason: str) -> None:
        """Raise RuleBroken with the first thing that stands against it: see rules.clearing."""
        check_cleared(
            ground=self.ground,
            protocol=self.protocol,
            excluded=self.excluded,
            categories=categories,
            guarded=self.is_guarded,
            is_child=self.is_child,
            urgency=urgency,
            emergency_reason=emergency_reason,
            is_within=self.is_within,
        )


def grounds(person: Person, service: Service, purpose: str, today: date) -> Grounds:
    """What holds today between the organisation of `person` and the one of `service`."""
    from cairn.referral.queries import consent

    sender, recipient = person.organisation_id, service.organisation_id
    return Grounds(
        ground=consent.grounds(person, purpose, recipient, today, kinds=service.kinds),
        protocol=protocols.in_force(sender, recipient, purpose, today, country=person.country),
        excluded=risks.ground_against(recipient, service.pk, today),
        is_guarded=persons.guarded(person, today),
        is_child=is_treated_as_child(AgeBand(person.age_band)),
        is_within=sender == recipient,
    )


def lapsed(referral: Referral, today: date) -> Lapsed | None:
    """Why the recipient reads no more what it was told; None while it may. At most four queries.

    Somebody decided that nobody is referred there; or the last day of the consent is over, and
    nothing that was agreed later covers the same. Danger to life stood on no consent.
    """
    if risks.ground_against(referral.recipient_id, referral.service_id, today) is not None:
        return Lapsed.EXCLUDED
    if referral.is_emergency or referral.consent is None:
        return None
    last = referral.consent.expires_on
    if last is None or last >= today:
        return None
    found = grounds(referral.person, referral.service, referral.purpose, today).ground
    is_covered = found is not None and set(referral.categories) <= set(found.categories)
    return None if is_covered else Lapsed.OVER
