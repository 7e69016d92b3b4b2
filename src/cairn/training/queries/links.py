"""Addresses of the other parts of training, where they are installed."""

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: object) -> str | None:
    """The address called `name` ("training:results"), or None when there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
