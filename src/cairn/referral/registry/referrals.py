"""What the platform is told of referrals and their clocks."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.oversight.outcomes import Task
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.referrals_clock import run_clock
from cairn.referral.queries.referrals import panel
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects.referrals import EVENT_KIND, REFERRAL_KIND


def place_of(notice: Any) -> str:
    """The page of the referral that a notice is about."""
    code = str(notice.facts.get("pseudonym", ""))
    return reverse("referral:referral", args=[code]) if code else ""


_NOTICES = {
    "arrived": _("A referral came in and waits for your answer: %(pseudonym)s."),
    "emergency": _("An emergency came in, and its words are open at once: %(pseudonym)s."),
    "danger-supervisors": _(
        "A referral went out on danger to life, without waiting for a consent or a protocol. "
        "Please look at it: %(pseudonym)s."
    ),
    "danger-desk": _(
        "A referral went out on danger to life, and nobody else supervises there. Please ask its "
        "sender: %(reference)s."
    ),
    "remind": _("A referral waits for your answer, and its time is over: %(pseudonym)s."),
    "focal-point": _("Nobody at your place has answered a referral in time: %(pseudonym)s."),
    "answered": _("Your question about a referral was answered: %(pseudonym)s."),
    "taken-back": _("A referral was taken back: %(pseudonym)s. You need not do anything."),
    "consent-withdrawn": _(
        "A person withdrew consent. What you noted from referral %(pseudonym)s is to be destroyed, "
        "unless another ground holds."
    ),
    "ask-news": _("You accepted a referral: please say how it goes. %(pseudonym)s."),
    "expired-here": _("The time to answer a referral is over: %(pseudonym)s."),
    "accepted": _("Your referral was accepted: %(pseudonym)s."),
    "declined": _("Your referral was declined: %(pseudonym)s."),
    "redirected": _("Another service was named for your referral: %(pseudonym)s."),
    "asked": _("The service has a question about your referral: %(pseudonym)s."),
    "remind-question": _("The service waits for your answer to a question: %(pseudonym)s."),
    "alternate": _(
        "No answer in time. Another service was found for your referral: %(pseudonym)s."
    ),
    "no-alternate": _("No answer in time, and no other service was found: %(pseudonym)s."),
    "expired": _("Your referral was not answered in time and has ended: %(pseudonym)s."),
    "unsent": _("A referral that was prepared and never sent has ended: %(pseudonym)s."),
    "feedback": _("You were told what came of your referral: %(pseudonym)s."),
    "no-news": _("Your referral was accepted, and nothing was heard since: %(pseudonym)s."),
    "tell-outside": _(
        "A person wants nothing more told, and the recipient of referral %(pseudonym)s has no "
        "account: tell it yourself to destroy what it noted."
    ),
    "not-covered": _(
        "Your referral could not be accepted, because what it stands on has ended: %(pseudonym)s."
    ),
}
_MINUTE = timedelta(minutes=1)

TOLD = Told(
    entries=(Entry("referrals", _("Referrals"), "REFERRAL_VIEW", 305),),
    tones={
        "NEUTRAL": "referral_draft referral_cleared referral_closed",
        "WAITING": "referral_sent referral_delivered referral_acknowledged",
        "ATTENTION": "referral_information_requested referral_late referral_feedback_returned",
        "ACTIVE": "referral_accepted referral_service_started",
        "DONE": "referral_completed",
        "STOPPED": (
            "referral_declined referral_redirected referral_expired referral_recalled "
            "referral_withdrawn referral_not_reached referral_stopped_by_person "
            "referral_stopped_by_provider"
        ),
    },
    kinds=(REFERRAL_KIND, EVENT_KIND),
    rounds=(
        (Task("outbox", _MINUTE, send_outbox), _("Messages are sent")),
        (Task("referrals", _MINUTE, run_clock), _("Referrals get their answer in time")),
    ),
    panels=(Panel(40, _("Referrals"), "referral/referrals_panel.html", panel),),
    notices={f"referral.{code}": words for code, words in _NOTICES.items()},
    places={"referral": place_of},
)
