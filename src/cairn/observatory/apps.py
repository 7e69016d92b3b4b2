"""Statistics of persons that nobody can unpick: protected, attacked, signed, then released."""

from django.apps import AppConfig


class ObservatoryConfig(AppConfig):
    name = "cairn.observatory"
    label = "observatory"

    def ready(self) -> None:
        from cairn.observatory.registry import PARTS

        for part in PARTS:
            part.tell()
