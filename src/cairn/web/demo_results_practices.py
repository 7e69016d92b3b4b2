"""What the demonstration invents: practices."""

from cairn.web.demo_protection import Home


def make_practices(_home: Home) -> int:
    """Nothing yet."""
    return 0
