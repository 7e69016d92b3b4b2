"""The public front and each role's home."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cairn.web"
    label = "web"
