"""How the history of records that may be about the same person is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
