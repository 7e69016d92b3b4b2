"""Every write about releases but signing: begun, built, refused, withdrawn, wiped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.observatory import building, sources
from cairn.observatory.actions.ledger import append, hold
from cairn.observatory.building import Tell
from cairn.observatory.models import Published, Release
from cairn.observatory.rules import pipeline as rules
from cairn.observatory.rules.pipeline import Period, ReleaseState, Way
from cairn.observatory.rules.protecting import ALL, How, check_size, ordered, wanted_groupings
from cairn.observatory.tasks import build_release

_TRIES = 20
# An act that takes a reason.
Reasoned = Callable[[Actor, str, str], Release]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be released. `columns`: for a cube one list, for tables one list each."""

    title: str
    source: str
    way: Way
    period: Period
    columns: Sequence[Sequence[str]]
    is_merged: bool = True


@transaction.atomic
def begin(actor: Actor, plan: Plan) -> Release:
    """Begin a release; nothing is read yet.

    Raises PermissionDenied, RuleBroken ("observatory.source", "observatory.period",
    "observatory.columns", "observatory.grouping", "observatory.large", "observatory.metadata",
    "observatory.going-on").
    """
    require(actor, Permission.STATISTICS_BUILD)
    now = clock.now()
    rules.check_period(plan.period, timezone.localdate(now))
    series = sources.checked_series(plan.source)
    wanted = wanted_groupings(series, plan.way, plan.columns)
    if not plan.is_merged:
        # Areas that are put together are fewer than the list says: looked at when they are counted.
        check_size(series, plan.way, wanted)
    hold()
    _check_alone(plan)
    release = Release(
        title=plan.title.strip(),
        source=plan.source,
        way=plan.way,
        period_first=plan.period.since,
        period_last=plan.period.until,
        columns=[list(ordered(series, names)) for names in plan.columns],
        is_merged=plan.is_merged,
        made_at=now,
        made_by=acting(actor),
        builders=[str(acting(actor))],
    )
    _number(release, timezone.localdate(now).year)
    audit.record(actor, "release.begun", release, source=plan.source, way=str(plan.way))
    return release


def _check_alone(plan: Plan) -> None:
    """One release of a source and period at a time: two would not be attacked together."""
    going_on = Release.objects.exclude(state__in=rules.OVER).filter(
        source=plan.source,
        period_first__lte=plan.period.until,
        period_last__gte=plan.period.since,
    )
    if other := going_on.first():
        raise RuleBroken(
            "observatory.going-on",
            _("%(code)s counts some of the same days and is not finished.") % {"code": other.code},
            _("Publish or refuse it first: releases are attacked together with earlier ones."),
        )


def _number(release: Release, year: int) -> None:
    """The next free number of the year."""
    known = Release.objects.filter(code__startswith=f"R-{year}-").values_list("code", flat=True)
    last = max((int(code.rpartition("-")[2]) for code in known), default=0)
    for number in range(last + 1, last + 1 + _TRIES):
        release.code = f"R-{year}-{number:02d}"
        if saved_as_new(release):
            return
    raise RuntimeError(f"{_TRIES} numbers in a row are taken.")


@transaction.atomic
def ask_to_build(actor: Actor, code: str) -> Release:
    """Have the steps that are left taken in the background."""
    require(actor, Permission.STATISTICS_BUILD)
    release = held(actor, code)
    _check_building(release)
    building.lend_hands(release, acting(actor))
    release.save(update_fields=["builders"])
    audit.record(actor, "release.asked", release)
    transaction.on_commit(partial(build_release.enqueue, str(release.pk), str(acting(actor))))
    return release


def build(actor: Actor, code: str, *, tell: Tell | None = None, how: How = ALL) -> Release:
    """Take the steps that are left, here and now. Raises RuleBroken, PermissionDenied."""
    require(actor, Permission.STATISTICS_BUILD)
    release = Release.objects.visible_to(actor).get(code=code)
    return building.build(actor, release.pk, how=how, tell=tell)


def _check_building(release: Release) -> None:
    if not release.is_building:
        raise RuleBroken(
            "observatory.step",
            _("This release is not being built any more."),
            _("Begin a new release."),
        )


def refuse(actor: Actor, code: str, reason: str) -> Release:
    """Refuse a release that is not published; it stays in the list with the reason.

    Raises PermissionDenied, RuleBroken ("observatory.reason", "observatory.over").
    """
    rules.check_reason(reason)
    with transaction.atomic():
        release = held(actor, code)
        if not (actor.may(Permission.STATISTICS_SIGN) or actor.may(Permission.STATISTICS_BUILD)):
            require(actor, Permission.STATISTICS_SIGN)
        if release.is_over:
            raise RuleBroken("observatory.over", _("This release is over: nothing is open in it."))
        _end(actor, release, ReleaseState.REFUSED, reason)
        audit.record(actor, "release.refused", release)
    building.wipe(release.pk)
    return release


@transaction.atomic
def withdraw(actor: Actor, code: str, reason: str) -> Release:
    """Take a published release from the public pages; ledger and attacks keep it.

    Raises PermissionDenied, RuleBroken ("observatory.reason", "observatory.not-published").
    """
    require(actor, Permission.STATISTICS_SIGN)
    rules.check_reason(reason)
    hold()
    release = held(actor, code)
    if release.state != ReleaseState.PUBLISHED:
        raise RuleBroken("observatory.not-published", _("Only what is published can be withdrawn."))
    _end(actor, release, ReleaseState.WITHDRAWN, reason)
    published = Published.objects.select_for_update().get(release=release)
    published.withdrawn_at, published.reason = release.ended_at, release.reason
    published.save(update_fields=["withdrawn_at", "reason"])
    append(release, "withdrawn", published.payload, published.digest)
    audit.record(actor, "release.withdrawn", release)
    return release


def _end(actor: Actor, release: Release, state: ReleaseState, reason: str) -> None:
    release.state, release.reason = state, reason.strip()
    release.ended_at, release.ended_by = clock.now(), acting(actor)
    release.save(update_fields=["state", "reason", "ended_at", "ended_by"])


def held(actor: Actor, code: str) -> Release:
    """The release of this code, held until the end of the transaction."""
    found: Release = Release.objects.visible_to(actor).select_for_update().get(code=code)
    return found
