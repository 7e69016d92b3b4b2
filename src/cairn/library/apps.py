"""Tools and publications that all may cite."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "cairn.library"
    label = "library"

    def ready(self) -> None:
        from cairn.library import imports  # noqa: F401 - registers what it can read in
