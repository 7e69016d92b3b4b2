"""The audit log: append in the caller's transaction, chained by hash, verified entry by entry."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry

Fact = str | int | bool | None
START = "0" * 64
SYSTEM_ID = "system"
_LOCK = 0x0CA1_2A0D  # any constant: one advisory lock for the whole chain
_CHUNK = 2_000


@dataclass(slots=True)
class _ToldOfJump:
    """Which entry of this process told of a clock that was set back; None while it is right."""

    sequence: int | None = None


_told_of_jump = _ToldOfJump()


class NotInTransaction(RuntimeError):
    """An entry must commit or vanish together with what it tells of."""


def record(
    actor: Actor, code: str, subject: models.Model | None = None, **facts: Fact | Sequence[Fact]
) -> AuditEntry:
    """Append one entry in the caller's transaction.

    `code` is past tense (`referral.sent`); `facts` take codes, ids and counts: no names,
    narratives or contacts. Where the machine's clock would put it more than
    `clock.JUMP_SECONDS` before the newest entry, `clock.jumped` is recorded first, and the entry
    stands after it. Raises NotInTransaction outside `transaction.atomic`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{code}: record() outside a transaction")
    _lock()
    last = _last()
    if last and _is_news_of_a_jump(last):
        behind = int(clock.behind_by(last.at))
        last = _append(last, SYSTEM_ID, [], "clock.jumped", None, {"seconds": behind})
        _told_of_jump.sequence = last.sequence
    return _append(
        last,
        str(actor.user_id or (SYSTEM_ID if actor.is_system else "")),
        sorted(actor.roles),
        code,
        subject,
        facts,
    )


def _last() -> AuditEntry | None:
    return AuditEntry.objects.order_by("-sequence").only("sequence", "hash", "at", "code").first()


def _is_news_of_a_jump(last: AuditEntry) -> bool:
    """True when the machine's clock is behind the log and this process has not recorded it yet.

    The entry that told of it must still stand: its transaction may have been rolled back.
    """
    if clock.behind_by(last.at) <= clock.JUMP_SECONDS:
        _told_of_jump.sequence = None
        return False
    told = _told_of_jump.sequence
    if told is None:
        return True
    return not AuditEntry.objects.filter(sequence=told, code="clock.jumped").exists()


def _append(
    last: AuditEntry | None,
    actor_id: str,
    roles: list[str],
    code: str,
    subject: models.Model | None,
    facts: Mapping[str, Fact | Sequence[Fact]],
) -> AuditEntry:
    entry = AuditEntry(
        sequence=last.sequence + 1 if last else 1,
        at=clock.after(last.at if last else None),
        actor_id=actor_id,
        actor_roles=roles,
        code=code,
        subject_type=subject._meta.label if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        facts={key: value for key, value in sorted(facts.items())},
        previous_hash=last.hash if last else START,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def last_sequence() -> int:
    """The number of the newest entry; 0 when there is none. It grows with every write."""
    newest = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return newest or 0


def digest(entry: AuditEntry) -> str:
    """SHA-256 (hex) over every field of the entry but its own hash, in canonical JSON."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": _moment(entry.at),
        "actor": entry.actor_id,
        "roles": entry.actor_roles,
        "code": entry.code,
        "type": entry.subject_type,
        "id": entry.subject_id,
        "facts": entry.facts,
        "previous": entry.previous_hash,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Mark(NamedTuple):
    """A place in the chain: an entry's number and hash (hex). BEGINNING lies before the first."""

    sequence: int
    hash: str


BEGINNING = Mark(0, START)


class Flaw(models.TextChoices):
    """What may be wrong with an entry of the chain."""

    MISSING = "missing", gettext_lazy("missing")
    DETACHED = "detached", gettext_lazy("does not follow the one before")
    ALTERED = "altered", gettext_lazy("altered")
    CUT_OFF = "cut-off", gettext_lazy("cut off before the checkpoint")
    REWRITTEN = "rewritten", gettext_lazy("differs from the checkpoint")
    UNRECORDED = "unrecorded", gettext_lazy("does not tell of the checkpoint that was made there")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `broken_at`: number of the first broken entry, None when all hold.

    `entries` and `last_hash`: the last entry that holds. `more`: there are entries after it that
    this run was not asked to look at.
    """

    entries: int
    last_hash: str
    broken_at: int | None = None
    flaw: Flaw | None = None
    more: bool = False

    @property
    def mark(self) -> Mark:
        """The last entry that holds."""
        return Mark(self.entries, self.last_hash)

    @property
    def reason(self) -> str:
        """What is wrong, in the reader's language; empty when nothing is."""
        return str(self.flaw.label) if self.flaw else ""


def verify(
    checkpoint: tuple[int, str] | None = None,
    *,
    since: Mark = BEGINNING,
    after: Mark = BEGINNING,
    at_most: int | None = None,
) -> Verdict:
    """Walk the chain from `since` on; stop at the first entry that does not hold.

    `checkpoint` is a (sequence, hash) that somebody kept outside: a chain that was cut off at its
    end, or rewritten as a whole, no longer contains it. `since` is the mark of an earlier verdict:
    its entry is looked at again, those before it are not. `after` begins behind an entry without
    looking at it, to go on beyond one that is known to be broken. `at_most`: entries to look at
    (two or more to get on), None for all. Entries are read in pages, so that memory stays flat
    and no long read holds up writers.
    """
    kept = dict([since, checkpoint]) if checkpoint else dict([since])
    last, looked = (_before(since) if after == BEGINNING else after), 0
    trusts_first = since != BEGINNING and after == BEGINNING
    while True:
        room = _CHUNK if at_most is None else min(_CHUNK, at_most - looked)
        page = list(
            AuditEntry.objects.filter(sequence__gt=last.sequence).order_by("sequence")[:room]
        )
        for entry in page:
            if flaw := _flaw(entry, last, kept, trusted=trusts_first and not looked):
                return Verdict(*last, min(entry.sequence, last.sequence + 1), flaw)
            last, looked = Mark(entry.sequence, entry.hash), looked + 1
        if len(page) < room:
            break
        if looked == at_most:
            return Verdict(*last, more=last_sequence() > last.sequence)
    if max(kept) > last.sequence:
        return Verdict(*last, last.sequence + 1, Flaw.CUT_OFF)
    return Verdict(*last)


def _before(since: Mark) -> Mark:
    """Where to start so that the entry of `since` itself is read first."""
    return BEGINNING if since == BEGINNING else Mark(since.sequence - 1, "")


def _flaw(entry: AuditEntry, last: Mark, kept: dict[int, str], *, trusted: bool) -> Flaw | None:
    """What is wrong with `entry`, which comes after `last`; None when it holds.

    `kept`: hashes known from elsewhere, by number. `trusted`: what comes before was looked at
    earlier, so that only the entry's own hash counts.
    """
    if entry.sequence != last.sequence + 1:
        return Flaw.MISSING
    if not trusted and entry.previous_hash != last.hash:
        return Flaw.DETACHED
    if digest(entry) != entry.hash:
        return Flaw.ALTERED
    if kept.get(entry.sequence, entry.hash) != entry.hash:
        return Flaw.REWRITTEN
    return None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _lock() -> None:
    """One writer at a time: SQLite's IMMEDIATE transactions see to it, PostgreSQL is asked."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
