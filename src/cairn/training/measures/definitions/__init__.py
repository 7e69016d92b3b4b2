"""What each figure means: definition, formula, source, and when it is hidden. One page each."""

from cairn.training.measures.definitions import people, reach, testing
from cairn.training.measures.definitions.book import (
    Definition,
    all_definitions,
    definition_of,
    register,
)

__all__ = [
    "Definition",
    "all_definitions",
    "definition_of",
    "people",
    "reach",
    "register",
    "testing",
]
