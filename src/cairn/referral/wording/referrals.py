"""How the history of referrals and their clocks is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "referral.prepared": _("prepared a referral."),
    "referral.edited": _("changed what was prepared."),
    "referral.cleared": _("looked whether the referral may be sent, and it may."),
    "referral.sent": _("sent the referral."),
    "referral.danger-supervisors": _(
        "told the supervisors that the referral went on danger to life."
    ),
    "referral.danger-desk": _(
        "told the data-protection officers that the referral went on danger to life."
    ),
    "referral.danger-nobody": _("found nobody to tell that the referral went on danger to life."),
    "referral.delivered": _("saw that the referral arrived."),
    "referral.acknowledged": _("saw the referral and will decide."),
    "referral.information-requested": _("asked a question."),
    "referral.answered": _("answered the question."),
    "referral.accepted": _("accepted the referral."),
    "referral.declined": _("declined the referral."),
    "referral.redirected": _("named another service."),
    "referral.expired": _("ended the referral, because nobody answered in time."),
    "referral.recalled": _("took the referral back."),
    "referral.withdrawn": _("took the referral back at the person's wish."),
    "referral.service-started": _("began to help."),
    "referral.completed": _("gave the help."),
    "referral.not-reached": _("did not reach the person."),
    "referral.stopped-by-person": _("noted that the person ended it."),
    "referral.stopped-by-provider": _("ended the help."),
    "referral.feedback-returned": _("told the sender the outcome."),
    "referral.closed": _("closed the referral."),
    "referral.reminded": _("reminded whoever has to answer."),
    "referral.focal-point": _("told the focal point that nobody has answered."),
    "referral.alternate": _("found another service for the sender."),
    "referral.no-alternate": _("looked for another service and found none."),
    "referral.news-asked": _("asked how it goes."),
    "referral.goes-on": _("said that the help goes on."),
    "referral.no-news": _("noted that nothing was heard after acceptance."),
    "referral.not-covered": _("found that what the referral stands on has ended."),
    "referral.consent-withdrawn": _("closed the words, because consent was withdrawn."),
    "referral.file-begun": _("began a file of their own."),
}
