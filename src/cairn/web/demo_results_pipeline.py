"""What the demonstration invents: pipeline."""

from cairn.web.demo_protection import Home


def make_pipeline(_home: Home) -> int:
    """Nothing yet."""
    return 0
