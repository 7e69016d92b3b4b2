"""What identification keeps of whom, for how long, and who sees it."""

from cairn.identification.declarations import (  # noqa: F401 - each declares its models
    indicators,
    procedures,
    profiles,
    reports,
    rights,
)
