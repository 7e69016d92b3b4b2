"""Who saw what and why: readings, emergency access, links, exports, requests, erasure, alerts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    name = "cairn.oversight"
    label = "oversight"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.ui import navigation

        navigation.register(
            navigation.Item(
                "oversight",
                _("Data protection"),
                "oversight:desk",
                Permission.OVERSIGHT_VIEW.value,
                order=880,
            )
        )
