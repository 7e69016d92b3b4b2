"""How the history of assistance plans and returns is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
