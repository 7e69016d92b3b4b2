"""Practices, tools and publications that all may cite."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Tone -> codes of states, apart by spaces.
TONES = {
    "NEUTRAL": "practice_draft",
    "WAITING": "practice_in_review",
    "DONE": "practice_published",
    "STOPPED": "practice_replaced practice_withdrawn",
}


class LibraryConfig(AppConfig):
    name = "cairn.library"
    label = "library"

    def ready(self) -> None:
        from cairn.library import imports  # noqa: F401 - registers what it can read in
        from cairn.library.wording import SENTENCES
        from cairn.oversight import wording
        from cairn.ui import navigation, states

        navigation.register_group(
            navigation.Group(
                "library",
                pgettext_lazy("navigation", "Library"),
                frozenset({"tools", "practices", "documents", "highlights"}),
            )
        )
        navigation.register(
            navigation.Item("tools", _("Tools"), "library:tools", order=500, public=True)
        )
        navigation.register(
            navigation.Item(
                "practices", _("Practices"), "library:practices", order=505, public=True
            )
        )
        for tone, codes in TONES.items():
            states.register(dict.fromkeys(codes.split(), states.Tone[tone]))
        wording.SENTENCES.update(SENTENCES)
