"""How the log tells of rights."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
