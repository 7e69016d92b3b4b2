"""The shell that every page wears: tokens, components, navigation, refusals."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "cairn.ui"
    label = "ui"

    def ready(self) -> None:
        """Register the check that each navigation entry leads somewhere."""
        from cairn.ui import checks  # noqa: F401  registered by being imported
