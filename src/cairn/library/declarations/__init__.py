"""What the library keeps: practices and tools, open to everybody."""

from cairn.library.declarations import practices, tools  # noqa: F401 - each declares its models
