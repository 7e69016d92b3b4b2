"""How the history of consent, and the rights of the person is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
