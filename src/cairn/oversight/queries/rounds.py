"""What the watch last found, for pages and for actions that go on from there."""

from collections.abc import Mapping
from typing import Any

from cairn.core.audit import BEGINNING, Mark
from cairn.oversight.models import Round

CHAIN = "chain"


def verified_mark() -> Mark:
    """The last audit entry that the watch found to hold; BEGINNING before its first round."""
    facts = Round.objects.filter(name=CHAIN).values_list("facts", flat=True).first() or {}
    return mark_in(facts, "verified")


def mark_in(facts: Mapping[str, Any], name: str) -> Mark:
    """The mark that a round wrote down under `name`; BEGINNING when there is none."""
    sequence, digest = facts.get(name), facts.get(f"{name}_hash")
    if isinstance(sequence, int) and isinstance(digest, str) and sequence:
        return Mark(sequence, digest)
    return BEGINNING
