"""The machine's part of a release: four steps, each leaving an artefact, each safe to repeat.

A step computes outside of any transaction and stores what it made, with the state that follows,
in one: a kill leaves the step done or not begun. Who may ask for it, `actions.releases` decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.access.permissions import Permission
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.errors import RuleBroken
from cairn.observatory import sources
from cairn.observatory.attacking import Issued, Verdict, attacked
from cairn.observatory.engine import check_installed, cube, extract, small, stored
from cairn.observatory.engine.cube import Cube
from cairn.observatory.engine.extract import Extract
from cairn.observatory.models import Artefact, Published, Release
from cairn.observatory.payloads import protected_cube, protected_tables, quality_record
from cairn.observatory.rules import pipeline as rules
from cairn.observatory.rules.merging import merged
from cairn.observatory.rules.pipeline import ReleaseState, Step, Way
from cairn.observatory.rules.protecting import (
    ALL,
    Grouping,
    How,
    area_columns,
    check_size,
    wanted_groupings,
)
from cairn.observatory.rules.records import series_record
from cairn.observatory.rules.series import Series, check_series
from cairn.oversight.actions.alerts import tell as tell_people
from cairn.vault import blind, scratch

# Words of what is stored and hashed; pages show them in the language of whoever looks.
STORED_LANGUAGE = "en"
COARSE = 10
Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a step made. `content`: its hash; `summary`: what people may read of it."""

    content: str
    summary: Mapping[str, Any]
    packed: bytes | None = None
    payload: Mapping[str, Any] | None = None
    verdict: Verdict | None = None


def secret() -> bytes:
    """The secret of the persons' numbers: made by the key store from a key of its own.

    It never stands in the database of records. Raises RootError.
    """
    return bytes.fromhex(blind.index(Zone.STATISTICS, "statistics", "persons in releases"))


def build(actor: Actor, release_id: UUID, *, how: How = ALL, tell: Tell | None = None) -> Release:
    """Take all steps that are still to be taken.

    Raises RuleBroken; what stopped it is noted at the release as well.
    """
    release: Release = Release.objects.get(pk=release_id)
    while release.is_building:
        step = next(step for step, state in rules.BEFORE.items() if state == release.state)
        if tell is not None:
            tell(step)
        try:
            release = take(actor, release, step, how=how)
        except RuleBroken as refusal:
            _note(release, refusal)
            raise
    return release


def _note(release: Release, refusal: RuleBroken) -> None:
    said = {
        "code": refusal.code,
        "message": str(refusal.message),
        "remedy": str(refusal.remedy),
    }
    Release.objects.filter(pk=release.pk).update(trouble=said)


def take(actor: Actor, release: Release, step: Step, *, how: How = ALL) -> Release:
    """Take one step, or look whether it would still come out the same.

    Raises RuleBroken, also ("observatory.changed-records") when it was taken before and comes
    out otherwise now.
    """
    rules.check_step(release.state, step)
    with override(STORED_LANGUAGE):
        made = _MAKERS[step](release, how)
    return _keep(actor, release.pk, step, made)


def _extract(release: Release, how: How) -> Made:
    source = sources.source(release.source)
    series = sources.checked_series(release.source)
    frozen = read(source, series, release)
    content = frozen.digest()
    _check_not_revised(release, content)
    counted = len(frozen) - len(frozen) % COARSE
    return Made(
        content,
        {
            "records": counted,
            "series": series_record(series)["name"],
            "completeness": [
                {"name": str(name), "reported": reported, "expected": expected}
                for name, reported, expected in source.completeness(release.period)
            ],
        },
        packed=stored.pack_extract(frozen),
    )


def read(source: sources.Source, series: Series, release: Release) -> Extract:
    """The persons of the period, read twice: what changes meanwhile is noticed.

    Raises RuleBroken: "observatory.changing", "observatory.person-twice", and those of freezing.
    """
    first = _frozen(series, list(source.rows(release.period)))
    again = _frozen(series, list(source.rows(release.period)))
    if first.digest() != again.digest():
        raise RuleBroken(
            "observatory.changing",
            _("Records changed while the extract was taken."),
            _("Take it again when nobody is entering or correcting records of this period."),
        )
    return first


def _frozen(series: Series, rows: Sequence[sources.Row]) -> Extract:
    check_series(series)
    once: dict[str, tuple[str, ...]] = {}
    names = [each.name for each in series.dimensions]
    for person, codes in rows:
        if set(codes) != set(names):
            raise RuleBroken(
                "observatory.extract",
                _("A record of the source has other columns than the series says."),
                _("The source and its series have to be brought together first."),
            )
        values = tuple(codes[name] for name in names)
        if once.setdefault(person, values) != values:
            raise RuleBroken(
                "observatory.person-twice",
                _("A person stands in two categories at once, so that sums would not be right."),
                _("The source has to say which one counts."),
            )
    if not once:
        raise cube.empty_extract()
    columns = {name: [row[at] for row in once.values()] for at, name in enumerate(names)}
    persons = list(once)
    if len(persons) <= small.MOST_RECORDS:
        return stored.in_order(small.freeze(series, persons, columns, secret=secret()))
    check_installed()
    return stored.in_order(extract.freeze(series, persons, columns, secret=secret()))


def _check_not_revised(release: Release, content: str) -> None:
    """A period that went out is never counted anew: what came late enters with the year."""
    same = Artefact.objects.filter(
        release__in=_published().filter(
            source=release.source,
            period_first=release.period_first,
            period_last=release.period_last,
        ),
        step=Step.EXTRACT,
    ).exclude(release=release)
    for earlier in same.select_related("release"):
        if earlier.content != content:
            raise RuleBroken(
                "observatory.revised",
                _("This period went out as %(code)s, and its records have changed since.")
                % {"code": earlier.release.code},
                _("No figure is revised: what came late is counted with the year."),
            )


def _published() -> Any:
    return Release.objects.filter(state__in=(ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN))


def _cube(release: Release, how: How) -> Made:
    frozen = stored.unpack_extract(_opened(release, Step.EXTRACT))
    if release.is_merged:
        frozen = _with_merged_areas(frozen, release, how)
    wanted = wanted_groupings(frozen.series, release.way, columns(release))
    check_size(frozen.series, release.way, wanted)
    if len(frozen) <= small.MOST_RECORDS:
        found = small.count(frozen, wanted)
    else:
        check_installed()
        found = cube.count(frozen, wanted)
    return Made(
        stored.cube_digest(found),
        {"groupings": [list(each) for each in wanted], "merged": release.is_merged},
        packed=stored.pack_cube(found),
    )


def columns(release: Release) -> list[Grouping]:
    return [tuple(names) for names in release.columns]


def _with_merged_areas(frozen: Extract, release: Release, how: How) -> Extract:
    """Areas of too few persons are put together, before anything is counted."""
    chosen = {name for names in release.columns for name in names}
    for name in area_columns(frozen.series):
        if name in chosen:
            frozen = _merge(frozen, name, how)
    return frozen


def _merge(frozen: Extract, name: str, how: How) -> Extract:
    dimension = frozen.series.by_name[name]
    counts = small.by_leaf(frozen, name)
    shorter, becomes = merged(dimension, counts, how.wanted.of([dimension]))
    return small.recoded(frozen, shorter, becomes)


def _protect(release: Release, how: How) -> Made:
    counts: Cube = stored.unpack_cube(_opened(release, Step.CUBE))
    protect = protected_cube if release.way == Way.CUBE else protected_tables
    payload, found = protect(counts, how)
    taken = Artefact.objects.get(release=release, step=Step.EXTRACT)
    payload |= {
        "release": release.code,
        "title": release.title,
        "reference_date": _day(release),
        "period": {
            "since": release.period_first.isoformat(),
            "until": release.period_last.isoformat(),
        },
        "completeness": taken.summary["completeness"],
        "quality": quality_record(payload, found),
    }
    summary = {"quality": payload["quality"], "protection": payload["protection"]}
    return Made(rules.digest(payload), summary, payload=payload)


def _day(release: Release) -> str:
    """The day on which the extract was frozen."""
    return timezone.localdate(release.reference_at).isoformat() if release.reference_at else ""


def _attack(release: Release, how: How) -> Made:
    protected = Artefact.objects.get(release=release, step=Step.PROTECT)
    payload = protected.payload
    this = issued(release, payload or {})
    try:
        verdict = attacked(this, linked(release), how)
    except RuleBroken as refusal:
        if refusal.code != "observatory.contradiction":
            raise
        verdict = Verdict(({"kind": "contradiction"},), 0, 0)
    summary = verdict.record()
    return Made(rules.digest(summary), summary, verdict=verdict)


def issued(release: Release, payload: Mapping[str, Any], digest: str = "") -> Issued:
    """A release as the attack gets it."""
    is_once = sources.source(release.source).is_once
    return Issued(release.code, release.population, release.period, payload, digest, is_once)


def linked(release: Release) -> list[Issued]:
    """Every release of the same source that went out about some of the same days.

    And what shares days with these: the other quarters of a year tell of the one that is left.
    """
    rows = Published.objects.filter(release__source=release.source).exclude(release=release)
    others = list(rows.select_related("release").order_by("release__code"))
    found: list[Published] = []
    periods = [release.period]
    while fresh := [
        each
        for each in others
        if each not in found and any(each.release.period.meets(one) for one in periods)
    ]:
        found += fresh
        periods += [each.release.period for each in fresh]
    return [
        issued(each.release, each.payload, each.digest)
        for each in sorted(found, key=lambda one: one.release.code)
    ]


def _opened(release: Release, step: Step) -> bytes:
    """What an earlier step sealed. Raises RuleBroken("observatory.wiped")."""
    found = Artefact.objects.get(release=release, step=step)
    if found.sealed is None or release.work_key is None:
        raise RuleBroken(
            "observatory.wiped",
            _("The extract of this release was wiped: its time was over."),
            _("Refuse this release and begin a new one."),
        )
    return scratch.unseal(release.work_key, bytes(found.sealed), _place(release.pk, step))


def _place(release: UUID, step: Step) -> str:
    return f"{release} {step.value}"


def _keep(actor: Actor, release_id: UUID, step: Step, made: Made) -> Release:
    """Store what a step made, with the state that follows it, unless another one was first."""
    work_key = None
    if made.packed is not None and not Release.objects.exclude(work_key=None).filter(pk=release_id):
        work_key = scratch.new_key(Zone.STATISTICS)
    with transaction.atomic():
        release: Release = Release.objects.select_for_update().get(pk=release_id)
        before = list(Artefact.objects.filter(release=release).order_by("number"))
        known = {each.step: each for each in before}
        earlier = [
            each for each in before if rules.STEPS.index(each.step) < rules.STEPS.index(step)
        ]
        previous = earlier[-1].digest if earlier else rules.START
        summary = dict(made.summary)
        digest = rules.artefact_digest(release.code, step, previous, made.content, summary)
        if step in known:
            if known[step].digest != digest:
                raise RuleBroken(
                    "observatory.changed-records",
                    _("This step comes out otherwise than when it was taken."),
                    _("What was frozen then stands; nothing was stored."),
                )
            return release
        if release.state != rules.BEFORE[step]:
            rules.check_step(release.state, step)
        if release.work_key is None and work_key is not None:
            release.work_key = work_key
        _store(release, step, len(before) + 1, previous, digest, made)
        _move(actor, release, step, made)
        audit.record(actor, f"release.{_PAST[step]}", release, digest=digest)
    if release.is_over:
        wipe(release.pk)
    return release


_PAST = {
    Step.EXTRACT: "extracted",
    Step.CUBE: "counted",
    Step.PROTECT: "protected",
    Step.ATTACK: "attacked",
}


def _store(
    release: Release, step: Step, number: int, previous: str, digest: str, made: Made
) -> None:
    sealed = None
    if made.packed is not None and release.work_key is not None:
        sealed = scratch.seal(release.work_key, made.packed, _place(release.pk, step))
    Artefact.objects.create(
        release=release,
        step=step,
        number=number,
        content=made.content,
        digest=digest,
        previous=previous,
        made_at=clock.now(),
        summary=dict(made.summary),
        sealed=sealed,
        payload=made.payload,
    )


def _move(actor: Actor, release: Release, step: Step, made: Made) -> None:
    release.state = rules.AFTER[step]
    if step == Step.EXTRACT:
        release.reference_at = clock.now()
    if made.verdict is not None and not made.verdict.passes:
        release.state = ReleaseState.REFUSED
        release.ended_at, release.ended_by = clock.now(), actor.user_id
    release.trouble = {}
    lend_hands(release, actor.user_id)
    release.save(
        update_fields=[
            *("state", "reference_at", "work_key", "builders"),
            *("ended_at", "ended_by", "trouble"),
        ]
    )
    if release.state == ReleaseState.ATTACKED:
        able = holders(Permission.STATISTICS_SIGN)
        signers = sorted((each for each in able if not release.had_hands_of(each)), key=str)
        tell_people(signers, "release.waits", release.pk, release=release.code)


def lend_hands(release: Release, user: UUID | None) -> None:
    """Whoever has a step taken is a builder as whoever began it, and does not sign."""
    if user is not None and str(user) not in release.builders:
        release.builders = [*release.builders, str(user)]


def wipe(release_id: UUID) -> None:
    """Destroy the key of extract and exact counts, and empty what it sealed. Safe to repeat.

    Of a refused release the protected figures go as well: small groups may be found in them.
    """
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release_id)
        Artefact.objects.filter(release=release).update(sealed=None)
        if release.state == ReleaseState.REFUSED:
            Artefact.objects.filter(release=release).update(payload=None)
        release.wiped_at = release.wiped_at or clock.now()
        release.save(update_fields=["wiped_at"])
        if release.work_key is not None:
            transaction.on_commit(partial(_destroy, release.pk, release.work_key))


def _destroy(release_id: UUID, key: UUID) -> None:
    """The release names its key until that is gone: a kill in between leaves it to the round."""
    scratch.wipe(key)
    Release.objects.filter(pk=release_id, work_key=key).update(work_key=None)


_MAKERS: Mapping[Step, Callable[[Release, How], Made]] = {
    Step.EXTRACT: _extract,
    Step.CUBE: _cube,
    Step.PROTECT: _protect,
    Step.ATTACK: _attack,
}
