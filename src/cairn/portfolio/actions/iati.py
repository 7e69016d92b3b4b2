"""Writes about aid data: taking a file in, and that somebody held one against the records."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.tables import write_csv
from cairn.core.tables.intake import held
from cairn.imports.actions import import_file
from cairn.portfolio.iati.paying import Asked
from cairn.portfolio.iati.reading import Complaint, ReadActivity
from cairn.portfolio.iati.taking import KINDS
from cairn.portfolio.queries.iati_comparison import Comparison, Wanted, compare

# A preview is good for an hour: long enough to read it, too short to be found by another person.
_PREVIEW_SECONDS = 3600
_SALT = "portfolio.iati"
_FIRST_ROW = 2  # of a table, below its header


def compare_iati(
    actor: Actor,
    stream: IO[bytes],
    *,
    today: date,
    most: int = 500,
    standard: Path | None = None,
) -> Comparison:
    """Hold an IATI file against the records, as far as saying what taking it in would refuse.

    It needs PORTFOLIO_IMPORT, and FUNDING_EDIT as money would be written. Nothing of the file is
    stored; what is on record is the counts, never what stood in it. A person may bring as much as
    any import takes, the system a file of any size. Raises PermissionDenied, RuleBroken
    ("table.too_large").
    """
    _require(actor)
    with _within_limit(actor, stream) as copy:
        found = compare(
            actor,
            copy,
            today=today,
            most=most,
            standard=standard,
            take=lambda wanted: _write(actor, wanted, is_kept=False),
        )
    # Reading may take minutes: nobody else's writing waits for it.
    with transaction.atomic():
        _record(actor, "portfolio.compared", found)
    return found


@transaction.atomic
def take_iati(
    actor: Actor, stream: IO[bytes], *, today: date, most: int = 500, preview: str = ""
) -> Comparison:
    """Take this publisher's activities of a file in, all or nothing; `applied` says which.

    New projects are withheld until somebody publishes them. `preview`: from `preview_of`, then the
    file and what it would do must be those of the preview. It needs PORTFOLIO_IMPORT and
    FUNDING_EDIT. Raises PermissionDenied, RuleBroken ("iati.preview", "iati.stale",
    "table.too_large").
    """
    _require(actor)
    with transaction.atomic(), _within_limit(actor, stream) as copy:
        wanted = _opened(actor, preview, copy) if preview else ""
        found = compare(
            actor,
            copy,
            today=today,
            most=most,
            take=lambda rows: _write(actor, rows, is_kept=True),
        )
        found.applied = not found.blocking and not found.refusal
        if found.applied and wanted and found.digest != wanted:
            raise RuleBroken(
                "iati.stale",
                _("The records changed after this preview was made, so it no longer tells the "
                  "truth."),
                _("Compare the file again and look at the new preview."),
            )  # fmt: skip
        transaction.set_rollback(not found.applied)
    _record(actor, "portfolio.taken_in" if found.applied else "portfolio.compared", found)
    return found


def preview_of(actor: Actor, stream: IO[bytes], found: Comparison) -> str:
    """A note of this file and of what it would do, for this person alone."""
    told = [str(actor.user_id), _digest(stream), found.digest]
    return signing.dumps(told, salt=_SALT)


def _opened(actor: Actor, preview: str, copy: IO[bytes]) -> str:
    """The digest of the preview. Raises RuleBroken when it is not of this file and person."""
    try:
        person, digest, wanted = signing.loads(preview, salt=_SALT, max_age=_PREVIEW_SECONDS)
    except (signing.BadSignature, ValueError):
        person, digest, wanted = "", "", ""
    if person != str(actor.user_id) or digest != _digest(copy):
        raise RuleBroken(
            "iati.preview",
            _("This is not the file of the preview, or the preview is older than an hour."),
            _("Compare the file first, then choose the same file again."),
        )
    return str(wanted)


def _digest(stream: IO[bytes]) -> str:
    """SHA-256 of all of `stream`, which stands at its start again."""
    digest = sha256()
    stream.seek(0)
    while part := stream.read(64 * 1024):
        digest.update(part)
    stream.seek(0)
    return digest.hexdigest()


def _require(actor: Actor) -> None:
    require(actor, Permission.PORTFOLIO_IMPORT)
    require(actor, Permission.FUNDING_EDIT)


@contextmanager
def _within_limit(actor: Actor, stream: IO[bytes]) -> Iterator[IO[bytes]]:
    if actor.is_system:
        yield stream
        return
    with held(stream, max_bytes=settings.IMPORT_MAX_BYTES) as copy:
        yield copy


def _write(actor: Actor, wanted: Sequence[Wanted], *, is_kept: bool) -> None:
    """Write the rows by the imports of the portfolio, or find out what these would refuse.

    What is refused is complained of at its activity; then the rows that build on it stay out.
    """
    asked = [(each.read, row) for each in wanted if not each.read.is_refused for row in each.rows]
    with transaction.atomic():
        for kind in KINDS:
            tables: dict[tuple[str, ...], list[tuple[ReadActivity, Asked]]] = {}
            for read, row in asked:
                if row.kind == kind:
                    tables.setdefault(tuple(row.cells), []).append((read, row))
            if sum(_import(actor, kind, columns, rows) for columns, rows in tables.items()):
                break
        transaction.set_rollback(not is_kept)


def _import(
    actor: Actor, kind: str, columns: tuple[str, ...], rows: list[tuple[ReadActivity, Asked]]
) -> int:
    """Bring rows with the same columns as a file of `kind`; gives the number of problems."""
    lines = write_csv(columns, ([row.cells[name] for name in columns] for _read, row in rows))
    content = BytesIO("".join(lines).encode())
    report = import_file(actor, kind, f"{kind}.csv", content)
    for problem in report.problems:
        read, row = rows[problem["row"] - _FIRST_ROW]
        element = f"{kind}/{problem['column']}".rstrip("/")
        read.add(
            Complaint(row.line, element, problem["code"], problem["message"], problem["remedy"])
        )
    return len(report.problems)


def _record(actor: Actor, code: str, found: Comparison) -> None:
    """Counts alone: what stood in the file is in no protocol."""
    facts: dict[str, Any] = {
        "complaints": found.complaints,
        "refusal": found.refusal.get("code", ""),
        **found.counts,
    }
    audit.record(actor, code, None, **facts)


@transaction.atomic
def note_iati_export(actor: Actor, kind: str, count: int) -> None:
    """Somebody with the rights of the system wrote a file; pages give it to everybody anyway."""
    audit.record(actor, "portfolio.exported", kind=f"iati-{kind}", count=count, filters=0)
