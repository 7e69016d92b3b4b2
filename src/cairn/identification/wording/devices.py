"""How the log tells of devices."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
