"""Projects, money, requests, results: what the programme does and what it costs."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "cairn.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        from cairn.portfolio import imports  # noqa: F401 - registers what it can read in
