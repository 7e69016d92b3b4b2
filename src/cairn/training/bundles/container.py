"""The file of a bundle: signed, then encrypted to one machine; written whole, read as a stream.

    cairn-bundle 1 <mark of the recipient>            clear, so that the wrong machine says so
    age encryption (X25519) of
        the header, one line of JSON
        {"key": ..., "signature": ...}                on the clear line and the header
        a record, one line of JSON                    as many as the header has hashes
    cairn-bundle-end <SHA-256 of all before>          tells a cut from a change

The signature is on the header and the header holds each record's hash, so that no record is handed
out before it is known to be what the sender wrote. The last line protects nothing: it only tells
an honest slip of copying from a change.
"""

import base64
import binascii
import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import pyrage

from cairn.training.bundles import cards, envelopes, headers, refusals, schemas
from cairn.training.bundles.envelopes import Envelope, canonical
from cairn.training.bundles.headers import Header, Route, header_for
from cairn.training.bundles.schemas import Schema

# (id of the key, signature) of a message; and whether such a signature is right.
Sign = Callable[[bytes], tuple[str, bytes]]
Verify = Callable[[bytes, str, bytes], bool]

ENDING = ".cairn-bundle"
_MAGIC = b"cairn-bundle "
_FORMAT = 1
_END = b"\ncairn-bundle-end "
_END_LENGTH = len(_END) + 64 + 1
_MOST_OUTER = 200
# Nothing of one event comes near: 200 people, two weeks, a mark a minute are under 20 MB of header.
MOST_HEADER = 64 * 1024 * 1024
MOST_RECORD = 32 * 1024 * 1024
_BOUND = b"cairn bundle\0"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose header is signed by the right machine; `records` checks each as it is read.

    Reading to the end is part of checking: a file that was cut off shows only there.
    """

    header: Header
    records: Iterator[Envelope]


def write(
    target: BinaryIO,
    route: Route,
    records: Sequence[Envelope],
    *,
    recipient: str,
    sign: Sign,
    made_at: datetime,
    notes: Mapping[str, Any] | None = None,
    schema: Schema = schemas.CURRENT,
) -> Header:
    """Write a bundle for the holder of `recipient` (age, "age1..."); returns its header.

    `made_at`: by this machine's clock, with a zone.
    """
    header = header_for(route, records, made_at, schema.number, notes or {})
    outer = _outer(recipient)
    line = header.line()
    key_id, value = sign(_BOUND + outer + line)
    proof = canonical({"key": key_id, "signature": base64.b64encode(value).decode()})
    plain = io.BytesIO()
    for each in (line, proof, *(record.line() for record in records)):
        plain.write(each + b"\n")
    plain.seek(0)
    counted = _Counted(target)
    counted.write(outer)
    pyrage.encrypt_io(plain, counted, [pyrage.x25519.Recipient.from_str(recipient)])
    target.write(_END + counted.digest().encode() + b"\n")
    return header


@contextmanager
def opening(
    source: BinaryIO,
    identity: str,
    verify: Verify,
    *,
    schema: Schema = schemas.CURRENT,
) -> Iterator[Opened]:
    """Open the bundle in `source` (a file that can be sought) with this machine's `identity`
    (age, "AGE-SECRET-KEY-1..."), signed by whoever `verify` accepts.

    Raises RuleBroken: "bundle.not-a-bundle", "bundle.truncated", "bundle.altered",
    "bundle.other-recipient", "bundle.signature", "bundle.too-new", "bundle.schema",
    "bundle.header", "bundle.record", "bundle.count", "bundle.too-large".
    """
    with _lines(source, identity) as (outer, lines):
        line, key_id, value = _head(lines)
        if not verify(_BOUND + outer + line, key_id, value):
            raise refusals.unknown_signer()
        values = _values(line)
        _check_schema(values, schema)
        header = headers.of_values(values)
        yield Opened(header, _records(lines, header, schema))


def check(source: BinaryIO, identity: str, verify: Verify) -> Header:
    """Read a bundle to its end and throw the records away: its header, once every byte is right.

    Raises RuleBroken as `opening` does.
    """
    with opening(source, identity, verify) as bundle:
        for _record in bundle.records:
            pass
        return bundle.header


def unproven_header(source: BinaryIO, identity: str) -> Header:
    """The header of a bundle whose signer is not known yet, for the first meeting of two machines.

    Nothing vouches for it: compare what it says by eye before believing anything else.
    Raises RuleBroken as `opening` does.
    """
    with _lines(source, identity) as (_outer, lines):
        line, _key_id, _value = _head(lines)
        values = _values(line)
        _check_schema(values, schemas.CURRENT)
        return headers.of_values(values)


def _outer(recipient: str) -> bytes:
    mark = cards.mark_of(recipient.encode())
    return _MAGIC + f"{_FORMAT} {mark}\n".encode()


def _records(lines: Iterator[bytes], header: Header, schema: Schema) -> Iterator[Envelope]:
    counts: Counter[str] = Counter()
    for expected in header.hashes:
        line = next(lines, None)
        if line is None:
            raise refusals.uncounted()
        if hashlib.sha256(line).hexdigest() != expected:
            raise refusals.altered()
        values = _values(line)
        counts[str(values.get("kind"))] += 1
        brought = schema.brought_up(values, header.schema)
        if brought is not None:
            yield envelopes.of_values(brought)
    if next(lines, None) is not None or counts != Counter(dict(header.counts)):
        raise refusals.uncounted()


def _head(lines: Iterator[bytes]) -> tuple[bytes, str, bytes]:
    """The header as written, the id of the key that signed it, and the signature."""
    line, proof = next(lines, None), next(lines, None)
    if line is None or proof is None:
        raise refusals.uncounted()
    try:
        values = json.loads(proof)
        return line, str(values["key"]), base64.b64decode(values["signature"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        raise refusals.unknown_signer() from None


def _values(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        values = None
    return values if isinstance(values, dict) else {}


def _check_schema(values: dict[str, Any], schema: Schema) -> None:
    """Before anything else is looked at: a newer header may hold what we cannot name."""
    found = values.get("schema")
    if type(found) is int:
        schema.check(found)


@contextmanager
def _lines(source: BinaryIO, identity: str) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """The clear first line, and the lines inside, decrypted as they are asked for."""
    key = pyrage.x25519.Identity.from_str(identity)
    outer, end = _frame(source)
    if outer != _outer(str(key.to_public())):
        raise refusals.other_recipient()
    slice_ = _Slice(source, end - len(outer))
    read_end, write_end = os.pipe()
    with ThreadPoolExecutor(1) as pool:

        def decrypt() -> None:
            with os.fdopen(write_end, "wb") as plain:
                pyrage.decrypt_io(slice_, plain, [key])

        work = pool.submit(decrypt)
        with os.fdopen(read_end, "rb") as plain:
            yield outer, _split(plain, work.exception)


def _split(plain: BinaryIO, problem: Callable[[], BaseException | None]) -> Iterator[bytes]:
    """Lines without their ends. At the end of the stream, what the decryption has to say counts."""
    most = MOST_HEADER
    while True:
        line = plain.readline(most + 1)
        if not line.endswith(b"\n"):
            if len(line) > most:
                raise refusals.too_large()
            if problem() is not None or line:
                raise refusals.altered()
            return
        yield line[:-1]
        most = MOST_RECORD


def _frame(source: BinaryIO) -> tuple[bytes, int]:
    """The clear first line, and where the last line begins; `source` stands after the first.

    Raises RuleBroken: no bundle, of a newer format, cut off, or changed.
    """
    length = source.seek(0, os.SEEK_END)
    source.seek(0)
    outer = source.readline(_MOST_OUTER)
    words = outer.decode("ascii", "replace").split()
    if not outer.startswith(_MAGIC) or len(words) != 3 or not words[1].isdecimal():
        raise refusals.not_a_bundle()
    if int(words[1]) != _FORMAT:
        schemas.Schema(_FORMAT).check(int(words[1]))
    end = length - _END_LENGTH
    if end < len(outer):
        raise refusals.truncated()
    source.seek(end)
    last = source.read(_END_LENGTH)
    if not last.startswith(_END) or not last.endswith(b"\n"):
        raise refusals.truncated()
    source.seek(0)
    if _digest(source, end) != last[len(_END) : -1].decode("ascii", "replace"):
        raise refusals.altered()
    source.seek(len(outer))
    return outer, end


def _digest(source: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    while length and (piece := source.read(min(_CHUNK, length))):
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()


class _Counted:
    """Hashes what goes to a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        self._file.write(content)
        return len(content)

    def flush(self) -> None:
        self._file.flush()

    def digest(self) -> str:
        return self._hash.hexdigest()


class _Slice:
    """The next `length` bytes of a file, for the decryption to read."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file, self._left = file, length

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        piece = self._file.read(wanted)
        self._left -= len(piece)
        return piece
