"""The text by which projects are found: case, accents and Arabic marks do not matter."""

import unicodedata
from collections.abc import Iterable


def folded(text: str) -> str:
    """Lower case, no combining marks, single spaces: the same for the text and for the query."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(kept.split())


def joined(texts: Iterable[str]) -> str:
    """Several texts as one that can be searched."""
    return folded(" · ".join(text for text in texts if text))
