"""What the platform is told of shares, hand-overs, and the duty list."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight.outcomes import Task
from cairn.referral.actions.sharing import expire_shares
from cairn.referral.actions.sharing_moving import move_all
from cairn.referral.queries.sharing import panel
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects.sharing import LATE_NOTE, SHARE_KIND


def _place(notice: Any) -> str:
    """The page of the share that a notice is about."""
    return reverse("referral:share", args=[notice.facts["pseudonym"]])


def _hand_over(notice: Any) -> str:
    """The list of one's own records, where they came from a colleague; else the hand-over."""
    if notice.code == "hand-over.done":
        return reverse("referral:persons") + "?mine=1"
    return reverse("referral:hand-over", args=[notice.facts["pseudonym"]])


def _late_notes(notice: Any) -> str:
    """The notes that came late, on the record that they are about."""
    return reverse("referral:late-notes", args=[notice.facts["pseudonym"]])


TOLD = Told(
    entries=(
        Entry("today", pgettext_lazy("duty", "Today"), "REFERRAL_VIEW", 295),
        Entry("shares", _("Shares"), "SHARE_VIEW", 307),
        Entry("hand-overs", _("Hand-overs"), "CASELOAD_SUPERVISE", 308),
    ),
    tones={
        "WAITING": "share_proposed share_previewed hand_over_proposed file_offered",
        "ACTIVE": "share_active hand_over_moving file_accepted",
        "DONE": "share_purged hand_over_done file_moved",
        "STOPPED": (
            "share_rejected share_revoked share_expired hand_over_refused file_declined "
            "file_stays gone_revoked"
        ),
        "NEUTRAL": "hand_over_taken-back file_taken-back gone_moved",
    },
    kinds=(SHARE_KIND, LATE_NOTE),
    rounds=(
        (Task("shares", timedelta(hours=1), expire_shares), _("Shares whose time is over")),
        (
            Task("hand-overs", timedelta(minutes=1), move_all),
            _("Records on their way to another organisation"),
        ),
    ),
    notices={
        "share.offered": _("Another organisation wants to share something: %(pseudonym)s."),
        "share.narrowed": _("Less is shared with you than before: %(pseudonym)s."),
        "share.accepted": _("What you share was accepted: %(pseudonym)s."),
        "share.rejected": _("What you wanted to share was not wanted: %(pseudonym)s."),
        "share.over": _(
            "A share has ended. Destroy what you noted from it, and say so: %(pseudonym)s."
        ),
        "hand-over.done": _("A caseload came into your hands: %(pseudonym)s."),
        "hand-over.offered": _("Another organisation offers you its records: %(pseudonym)s."),
        "hand-over.taken": _("The records that you offered are on their way: %(pseudonym)s."),
        "hand-over.refused": _("The records that you offered were not taken: %(pseudonym)s."),
        "hand-over.moved": _("The records have changed hands: %(pseudonym)s."),
        "late-note.came": _("The old owner still left a note on a record: %(pseudonym)s."),
        "referral.handed-over": _(
            "A person referred to you is looked after by another organisation now: %(pseudonym)s."
        ),
        "share.purged": _("The other side has destroyed what it noted: %(pseudonym)s."),
    },
    places={"share": _place, "hand-over": _hand_over, "late-note": _late_notes},
    panels=(Panel(80, _("Shares"), "referral/sharing_panel.html", panel),),
)
