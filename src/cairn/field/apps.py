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

        for item in (
            navigation.Item(
                "devices", _("Phones"), "field:devices", Permission.DEVICE_VIEW, order=240
            ),
            navigation.Item(
                "submit", _("Report"), "field:submit", Permission.REPORT_SUBMIT, order=241
            ),
            navigation.Item(
                "paper", _("Paper forms"), "field:paper", Permission.PAPER_ENTER, order=242
            ),
        ):
            navigation.register(item)
        # An invitation waits; a phone that was silent for too long needs somebody to look.
        states.register(
            {
                "invited": states.Tone.WAITING,
                "run_out": states.Tone.STOPPED,
                "in_use": states.Tone.ACTIVE,
                "silent": states.Tone.ATTENTION,
                # Paper forms: one that was entered is shredded soon, one that is out too long is
                # looked for.
                "printed": states.Tone.NEUTRAL,
                "missing": states.Tone.ATTENTION,
                "to_shred": states.Tone.WAITING,
                "late": states.Tone.ATTENTION,
                "shredded": states.Tone.DONE,
                "unused": states.Tone.STOPPED,
            }
        )
        checks.register(deployment.check)
