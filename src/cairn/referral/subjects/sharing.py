"""The kinds "share" (opened by both sides) and "late-note"; both are erased with the person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.referral.models.sharing import (
    SHARE,
    HandOverLine,
    LateNote,
    Moved,
    ShareAgreement,
)
from cairn.referral.rules.sharing import OPEN, Gone, ShareState
from cairn.referral.rules.sharing_transfer import RUNNING, LineState, Stays
from cairn.referral.subjects.persons import erased_with, row_kind
from cairn.referral.subjects.referrals import in_words

SHARE_SEALED = {"content": _("What is shared")}


def works_with(actor: Actor, share: Any) -> bool:
    """The other side, from acceptance until the last day."""
    today = timezone.localdate(clock.now())
    return bool(share.is_open_on(today)) and bool(
        share.is_taken_by(actor, Permission.REFERRAL_OPEN)
    )


def keys(person: Any) -> Iterable[UUID]:
    """The keys of what is shared of a person; each has its own."""
    rows = ShareAgreement.objects.filter(person=person, erased_on=None)
    return list(rows.values_list("data_key", flat=True))


def forget_all(person: Any) -> None:
    """With the person: nothing is shared any more, nothing waits to go anywhere.

    The old owner is not led any more to an organisation that has nothing. Late notes are sealed
    with the person's key, which is destroyed.
    """
    for share in ShareAgreement.objects.filter(person=person, erased_on=None):
        forget(share)
    lines = HandOverLine.objects.filter(person=person)
    lines.filter(state__in=RUNNING).update(state=LineState.STAYS, reason=Stays.CLOSED)
    lines.update(card={}, consent=None)
    Moved.objects.filter(person=person).update(how=Gone.REVOKED, ask=None, unit=None, by=None)
    LateNote._base_manager.filter(person=person).update(recorded_by=None)


def forget(share: Any) -> None:
    """After the key is destroyed: state and days stay, to be counted."""
    if share.state in OPEN:
        share.state = ShareState.REVOKED
    share.categories = []
    share.unit = share.taker_unit = share.proposed_by = share.accepted_by = None
    share.erased_on, share.keep_until = clock.now().date(), None
    share.save()


SHARE_KIND = SubjectKind(
    key=SHARE,
    model="referral.ShareAgreement",
    zone=Zone.PROTECTION,
    label=_("Share"),
    plural=_("Shares"),
    sealed=SHARE_SEALED,
    view=Permission.SHARE_VIEW,
    open=Permission.REFERRAL_OPEN,
    address=lambda code: reverse("referral:share", args=[code]),
    is_own_caseload=lambda actor, share: actor.user_id in {share.proposed_by, share.accepted_by},
    works_with=works_with,
    after_erasure=forget,
    in_words=in_words,
)
LATE_NOTE = row_kind(
    "late-note",
    "referral.LateNote",
    _("Note that came late"),
    _("Notes that came late"),
    {"note": _("What the old owner still wrote")},
    lambda code: reverse("referral:late-notes", args=[code.partition(".")[0].upper()]),
)

erased_with(keys=keys, forget=forget_all)
