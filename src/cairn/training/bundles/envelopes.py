"""One record on its way: what it is, who made it, in which order, and a hash of its content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# Whose records these are when no kit made them.
SERVER = "server"


def canonical(content: Any) -> bytes:
    """The one way to write `content` as JSON: keys sorted, no blanks, UTF-8.

    Raises TypeError or ValueError for what JSON cannot hold (a set, not a number).
    """
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


@dataclass(frozen=True, slots=True)
class Envelope:
    """A record as it travels.

    `kind`: such as "mark"; `id`: made once, on the device; `owner`: the kit that made it (its id
    as text) or SERVER; `sequence`: counts up on that device from 1, whatever its clock says;
    `needs`: ids of the records that must be there first; `content`: what JSON can hold.
    """

    kind: str
    id: UUID
    owner: str
    sequence: int
    content: Mapping[str, Any]
    needs: tuple[UUID, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 (64 hex signs) of everything in it, so that no part can be changed alone."""
        return hashlib.sha256(self.line()).hexdigest()

    def line(self) -> bytes:
        """One line of a bundle, without its end."""
        return canonical(
            {
                "kind": self.kind,
                "id": str(self.id),
                "owner": self.owner,
                "sequence": self.sequence,
                "needs": [str(each) for each in self.needs],
                "content": self.content,
            }
        )


def of_values(values: Any) -> Envelope:
    """An envelope from the values of one line.

    Raises RuleBroken ("bundle.record") when a part is missing or of another kind: the signature
    says who wrote it, not that they wrote it well.
    """
    try:
        kind, owner, sequence = values["kind"], values["owner"], values["sequence"]
        content, needs = values["content"], values["needs"]
        if not (isinstance(kind, str) and kind and isinstance(owner, str) and owner):
            raise ValueError
        if type(sequence) is not int or sequence < 1 or not isinstance(content, dict):
            raise ValueError
        return Envelope(kind, UUID(values["id"]), owner, sequence, content, tuple(map(UUID, needs)))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RuleBroken(
            "bundle.record",
            _("A record in this bundle is not written the way Cairn writes records."),
            _("Make the bundle again on the machine that it comes from."),
        ) from None
