"""How the history of referrals and their clocks is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
