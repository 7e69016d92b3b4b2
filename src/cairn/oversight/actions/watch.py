"""What the watch does besides the log and unusual access: ends, reminders, counts, checks."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models, transaction

from cairn.access.permissions import Permission
from cairn.access.queries import SYSTEM, holders
from cairn.core import audit, clock
from cairn.core.classification import DECLARATIONS, Ending, stored_models
from cairn.core.retention_rules import due, due_rows
from cairn.oversight import subjects
from cairn.oversight.actions import erasures
from cairn.oversight.actions.alerts import tell
from cairn.oversight.actions.exports import expire_exports
from cairn.oversight.actions.findings import note_once
from cairn.oversight.models import BreakGlass, Hold, Notice
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding, Outcome
from cairn.oversight.queries import retention
from cairn.oversight.rules import ReviewState
from cairn.vault import health, keyring
from cairn.vault.fields import SealedModel

log = logging.getLogger(__name__)

# An emergency access lasts a day; a day after it was opened its review is late, and every day on.
REMIND_EVERY = timedelta(days=1)
_CHUNK = 500


def watch_emergencies(facts: Facts) -> Outcome:
    """End emergency accesses whose time is over, and remind reviewers of those not reviewed."""
    now = clock.now()
    ended = 0
    for pk in BreakGlass.objects.filter(ended_at=None, expires_at__lte=now).values_list("pk"):
        ended += _end(pk[0])
    waiting = BreakGlass.objects.filter(review=ReviewState.WAITING)
    reminded = 0
    for access in waiting.filter(opened_at__lte=now - REMIND_EVERY).order_by("opened_at"):
        reminded += _remind(access)
    late = waiting.filter(opened_at__lte=now - REMIND_EVERY).count()
    return Outcome(
        Finding.FOUND if late else Finding.WELL,
        {
            "live": BreakGlass.objects.live(now).count(),
            "waiting": waiting.count(),
            "late": late,
            "ended": ended,
            "reminded": reminded,
        },
    )


@transaction.atomic
def _end(access_id: UUID) -> int:
    """Write down that an access is over, unless somebody else did."""
    changed = BreakGlass.objects.filter(
        pk=access_id, ended_at=None, expires_at__lte=clock.now()
    ).update(ended_at=models.F("expires_at"))
    if changed:
        audit.record(SYSTEM, "glass.expired", BreakGlass(pk=access_id))
    return changed


@transaction.atomic
def _remind(access: BreakGlass) -> int:
    """Tell those who review, at most once a day for each access; returns how many were told."""
    since = clock.now() - REMIND_EVERY
    if Notice.objects.filter(code="glass.unreviewed", subject_id=access.pk, at__gt=since).exists():
        return 0
    reviewers = [user for user in holders(Permission.OVERSIGHT_REVIEW) if user != access.actor_id]
    return tell(reviewers, "glass.unreviewed", access.pk, pseudonym=access.code)


def count_due(facts: Facts) -> Outcome:
    """How many records are past their time, by kind and by model; deciding is for people."""
    today = clock.now().date()
    kinds = {kind.key: retention.due(kind, today).count() for kind in subjects.kinds()}
    by_model = {
        each.declaration.label: each.count
        for each in due(today)
        if each.declaration.retention.ending is not Ending.AUTOMATIC
    }
    found = Finding.FOUND if any(kinds.values()) or by_model else Finding.WELL
    return Outcome(found, {"kinds": kinds, "models": by_model})


def check_keys(facts: Facts) -> Outcome:
    """Whether every zone could be opened now. An alert a day for each problem, by its code."""
    problems = sorted({problem.code for problem in health.check()})
    for code in problems:
        log.error("keys.unusable code=%s", code)
        with transaction.atomic():
            note_once(
                AlertKind.KEYS,
                window=f"{code} {clock.now():%Y%m%d}",
                facts={"problem": code},
            )
    return Outcome(Finding.BROKEN if problems else Finding.WELL, {"problems": problems})


def check_clock(facts: Facts) -> Outcome:
    """Whether the clock of the machine was set since the last round of this process."""
    jump = clock.observe()
    if jump is None:
        return Outcome(Finding.WELL, {name: facts[name] for name in ("last",) if name in facts})
    seconds, at = int(jump.seconds), clock.now()
    log.error("clock.jumped seconds=%d direction=%s", seconds, jump.direction)
    with transaction.atomic():
        if jump.direction == "forward":  # one that went back is recorded with the next entry
            audit.record(SYSTEM, "clock.jumped", seconds=seconds, direction=jump.direction)
        note_once(
            AlertKind.CLOCK_JUMPED,
            window=f"{at:%Y%m%d%H%M%S} {jump.direction}",
            facts={"seconds": seconds, "direction": jump.direction},
        )
    return Outcome(Finding.FOUND, {"last": at.isoformat(), "seconds": seconds})


def tidy_exports(facts: Facts) -> Outcome:
    """Files that nobody approved or took in time can no longer be taken."""
    return Outcome(facts={"expired": expire_exports()})


def tidy_sessions(facts: Facts) -> Outcome:
    """Sessions that are over are removed, and with them what told of their devices."""
    SessionStore.clear_expired()
    live = Session.objects.values("session_key")
    gone, _by_model = UserSession.objects.exclude(session_key__in=live).delete()
    return Outcome(facts={"devices": gone})


def tidy_records(facts: Facts) -> Outcome:
    """Remove rows that their declaration removes by itself once their time is over."""
    today = clock.now().date()
    removed = {}
    for label, declaration in sorted(DECLARATIONS.items()):
        if declaration.retention.ending is Ending.AUTOMATIC:
            with transaction.atomic():
                count, _by_model = due_rows(declaration, today).delete()
            if count:
                removed[label] = count
    return Outcome(facts={"removed": removed})


def finish_erasures(facts: Facts) -> Outcome:
    """Erasures that were agreed to, and then interrupted, come to their end."""
    return Outcome(facts={"finished": erasures.finish_erasures(SYSTEM)})


def look_for_orphans(facts: Facts) -> Outcome:
    """Sealed rows whose key is gone without having been destroyed, and holds on nothing.

    The first is loss: their values cannot be read, and nobody decided that. Flat memory.
    """
    lost: dict[str, int] = {}
    for model in stored_models():
        if issubclass(model, SealedModel):
            for ids in _chunks(model):
                missing = ids - keyring.exists(ids)
                count = len(missing - keyring.was_destroyed(missing))
                if count:
                    lost[model._meta.label] = lost.get(model._meta.label, 0) + count
    for label, count in lost.items():
        log.error("keys.lost model=%s count=%d", label, count)
        with transaction.atomic():
            note_once(
                AlertKind.KEYS,
                window=f"lost {label}"[:50],
                count=count,
                facts={"problem": "keys-lost", "model": label, "keys": count},
            )
    holds = sum(_without_record(kind) for kind in subjects.kinds())
    found = Finding.BROKEN if lost else Finding.FOUND if holds else Finding.WELL
    return Outcome(found, {"lost": lost, "holds": holds})


def _chunks(model: type[SealedModel]) -> Iterator[set[UUID]]:
    """Ids of the keys that rows of `model` name, five hundred at a time."""
    last = None
    while True:
        rows = model._base_manager.order_by("data_key").values_list("data_key", flat=True)
        if last is not None:
            rows = rows.filter(data_key__gt=last)
        ids = list(rows.distinct()[:_CHUNK])
        if ids:
            yield set(ids)
        if len(ids) < _CHUNK:
            return
        last = ids[-1]


def _without_record(kind: subjects.SubjectKind) -> int:
    """Live holds on records of `kind` that are not there."""
    held = Hold.objects.live(clock.now().date()).filter(kind=kind.key)
    return held.exclude(subject_id__in=kind.every().values("pk")).count()
