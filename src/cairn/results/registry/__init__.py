"""What the platform is told of this context when it starts: every part, in order."""

from cairn.results.registry import chain, documents, publications

PARTS = (chain, documents, publications)
