"""The kind of record that oversight knows as "location": where people are protected."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind

SEALED_PLACE = {
    "address": _("Where it is"),
    "contact": _("Whom to call before coming"),
}


def forget(place: Any) -> None:
    """After the key is destroyed: that there was a place stays, without what tells where."""
    place.erased_on = clock.now().date()
    place.closed_at = place.closed_at or clock.now()
    place.keep_until = None
    place.marks = []
    place.save(update_fields=["erased_on", "closed_at", "keep_until", "marks"])


# No `export`: such a place never leaves, and is never joined by a link.
LOCATION = SubjectKind(
    key="location",
    model="referral.ProtectedLocation",
    zone=Zone.PROTECTION,
    label=_("Protected place"),
    plural=_("Protected places"),
    sealed=SEALED_PLACE,
    view=Permission.LOCATION_VIEW,
    open=Permission.LOCATION_OPEN,
    address=lambda code: reverse("referral:location", args=[code]),
    after_erasure=forget,
)
