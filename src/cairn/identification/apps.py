"""Who is found to be a victim: procedures and decisions of the authority (identification zone)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentificationConfig(AppConfig):
    name = "cairn.identification"
    label = "identification"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.identification import subjects as own
        from cairn.identification.wording import SENTENCES
        from cairn.oversight import subjects, wording
        from cairn.ui import navigation, states

        navigation.register(
            navigation.Item(
                "procedures",
                _("Decisions"),
                "identification:procedures",
                Permission.PROCEDURE_VIEW,
                order=250,
            )
        )
        navigation.register(
            navigation.Item(
                "reports",
                _("Reports"),
                "identification:reports",
                Permission.REPORT_VIEW,
                order=240,
            )
        )
        navigation.register(
            navigation.Item(
                "held",
                _("Held envelopes"),
                "identification:held",
                Permission.REPORT_RELEASE,
                order=242,
            )
        )
        navigation.register(
            navigation.Item(
                "indicators",
                _("Signs"),
                "identification:indicators",
                Permission.INDICATOR_VIEW,
                order=256,
            )
        )
        navigation.register(
            navigation.Item(
                "duty", _("Duty check"), "identification:duty", Permission.DUTY_CHECK, order=255
            )
        )
        navigation.register(
            navigation.Item(
                "country-profiles",
                _("Country profiles"),
                "identification:profiles",
                Permission.ROLE_GRANT,
                order=890,
            )
        )
        # What waits for somebody is waiting, whatever is decided is done: never good or bad.
        states.register(
            {
                "detected": states.Tone.NEUTRAL,
                "under_assessment": states.Tone.WAITING,
                "reasonable_grounds": states.Tone.WAITING,
                "deferred": states.Tone.WAITING,
                "no_reasonable_grounds": states.Tone.DONE,
                "conclusive_positive": states.Tone.DONE,
                "conclusive_negative": states.Tone.DONE,
                "discontinued": states.Tone.STOPPED,
                "opened": states.Tone.WAITING,
                "linked": states.Tone.DONE,
                "no_concern": states.Tone.DONE,
                "insufficient": states.Tone.DONE,
                "duplicate": states.Tone.STOPPED,
                "under_review": states.Tone.WAITING,
                "upheld": states.Tone.DONE,
                "overturned": states.Tone.WAITING,
                "offered": states.Tone.WAITING,
                "extended": states.Tone.ACTIVE,
            }
        )
        kinds = (
            own.PROCEDURE,
            own.DECISION,
            own.GUARDIANSHIP,
            own.BEST_INTERESTS,
            own.REPORT,
            own.DEVICE,
        )
        for kind in kinds:
            subjects.register(kind)
        wording.SENTENCES.update(SENTENCES)
