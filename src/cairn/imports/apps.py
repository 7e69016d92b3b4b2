"""Reading files in: preview row by row, then all or nothing."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "cairn.imports"
    label = "imports"
