"""How the log tells of profiles of countries."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
