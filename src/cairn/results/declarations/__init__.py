"""What this context keeps, part by part."""

from cairn.results.declarations import chain, documents  # noqa: F401 - each declares its models
