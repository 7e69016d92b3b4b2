"""Statistics of persons that nobody can unpick: protected, attacked, signed, then released."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ObservatoryConfig(AppConfig):
    name = "cairn.observatory"
    label = "observatory"

    def ready(self) -> None:
        from cairn.observatory.registry import PARTS
        from cairn.ui import navigation

        navigation.register_group(
            navigation.Group(
                "figures",
                pgettext_lazy("navigation", "Statistics"),
                frozenset({"statistics", "national", "releases"}),
            )
        )
        for part in PARTS:
            part.tell()
