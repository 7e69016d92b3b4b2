"""Tools and publications that all may cite."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "cairn.library"
    label = "library"

    def ready(self) -> None:
        from cairn.library import imports  # noqa: F401 - registers what it can read in
        from cairn.ui import navigation

        navigation.register(
            navigation.Item("tools", _("Tools"), "library:tools", order=500, public=True)
        )
