"""How the history of shares, hand-overs, and the duty list is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
