"""How the log tells of the duty check."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
