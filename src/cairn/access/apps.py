"""Who may enter, and what each role may do."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "cairn.access"
    label = "access"
