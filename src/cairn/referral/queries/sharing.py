"""What is read of shares: both lists, one share, and what it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import LateNote, ShareAgreement, ShareStep, given, taken
from cairn.referral.queries import consent, persons, protocols, risks
from cairn.referral.queries.referrals_clearing import Grounds
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.sharing import OPEN, ShareSide

IN_PANEL = 4


def shares(actor: Actor, *, is_taken: bool, is_ended: bool) -> QuerySet[ShareAgreement]:
    """Those that one's place takes, or gives; the newest on top, without their sealed column."""
    rows = ShareAgreement.objects.filter(taken(actor) if is_taken else given(actor))
    rows = rows.exclude(state__in=OPEN) if is_ended else rows.filter(state__in=OPEN)
    listed = rows.select_related("organisation", "taker", "person").defer("content")
    return listed.order_by("-moved_at", "code")


def find_share(actor: Actor, code: str) -> ShareAgreement:
    """Raises ShareAgreement.DoesNotExist, also for one that the actor does not see."""
    rows = ShareAgreement.objects.visible_to(actor).select_related(
        "organisation", "taker", "person", "protocol"
    )
    found: ShareAgreement = rows.get(code=code)
    return found


def of_person(actor: Actor, person: Person) -> list[ShareAgreement]:
    """What is shared of a person with others, the newest on top. One query."""
    rows = ShareAgreement.objects.filter(given(actor), person=person).select_related("taker")
    return list(rows.defer("content").order_by("-moved_at"))


def at_taker(share: ShareAgreement) -> Any:
    """The place that takes, as `require` looks at places."""
    return SimpleNamespace(
        organisation_id=share.taker_id, unit_id=share.taker_unit_id, country=share.country
    )


def grounds(person: Person, taker_id: UUID, purpose: str, today: date) -> Grounds:
    """What holds today between the organisation of `person` and another one. Four queries."""
    giver = person.organisation_id
    return Grounds(
        ground=consent.grounds(person, purpose, taker_id, today),
        protocol=protocols.in_force(giver, taker_id, purpose, today, country=person.country),
        excluded=risks.ground_against(taker_id, None, today),
        is_guarded=persons.guarded(person, today),
        is_child=is_treated_as_child(AgeBand(person.age_band)),
        is_within=False,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the history: which side did what, when."""

    who: str
    what: str
    when: datetime


def history(share: ShareAgreement) -> list[Told]:
    """The steps, newest first. One query."""
    rows = ShareStep.objects.filter(share=share).order_by("-number")
    who = {
        ShareSide.GIVER.value: share.organisation.display_name,
        ShareSide.TAKER.value: share.taker.display_name,
        ShareSide.CLOCK.value: pgettext("who", "What was agreed"),
    }
    return [Told(str(who[row.side]), row.get_after_display(), row.at) for row in rows]


def panel(actor: Actor, person: Any) -> Mapping[str, Any] | None:
    """What is shared of the person with others, and what old owners wrote late. Two queries."""
    place = (person.organisation_id, person.unit_id, person.country)
    if not actor.may_within(Permission.SHARE_VIEW, *place):
        return None
    return {
        "shares": of_person(actor, person)[:IN_PANEL],
        "may_share": actor.may_within(Permission.SHARE_AGREE, *place) and person.is_open,
        "may_hand_over": actor.may_within(Permission.CASELOAD_SUPERVISE, *place) and person.is_open,
        "late_notes": LateNote.objects.filter(person=person).count(),
        "person": person,
    }
