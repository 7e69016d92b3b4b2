"""The kind "share": opened with a reason by both sides, erased with its person."""

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
from cairn.referral.models.sharing import SHARE, ShareAgreement
from cairn.referral.rules.sharing import OPEN, ShareState
from cairn.referral.subjects.persons import erased_with
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
    """With the person: nothing is shared any more."""
    for share in ShareAgreement.objects.filter(person=person, erased_on=None):
        forget(share)


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

erased_with(keys=keys, forget=forget_all)
