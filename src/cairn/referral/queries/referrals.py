"""What the pages about referrals read: lists of both sides, one referral, a person's panel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.pseudonyms import tidied
from cairn.referral.models.persons import Person
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.models.services import Service
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.referrals import (
    ENDS,
    PREPARED,
    TAKEN_BACK,
    WAITING,
    Side,
    State,
    is_card_shown,
)

# The panel of a person shows so many; the list has all of them.
IN_PANEL = 4
MOST_SERVICES = 300
GROUPS: Mapping[str, frozenset[State]] = {
    "prepared": PREPARED,
    "waiting": WAITING,
    "running": frozenset(State) - PREPARED - WAITING - ENDS,
    "ended": ENDS,
}
# Of what came in: of which need and urgency, and of which the card, are shown.
_KNOWN = sorted(frozenset(State) - TAKEN_BACK)
_WITH_CARD = sorted(filter(is_card_shown, State))
_LISTED = (
    "code",
    "state",
    "urgency",
    "need",
    "place",
    "step",
    "next_at",
    "made_at",
    "sent_at",
    "ack_by",
    "decide_by",
    "acknowledged_at",
    "data_key",
    "service__name",
    "service__code",
    "person__code",
    "person__data_key",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; an empty part narrows nothing."""

    group: str = ""
    urgency: str = ""
    need: str = ""
    words: str = ""
    person: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        group, urgency, need = (query.get(name, "") for name in ("state", "urgency", "need"))
        return cls(
            group=group if group in GROUPS else "",
            urgency=urgency if urgency in Urgency.values else "",
            need=need if need in Need.values else "",
            words=query.get("q", "").strip()[:80],
            person=tidied(query.get("person", "")),
        )

    def narrowed(
        self, rows: QuerySet[Referral], *, is_received: bool = False
    ) -> QuerySet[Referral]:
        """`is_received`: what a line does not show the recipient, no filter tells it either."""
        known, card = (Q(state__in=_KNOWN), Q(state__in=_WITH_CARD)) if is_received else (Q(), Q())
        if self.group:
            rows = rows.filter(state__in=[state.value for state in GROUPS[self.group]])
        if self.urgency:
            rows = rows.filter(known, urgency=self.urgency)
        if self.need:
            rows = rows.filter(known, need=self.need)
        if self.words:
            # One or the other, never both in one question: each has an index of its own. Codes
            # have no vowels, so that no town is spelt as one.
            code = tidied(self.words)
            at = Q(code=code) if code else Q(card, place__iexact=self.words)
            rows = rows.filter(at)
        return rows


def sent(actor: Actor, filters: Filters) -> QuerySet[Referral]:
    """Referrals of one's own place, newest first, without their sealed columns."""
    rows = filters.narrowed(Referral.objects.sent_by(actor))
    if filters.person:
        rows = rows.filter(person__code=filters.person)
    return _listed(rows).order_by("-made_at", "code")


def received(actor: Actor, filters: Filters) -> QuerySet[Referral]:
    """Referrals that came to one's own place: those that fall due first."""
    rows = filters.narrowed(Referral.objects.received_by(actor), is_received=True)
    return _listed(rows).order_by("-sent_at", "code")


def _listed(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return rows.select_related("service", "person").only(*_LISTED)


def find_referral(actor: Actor, code: str) -> Referral:
    """The referral of this code with what its page shows. Raises Referral.DoesNotExist."""
    rows = Referral.objects.visible_to(actor).select_related(
        "service",
        "organisation",
        "recipient",
        "unit",
        "recipient_unit",
        "person",
        "protocol",
        "consent",
        "alternate",
        "redirected_to",
        "received_person",
    )
    return rows.get(code=code)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the history: who did what, when. `why`: a reason in words of the rules."""

    who: str
    what: str
    when: datetime
    why: str = ""


def events(actor: Actor, referral: Referral) -> list[ReferralEvent]:
    """What happened, newest first, as far as the actor's side sees it. One query."""
    rows = ReferralEvent.objects.visible_to(actor).filter(referral=referral)
    found = list(rows.order_by("-number"))
    for event in found:
        event.referral = referral
    return found


def history(
    actor: Actor,
    referral: Referral,
    happened: list[ReferralEvent],
    sentences: Mapping[str, Promise],
) -> list[Told]:
    """The events as sentences. Colleagues are named by their side, never by name."""
    own = {Side.SENDER.value} if referral.is_sent_by(actor) else {Side.RECIPIENT.value}
    return [
        Told(
            _who(event, actor, own),
            str(sentences.get(f"referral.{event.event}", event.event)),
            event.at,
            str(referral.get_reason_display()) if event.event == State.DECLINED else "",
        )
        for event in happened
    ]


def _who(event: ReferralEvent, actor: Actor, own: set[str]) -> str:
    if event.by is not None and event.by == actor.user_id:
        return _("You")
    if event.side == Side.CLOCK:
        return "Cairn"
    if event.side == Side.PERSON:
        return pgettext("who", "The person")
    if event.side in own:
        return pgettext("who", "A colleague")
    if event.side == Side.SENDER:
        return pgettext("who", "The sender")
    return pgettext("who", "The service")


def panel(actor: Actor, person: Any) -> Mapping[str, Any] | None:
    """The newest referrals of the person, those that go on first. One query."""
    if not actor.may(Permission.REFERRAL_VIEW):
        return None
    rows = Referral.objects.visible_to(actor).sent_by(actor).filter(person=person)
    found = list(_listed(rows).order_by("-made_at")[:50])
    found.sort(key=lambda referral: referral.state in ENDS)
    may_send = actor.may_within(
        Permission.REFERRAL_SEND, person.organisation_id, person.unit_id, person.country
    )
    return {
        "referrals": found[:IN_PANEL],
        "count": len(found),
        "may_send": may_send and person.is_open,
        "person": person,
    }


def services(actor: Actor, country: str, now: datetime, need: str = "") -> list[tuple[str, str]]:
    """(code, words) of services of a country that may be asked now, by area and name. One query."""
    rows = Service.objects.visible_to(actor).offered(now).filter(country=country)
    if need:
        # The quotation marks keep one code from being found inside another, on every database.
        rows = rows.filter(needs__icontains=f'"{need}"')
    found = rows.select_related("organisation").order_by("area", "name", "code")[:MOST_SERVICES]
    return [
        (each.code, f"{each.name} – {each.organisation.display_name}, {each.area}")
        for each in found
    ]


def find_service(actor: Actor, code: str) -> Service | None:
    """The service of this code, or None where the actor sees none."""
    rows = Service.objects.visible_to(actor).select_related("organisation")
    return rows.filter(code=code).first()


def find_person(actor: Actor, code: str) -> Person:
    """Raises Person.DoesNotExist."""
    rows = Person.objects.visible_to(actor).select_related("organisation", "unit")
    found: Person = rows.get(code=code)
    return found


def own_file(actor: Actor, referral: Referral) -> str:
    """The code of the file that the recipient began, for whoever may see that file; else ""."""
    held: UUID | None = referral.received_person_id
    if held is None or not referral.is_received_by(actor):
        return ""
    rows = Person.objects.visible_to(actor).filter(pk=held)
    return rows.values_list("code", flat=True).first() or ""
