"""How the log tells of editions of indicators."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
