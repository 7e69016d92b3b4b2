"""How the history of devices is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.identification.rules.choices import WorkerProfile

SENTENCES: dict[str, Promise] = {
    "device.invited": _("made this place for a phone, with a one-time code."),
    "device.invited_again": _("made a new one-time code."),
    "device.enrolled": _("took a phone in, by its one-time code."),
    "device.renewed": _("let the phone work %(days)s days from then."),
    "device.revoked": _("revoked the phone."),
    "device.alert_raised": _("noted that the officer does not feel safe."),
    "device.alert_answered": _("answered the alert of the officer."),
    "retention.extended": _("decided to keep the record until %(until)s."),
    "sealed.altered": _("found a sealed text that was altered and cannot be read."),
}

# What a profile may not put into a report alone: these concerns have channels of their own
# (casework study, part f: peacekeepers, recruitment of children, sexual violence in conflict).
RESTRICTED_CHANNELS: dict[str, Promise] = {
    WorkerProfile.PEACEKEEPER.value: _(
        "Children with armed groups and sexual violence in conflict have restricted channels of "
        "the mission. Tell its focal point as well, by that channel."
    ),
}
