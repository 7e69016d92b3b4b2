"""How the log tells of what came in."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
