"""All records of this context."""

from cairn.observatory.models.releases import (
    Artefact,
    LedgerEntry,
    Published,
    Release,
    Signature,
)

__all__ = ["Artefact", "LedgerEntry", "Published", "Release", "Signature"]
