"""How the log tells of reports."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
