"""The kinds "referral" and "referral-event": opened with a reason, erased with their person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.referral.models.outside import OneTimeLink
from cairn.referral.models.referrals import REFERRAL, Referral
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.referrals import ENDS, RECALLABLE, Lapsed, State, is_card_shown
from cairn.referral.subjects.persons import erased_with

SEALED = {
    "content": _("What the service is told"),
    "emergency_reason": _("Danger to life"),
}
NOTE = {"note": _("Question, answer or word")}


def why_lapsed(referral: Any) -> Lapsed | None:
    """Why the recipient may read no more today what it was told."""
    from cairn.referral.queries.referrals_clearing import lapsed

    return lapsed(referral, timezone.localdate(clock.now()))


def works_with(actor: Actor, referral: Any) -> bool:
    """The recipient, from acceptance on; in danger to life at once. Not when that ran out."""
    if not referral.is_content_open:
        return False
    is_there = referral.is_received_by(actor, Permission.REFERRAL_OPEN)
    return bool(is_there) and why_lapsed(referral) is None


def has_open_notes(referral: Any) -> bool:
    """Whether the recipient reads questions and answers: while it may decide or gives the help,
    and the person has not taken consent back. A refusal leaves nothing behind."""
    return is_card_shown(State(referral.state)) and referral.taken_back_at is None


def works_with_event(actor: Actor, event: Any) -> bool:
    """Questions and answers are read by both sides."""
    referral = event.referral
    if not event.is_shared or not has_open_notes(referral):
        return False
    if not referral.is_received_by(actor, Permission.REFERRAL_OPEN):
        return False
    return why_lapsed(referral) is not Lapsed.EXCLUDED


def is_own(actor: Actor, referral: Any) -> bool:
    """Whoever sent it, and whoever answers it."""
    return actor.user_id is not None and actor.user_id in {
        referral.sent_by,
        referral.focal_user,
    }


def in_words(name: str, value: Any) -> str:
    """The words by kind of content, each under its heading."""
    if name != "content" or not isinstance(value, dict):
        return str(value or "")
    labels = dict(DataCategory.choices)
    parts = [(str(labels.get(key, key)), text) for key, text in value.items()]
    return "\n\n".join(_now("%(label)s: %(text)s") % {"label": a, "text": b} for a, b in parts)


def keys(person: Any) -> Iterable[UUID]:
    """The keys of referrals of a person; each has its own."""
    rows = Referral.objects.filter(person=person, erased_on=None)
    return list(rows.values_list("data_key", flat=True))


def forget_all(person: Any) -> None:
    """With the person: what was asked stays as a count, and nothing waits for an answer."""
    for referral in Referral.objects.filter(person=person, erased_on=None):
        forget(referral)
    Referral.objects.filter(received_person=person).update(received_person=None)


def forget(referral: Any) -> None:
    """After the key is destroyed: need, urgency, state and days stay, to be counted."""
    now = clock.now()
    if referral.state not in ENDS:
        ended = State.RECALLED if referral.state in RECALLABLE else State.CLOSED
        referral.state, referral.closed_at, referral.next_at = ended, now, None
    referral.card, referral.place = {}, ""
    referral.sent_by = referral.focal_user = referral.unit = referral.recipient_unit = None
    referral.erased_on, referral.keep_until = now.date(), None
    referral.save()
    # Without its key what a link held opens no more, in old copies neither; here it goes at once.
    links = OneTimeLink.objects.filter(referral=referral)
    links.update(content=None, answer=None, ended_at=Coalesce("ended_at", Value(now)))


REFERRAL_KIND = SubjectKind(
    key=REFERRAL,
    model="referral.Referral",
    zone=Zone.PROTECTION,
    label=_("Referral"),
    plural=_("Referrals"),
    sealed=SEALED,
    view=Permission.REFERRAL_VIEW,
    open=Permission.REFERRAL_OPEN,
    address=lambda code: reverse("referral:referral", args=[code]),
    is_own_caseload=is_own,
    works_with=works_with,
    after_erasure=forget,
    in_words=in_words,
)
EVENT_KIND = SubjectKind(
    key="referral-event",
    model="referral.ReferralEvent",
    zone=Zone.PROTECTION,
    label=_("Step of a referral"),
    plural=_("Steps of referrals"),
    sealed=NOTE,
    view=Permission.REFERRAL_VIEW,
    open=Permission.REFERRAL_OPEN,
    address=lambda code: reverse("referral:referral", args=[code.partition(".")[0].upper()]),
    is_own_caseload=lambda actor, event: is_own(actor, event.referral),
    works_with=works_with_event,
    part_of=lambda event: (REFERRAL, event.referral_id),
)

erased_with(keys=keys, forget=forget_all)
