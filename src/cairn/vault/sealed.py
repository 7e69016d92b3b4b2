"""What code holds of a sealed value: a token that tells nothing of the content."""

import hashlib
from copy import copy
from typing import Any, Final, NoReturn
from uuid import UUID

from cairn.vault.errors import SealedFieldError

SHOWN: Final = "(sealed)"


class Sealed:
    """A sealed value of one field of one record: ciphertext, or nothing.

    `bool()` says whether there is a value; text, length, comparison and formatting say nothing.
    """

    __slots__ = ("_blob", "_field", "_holder")

    def __init__(self, blob: bytes | None, field: str, holder: UUID | None = None) -> None:
        self._blob = blob
        self._field = field
        self._holder = holder

    def mark(self) -> str:
        """Twelve hex signs of the ciphertext's SHA-256: the same as long as nobody changed it."""
        return hashlib.sha256(self._blob or b"").hexdigest()[:12]

    def __bool__(self) -> bool:
        return self._blob is not None

    def __str__(self) -> str:
        return SHOWN if self else ""

    def __repr__(self) -> str:
        return "<sealed>" if self else "<sealed: empty>"

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)

    def __lt__(self, other: object) -> NoReturn:
        raise SealedFieldError("Sealed values have no order: open them first.")

    __gt__ = __le__ = __ge__ = __lt__


class Pending(Sealed):
    """A plain value on its way into the database: held until `save()`, shown to nobody."""

    __slots__ = ("_plain",)

    def __init__(self, plain: bytes, field: str) -> None:
        self._blob = b""
        self._field = field
        self._holder = None
        self._plain = plain

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise SealedFieldError(f"{self._field} is not saved yet, so it cannot be stored elsewhere.")

    def __copy__(self) -> "Pending":
        return Pending(self._plain, self._field)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Pending":
        return copy(self)
