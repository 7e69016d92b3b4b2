"""Verifying the audit log in the background: what is new all the time, all of it once a day."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cairn.core import audit, clock
from cairn.core.audit import BEGINNING, Flaw, Mark
from cairn.core.models import AuditEntry
from cairn.oversight.actions.findings import note_once
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding, Outcome
from cairn.oversight.queries.rounds import mark_in

log = logging.getLogger(__name__)

WHOLE_EVERY = timedelta(days=1)
# Entries of one run: two or three seconds of work (some 8,000 entries a second on one busy core),
# after which others get their turn. A log of a million entries is gone through in four hours.
AT_MOST = 20_000
# Whoever rewrites a log breaks it in very many places; this many are named one by one.
MOST_BREAKS = 20


@dataclass(frozen=True, slots=True)
class Walk:
    """How far one walk along the chain has come. `mark`: the last entry looked at.

    `is_broken`: that entry itself does not hold, and the walk goes on behind it. `more`: there
    are entries left that this run did not look at.
    """

    mark: Mark = BEGINNING
    is_broken: bool = False
    more: bool = False

    def facts(self, name: str) -> dict[str, object]:
        return {
            name: self.mark.sequence,
            f"{name}_hash": self.mark.hash,
            f"{name}_broken": self.is_broken,
        }


def verify_chain(facts: Facts) -> Outcome:
    """One round: go on from where the last one ended; once a day begin again at the first entry.

    Every break raises an alert that names the entry and what is wrong with it. Appending goes on,
    and so does verifying, behind the break.
    """
    known = {int(sequence): Flaw(flaw) for sequence, flaw in facts.get("breaks", [])}
    found, newest = go_on(_walk_in(facts, "verified"))
    whole_at, whole_since = facts.get("whole_at"), facts.get("whole_since")
    whole = Walk()
    now = clock.now()
    if whole_since or _is_due(whole_at, now):
        whole_since = whole_since or now.isoformat()
        more, whole = go_on(_walk_in(facts, "whole"))
        found |= more
        if not whole.more:
            whole_at, whole_since, whole = now.isoformat(), None, Walk()
    for sequence in sorted(set(found) - set(known)):
        log.error("audit.chain_broken sequence=%d flaw=%s", sequence, found[sequence].value)
    breaks = dict(sorted((found | known).items())[:MOST_BREAKS])
    _tell(breaks)
    return Outcome(
        Finding.BROKEN if breaks else Finding.WELL,
        {
            **newest.facts("verified"),
            **whole.facts("whole"),
            "whole_at": whole_at,
            "whole_since": whole_since,
            "breaks": [[sequence, flaw.value] for sequence, flaw in breaks.items()],
        },
    )


def _walk_in(facts: Facts, name: str) -> Walk:
    return Walk(mark_in(facts, name), bool(facts.get(f"{name}_broken")))


def _is_due(last: str | None, now: datetime) -> bool:
    return last is None or abs(now - datetime.fromisoformat(last)) >= WHOLE_EVERY


def go_on(walk: Walk, at_most: int = AT_MOST) -> tuple[dict[int, Flaw], Walk]:
    """Walk on by about `at_most` entries: what is broken, by number, and where the walk now is."""
    found: dict[int, Flaw] = {}
    mark, is_broken = walk.mark, walk.is_broken
    while len(found) < MOST_BREAKS:
        if is_broken:
            verdict = audit.verify(after=mark, at_most=at_most)
        else:
            verdict = audit.verify(since=mark, at_most=at_most)
        if verdict.broken_at is None or verdict.flaw is None:
            is_broken = is_broken and verdict.mark == mark
            return found, Walk(verdict.mark, is_broken, verdict.more)
        found[verdict.broken_at] = verdict.flaw
        following = _stored(sequence__gte=verdict.broken_at)
        if following is None:  # cut off: the walk waits at what is now the end
            return found, Walk(_stored() or BEGINNING)
        mark, is_broken = following, True
    return found, Walk(mark, is_broken, more=True)


def _stored(**wanted: int) -> Mark | None:
    """The first entry with a number in that range, or the last of all, as it stands."""
    order = "sequence" if wanted else "-sequence"
    row = AuditEntry.objects.filter(**wanted).order_by(order).values_list("sequence", "hash")[:1]
    return next((Mark(*each) for each in row), None)


def _tell(breaks: dict[int, Flaw]) -> None:
    for sequence, flaw in breaks.items():
        with transaction.atomic():
            note_once(
                AlertKind.CHAIN_BROKEN,
                window=f"entry-{sequence}",
                facts={"sequence": sequence, "flaw": flaw.value},
            )
