"""Help for persons of concern: their records by code, and a sealed identity (protection zone)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralConfig(AppConfig):
    name = "cairn.referral"
    label = "referral"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.oversight import subjects
        from cairn.referral.subjects import PERSON
        from cairn.ui import navigation, states

        navigation.register(
            navigation.Item(
                "persons", _("Assistance"), "referral:persons", Permission.PERSON_VIEW, order=300
            )
        )
        states.register({"open": states.Tone.ACTIVE, "erased": states.Tone.STOPPED})
        subjects.register(PERSON)
