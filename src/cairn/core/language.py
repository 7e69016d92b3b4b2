"""The language that the reader asked for."""

from django.utils.translation import get_language


def language() -> str:
    """The active language without its region ("fr" for fr-ca); "en" when none is active."""
    return (get_language() or "en").split("-")[0]
