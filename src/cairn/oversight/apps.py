"""Who saw what and why: readings, emergency access, links, exports, requests, erasure, alerts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "cairn.oversight"
    label = "oversight"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.ui import navigation, states

        navigation.register(
            navigation.Item(
                "oversight",
                _("Data protection"),
                "oversight:desk",
                Permission.OVERSIGHT_VIEW.value,
                order=880,
            )
        )
        # What asks something of somebody is waiting or active; what is decided is done. Attention
        # is kept for what the desk itself has to look at again; no tone judges a person.
        states.register(
            {
                "asked": states.Tone.WAITING,
                "reported": states.Tone.WAITING,
                "new": states.Tone.WAITING,
                "live": states.Tone.ACTIVE,
                "contained": states.Tone.ACTIVE,
                "identity_verified": states.Tone.ACTIVE,
                "hold_checked": states.Tone.ACTIVE,
                "current": states.Tone.ACTIVE,
                "retiring": states.Tone.WAITING,
                "taken": states.Tone.DONE,
                "seen": states.Tone.DONE,
                "explained": states.Tone.DONE,
                "justified": states.Tone.DONE,
                "fulfilled": states.Tone.DONE,
                "partly": states.Tone.DONE,
                "notified": states.Tone.DONE,
                "ended": states.Tone.DONE,
                "destroyed": states.Tone.STOPPED,
                "lifted": states.Tone.STOPPED,
                "revoked": states.Tone.STOPPED,
                "not_justified": states.Tone.ATTENTION,
                "escalated": states.Tone.ATTENTION,
            }
        )
