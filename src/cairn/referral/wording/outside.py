"""How the history of recipients without an account, exchange formats, counts is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
