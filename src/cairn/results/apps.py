"""From money to decisions: the chain of results, and documents whose figures are fields."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "cairn.results"
    label = "results"

    def ready(self) -> None:
        from cairn.results.registry import PARTS

        for part in PARTS:
            part.tell()
