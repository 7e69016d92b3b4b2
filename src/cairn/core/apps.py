"""The ground that every context stands on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "cairn.core"
    label = "core"

    def ready(self) -> None:
        """Read what every app declares about its fields; look at how it is deployed."""
        from django.core.checks import register

        from cairn.core import deployment

        autodiscover_modules("declarations")
        register(deployment.check)
