"""The public front and each role's home."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "cairn.web"
    label = "web"

    def ready(self) -> None:
        from cairn.ui import navigation

        navigation.register(navigation.Item("home", _("Home"), "web:home", order=10))
