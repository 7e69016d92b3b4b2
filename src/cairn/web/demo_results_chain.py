"""What the demonstration invents: chain."""

from cairn.web.demo_protection import Home


def make_chain(_home: Home) -> int:
    """Nothing yet."""
    return 0
