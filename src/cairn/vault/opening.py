"""Opens sealed values: the only way back to plain text. Imported by the audited reading alone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cairn.vault import keyring
from cairn.vault.errors import Altered, KeyGone, RootError, SealedFieldError
from cairn.vault.fields import SealedField, SealedModel
from cairn.vault.sealed import Pending

logger = logging.getLogger(__name__)
Reason = Literal["altered", "erased", "no-key"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that cannot be opened.

    `altered`: the ciphertext is not the one sealed here; `erased`: its key was destroyed on
    purpose; `no-key`: the key, or what unwraps it, is not there.
    """

    reason: Reason


def open_values(records: Sequence[SealedModel], names: Sequence[str]) -> list[dict[str, Any]]:
    """For each record the plain value of each sealed field in `names`, or Unreadable.

    One query to the key store for all records; nothing stays open afterwards. One bad value never
    keeps the others back. Raises SealedFieldError for a name that is not sealed, or an unsaved
    value.
    """
    if not records:
        return []
    try:
        ciphers = keyring.ciphers(record.data_key for record in records)
    except RootError as problem:
        logger.error("vault.%s: no sealed value can be opened", problem.code)
        return [{name: Unreadable("no-key") for name in names} for _ in records]
    fields = {model: _fields(model, names) for model in {type(record) for record in records}}
    return [_open_one(record, fields[type(record)], ciphers[record.data_key]) for record in records]


def _fields(model: type[SealedModel], names: Sequence[str]) -> list[SealedField]:
    return [model.sealed_field(name) for name in names]


def _open_one(
    record: SealedModel, fields: list[SealedField], cipher: AESGCM | Exception
) -> dict[str, Any]:
    opened: dict[str, Any] = {}
    for field in fields:
        token = getattr(record, field.attname)
        if isinstance(token, Pending):
            raise SealedFieldError(f"{field.label} is not saved yet.")
        blob = token._blob
        if blob is None:
            opened[field.name] = field.decode(None)
        elif isinstance(cipher, Exception):
            opened[field.name] = Unreadable(_reason(cipher))
            _tell(_reason(cipher), field, record)
        else:
            try:
                opened[field.name] = field.unseal(blob, cipher, record.sealed_place())
            except (Altered, ValueError):
                opened[field.name] = Unreadable("altered")
                _tell("altered", field, record)
    return opened


def _reason(problem: Exception) -> Reason:
    if isinstance(problem, Altered):
        return "altered"
    if isinstance(problem, KeyGone) and problem.erased:
        return "erased"
    return "no-key"


def _tell(reason: Reason, field: SealedField, record: SealedModel) -> None:
    """By code, place and id; never with content. An erased value is no news."""
    if reason != "erased":
        logger.error("vault.%s: %s of %s cannot be opened", reason, field.label, record.pk)
