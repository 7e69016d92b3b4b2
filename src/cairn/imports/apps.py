"""Reading files in: preview row by row, then all or nothing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "cairn.imports"
    label = "imports"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.ui import navigation, states

        # Whoever may read in any file holds one of these; a test holds this true.
        navigation.register(
            navigation.Item(
                "imports",
                _("Import"),
                "imports:start",
                Permission.RESULT_RECORD.value,
                order=800,
                others=(Permission.STATISTICS_BUILD.value,),
            )
        )
        states.register(
            {
                "reading": states.Tone.WAITING,
                "previewed": states.Tone.WAITING,
                "applied": states.Tone.DONE,
                "discarded": states.Tone.STOPPED,
            }
        )
