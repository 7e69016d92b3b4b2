"""How the log tells of paper forms."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
