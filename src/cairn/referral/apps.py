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
        navigation.register(
            navigation.Item(
                "access-points",
                _("Services"),
                "referral:access-points",
                Permission.DIRECTORY_VIEW,
                order=310,
            )
        )
        states.register(
            {
                "open": states.Tone.ACTIVE,
                "erased": states.Tone.STOPPED,
                "access_point_good": states.Tone.ACTIVE,
                "access_point_ask": states.Tone.WAITING,
                "access_point_stale": states.Tone.STOPPED,
                "access_point_closed": states.Tone.STOPPED,
            }
        )
        subjects.register(PERSON)
