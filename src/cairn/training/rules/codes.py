"""The code in what a badge says or a hand types: an address, or the code alone. Pure."""

import re

from cairn.core import pseudonyms
from cairn.training.testing import personal_codes

_PARTS = re.compile(r"[/?#&=\s]+")


def code_in(text: str) -> str:
    """The personal code or the code of a person in `text`, in its written form.

    A badge holds an address that ends with the code; of several parts the last one that is a code
    counts. What is no code comes back as it is, so that the refusal can name it.
    """
    parts = [part for part in _PARTS.split(text.strip()) if part]
    for part in [text, *reversed(parts)]:
        if found := personal_codes.tidied(part) or pseudonyms.tidied(part):
            return found
    return text.strip()[:40]
