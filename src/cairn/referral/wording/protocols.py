"""How the history of agreements on sharing, risks of recipients, routing, experts is told."""

from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}
