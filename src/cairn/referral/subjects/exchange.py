"""The kind "brought-referral": a referral that came as a file, opened with a reason."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.referral.models.exchange import BROUGHT, BroughtReferral
from cairn.referral.subjects.persons import erased_with
from cairn.referral.subjects.referrals import in_words

SEALED = {"content": _("What the service is told")}


def forget(brought: Any) -> None:
    """After the key is destroyed: need, urgency, state and days stay, to be counted."""
    brought.card, brought.place, brought.their_code = {}, "", ""
    brought.unit = brought.brought_by = brought.received_person = None
    brought.erased_on, brought.keep_until = clock.now().date(), None
    brought.save()


def keys(person: Any) -> Iterable[UUID]:
    """The keys of what came about a person whose file was begun here."""
    rows = BroughtReferral.objects.filter(received_person=person, erased_on=None)
    return list(rows.values_list("data_key", flat=True))


def forget_all(person: Any) -> None:
    for brought in BroughtReferral.objects.filter(received_person=person):
        forget(brought)


BROUGHT_KIND = SubjectKind(
    key=BROUGHT,
    model="referral.BroughtReferral",
    zone=Zone.PROTECTION,
    label=_("Referral that came as a file"),
    plural=_("Referrals that came as files"),
    sealed=SEALED,
    view=Permission.REFERRAL_VIEW,
    open=Permission.REFERRAL_OPEN,
    address=lambda code: reverse("referral:brought", args=[code]),
    after_erasure=forget,
    in_words=in_words,
)

erased_with(keys=keys, forget=forget_all)
