"""What the demonstration invents: documents."""

from cairn.web.demo_protection import Home


def make_documents(_home: Home) -> int:
    """Nothing yet."""
    return 0
