"""What the demonstration invents: indicators."""

from cairn.web.demo_protection import Home


def make_indicators(_home: Home) -> int:
    """Nothing yet."""
    return 0
