"""Who is found to be a victim: reports, procedures, decisions, rights (identification zone)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# (name of the address, label, permission, order) of each entry of the navigation.
ENTRIES = (
    ("reports", _("Reports"), "REPORT_VIEW", 240),
    ("held", _("Held envelopes"), "REPORT_RELEASE", 242),
    ("procedures", _("Decisions"), "PROCEDURE_VIEW", 250),
    ("duty", _("Duty check"), "DUTY_CHECK", 255),
    ("indicators", _("Signs"), "INDICATOR_VIEW", 256),
    ("profiles", _("Country profiles"), "ROLE_GRANT", 890),
)
# What waits for somebody is waiting, whatever is decided is done: never good or bad.
TONES = {
    "NEUTRAL": "detected",
    "WAITING": "under_assessment reasonable_grounds deferred opened under_review overturned"
    " offered",
    "ACTIVE": "extended",
    "DONE": "no_reasonable_grounds conclusive_positive conclusive_negative linked no_concern"
    " insufficient upheld",
    "STOPPED": "discontinued duplicate",
}


class IdentificationConfig(AppConfig):
    name = "cairn.identification"
    label = "identification"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.identification import chain
        from cairn.identification import subjects as own
        from cairn.identification.wording import SENTENCES
        from cairn.oversight import subjects, wording
        from cairn.ui import navigation, states

        for name, label, permission, order in ENTRIES:
            address = f"identification:{name}"
            needed = Permission[permission]
            navigation.register(navigation.Item(name, label, address, needed, order=order))
        for tone, codes in TONES.items():
            states.register(dict.fromkeys(codes.split(), states.Tone[tone]))
        for kind in (
            own.PROCEDURE,
            own.DECISION,
            own.GUARDIANSHIP,
            own.BEST_INTERESTS,
            own.REPORT,
            own.DEVICE,
        ):
            subjects.register(kind)
        wording.SENTENCES.update(SENTENCES)
        chain.register_measures()
