"""How the log tells of receiving units."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
