"""How the log tells of reception keys."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
