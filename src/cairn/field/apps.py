"""The app of front-line officers and what serves it (identification zone; no tables of its own)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "cairn.field"
    label = "field"

    def ready(self) -> None:
        from django.core import checks

        from cairn.access.permissions import Permission
        from cairn.field import deployment
        from cairn.ui import navigation, states

        navigation.register(
            navigation.Item(
                "devices", _("Phones"), "field:devices", Permission.DEVICE_VIEW, order=240
            )
        )
        # An invitation waits; a phone that was silent for too long needs somebody to look.
        states.register(
            {
                "invited": states.Tone.WAITING,
                "run-out": states.Tone.STOPPED,
                "in-use": states.Tone.ACTIVE,
                "silent": states.Tone.ATTENTION,
            }
        )
        checks.register(deployment.check)
