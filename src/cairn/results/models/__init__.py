"""All records of this context."""

from cairn.results.models.documents import Document, Highlight, Issue, Section

__all__ = ["Document", "Highlight", "Issue", "Section"]
