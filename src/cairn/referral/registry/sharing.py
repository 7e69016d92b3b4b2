"""What the platform is told of shares, hand-overs, and the duty list."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight.outcomes import Task
from cairn.referral.actions.sharing import expire_shares
from cairn.referral.queries.sharing import panel
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects.sharing import SHARE_KIND


def _place(notice: Any) -> str:
    """The page of the share that a notice is about."""
    return reverse("referral:share", args=[notice.facts["pseudonym"]])


def _own_caseload(notice: Any) -> str:
    """The list of one's own records."""
    return reverse("referral:persons") + "?mine=1"


TOLD = Told(
    entries=(
        Entry("today", pgettext_lazy("duty", "Today"), "REFERRAL_VIEW", 295),
        Entry("shares", _("Shares"), "SHARE_VIEW", 307),
    ),
    tones={
        "WAITING": "share_proposed share_previewed",
        "ACTIVE": "share_active",
        "DONE": "share_purged",
        "STOPPED": "share_rejected share_revoked share_expired",
    },
    kinds=(SHARE_KIND,),
    rounds=((Task("shares", timedelta(hours=1), expire_shares), _("Shares whose time is over")),),
    notices={
        "share.offered": _("Another organisation wants to share something: %(pseudonym)s."),
        "share.narrowed": _("Less is shared with you than before: %(pseudonym)s."),
        "share.accepted": _("What you share was accepted: %(pseudonym)s."),
        "share.rejected": _("What you wanted to share was not wanted: %(pseudonym)s."),
        "share.over": _(
            "A share has ended. Destroy what you noted from it, and say so: %(pseudonym)s."
        ),
        "hand-over.done": _("A caseload came into your hands: %(pseudonym)s."),
        "share.purged": _("The other side has destroyed what it noted: %(pseudonym)s."),
    },
    places={"share": _place, "hand-over": _own_caseload},
    panels=(Panel(80, _("Shares"), "referral/sharing_panel.html", panel),),
)
