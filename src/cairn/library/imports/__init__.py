"""Files that the library can read in; importing this registers their kinds."""

from cairn.library.imports import practices, tools

__all__ = ["practices", "tools"]
