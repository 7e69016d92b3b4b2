"""How the log tells of files in the case data standard."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
