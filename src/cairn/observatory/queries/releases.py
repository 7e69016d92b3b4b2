"""Releases on their way: the list, one with its steps and what the attack found, the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.observatory import sources
from cairn.observatory.models import Artefact, LedgerEntry, Release, Signature
from cairn.observatory.rules import pipeline as rules
from cairn.observatory.rules.pipeline import Period, ReleaseState, Step
from cairn.observatory.rules.series import Series
from cairn.oversight.queries.people import names
from cairn.ui.formats import date_text

_MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Stone:
    """A step as the row of steps shows it. `state`: done, current, stopped or waiting."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the history."""

    who: str
    what: str
    when: Any
    why: str = ""


def listed(actor: Actor, state: str = "", source: str = "") -> QuerySet[Release]:
    """Releases, newest first, of a state and a source where these are given."""
    rows: QuerySet[Release] = Release.objects.visible_to(actor).order_by("-made_at", "-code")
    if state:
        rows = rows.filter(state=state)
    if source:
        rows = rows.filter(source=source)
    return rows


def find(actor: Actor, code: str) -> Release:
    """Raises Release.DoesNotExist."""
    found: Release = Release.objects.visible_to(actor).get(code=code)
    return found


def artefacts(actor: Actor, release: Release) -> dict[str, Artefact]:
    """Step -> what it left, without what is sealed."""
    rows = Artefact.objects.visible_to(actor).filter(release=release).defer("sealed")
    return {each.step: each for each in rows}


def signatures(actor: Actor, release: Release) -> list[tuple[str, Signature]]:
    """Who signed, by name. Two queries."""
    rows = list(Signature.objects.visible_to(actor).filter(release=release))
    known = names(each.signed_by for each in rows)
    return [(known[each.signed_by], each) for each in rows]


def stones(release: Release, done: Mapping[str, Artefact], signed: int) -> list[Stone]:
    """The way of a release, from its extract to the public."""
    found: list[Stone] = []
    attack = done.get(Step.ATTACK)
    if attack is not None and not attack.summary["passes"]:
        labels = [str(step.label) for step in Step]
        found = [Stone(label, "done") for label in labels[:-1]] + [Stone(labels[-1], "stopped")]
        return [
            *found,
            *(Stone(each, "waiting") for each in (_("Two signatures"), _("Publication"))),
        ]
    is_current = True
    stopped = release.state in {ReleaseState.REFUSED, ReleaseState.WITHDRAWN}
    was_published = release.state in {ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN}
    parts = [(str(step.label), step in done) for step in Step]
    parts.append((_("Two signatures"), signed >= rules.SIGNATURES or was_published))
    parts.append((_("Publication"), was_published))
    for label, is_done in parts:
        state = "done" if is_done else ("current" if is_current else "waiting")
        if not is_done and is_current and stopped:
            state = "stopped"
        is_current = is_current and is_done
        note = _("%(count)d of 2") % {"count": signed} if label == _("Two signatures") else ""
        found.append(Stone(label, state, note))
    return found


def period_words(period: Period) -> str:
    """A quarter or a year in words."""
    if period.is_year:
        return _("year %(year)s") % {"year": period.since.year}
    return _("%(since)s to %(until)s") % {
        "since": date_text(period.since),
        "until": date_text(period.until),
    }


def series_of(release: Release, payload: Mapping[str, Any] | None) -> dict[tuple[str, str], str]:
    """(dimension, code) -> words, in the language of the moment where the source still has them."""
    known: dict[tuple[str, str], str] = {}
    for record in (payload or {}).get("series", {}).get("dimensions", ()):
        for code in record["codes"]:
            known[record["name"], code["code"]] = code["label"]
    live = live_series(release.source)
    for dimension in live.dimensions if live else ():
        for each in dimension.codes:
            known[dimension.name, each.code] = str(each.label)
    return known


def live_series(code: str) -> Series | None:
    """The series of a source, None where it is not registered any more."""
    try:
        return sources.source(code).series()
    except RuleBroken:
        return None


def source_label(code: str) -> str:
    try:
        return str(sources.source(code).label)
    except RuleBroken:
        return code


def column_words(release: Release) -> list[str]:
    """Each table (or the cube) by the names of its columns."""
    live = live_series(release.source)
    labels = {each.name: str(each.label) for each in live.dimensions} if live else {}
    return [" × ".join(labels.get(name, name) for name in each) for each in release.columns]


def findings(release: Release, summary: Mapping[str, Any], words: Mapping[Any, str]) -> list[str]:
    """What the attack found, a sentence each, as a statistics officer would say it."""
    return [_finding(each, words) for each in summary.get("findings", ())]


def _finding(found: Mapping[str, Any], words: Mapping[Any, str]) -> str:
    if found["kind"] == "contradiction":
        return _(
            "This release and one that went out before cannot both be true: records of that "
            "period were changed. Find out why before anything is published."
        )
    few = _("a group of too few persons")
    if found["kind"] == "difference":
        larger, smaller = found["larger"], found["smaller"]
        return _(
            "“%(larger)s” in %(larger_release)s less “%(smaller)s” in %(smaller_release)s leaves "
            "%(few)s, whose number anybody would know exactly."
        ) % {
            "larger": cell_words(larger["at"], words),
            "larger_release": larger["release"],
            "smaller": cell_words(smaller["at"], words),
            "smaller_release": smaller["release"],
            "few": few,
        }
    who = cell_words(found["at"], words)
    if found["kind"] == "printed":
        return _("“%(who)s” would be printed, and is fewer than %(threshold)s persons.") % {
            "who": who,
            "threshold": found["threshold"],
        }
    said = {"who": who, "population": population_words(found["population"])}
    if "earlier" in found:
        return _(
            "“%(who)s”: %(population)s less %(earlier)s leaves fewer than %(threshold)s persons, "
            "whose number anybody would know exactly."
        ) % (
            said | {"earlier": population_words(found["earlier"]), "threshold": found["threshold"]}
        )
    return _(
        "“%(who)s” in %(population)s is hidden, but sums of what is shown tell its number exactly; "
        "it is below %(threshold)s."
    ) % (said | {"threshold": found["threshold"]})


def population_words(population: str) -> str:
    """The days of a population: its source is the same for all that is attacked together."""
    return ", ".join(
        each.strip().partition(" ")[2].replace("/", "–") for each in population.split(",")
    )


def cell_words(at: Sequence[Sequence[str]], words: Mapping[Any, str]) -> str:
    if not at:
        return _("everybody")
    return ", ".join(words.get((name, code), code) for name, code in at)


def trade_off(payload: Mapping[str, Any], words: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """For each grouping: its columns, how many cells it has and how many of them are shown."""
    found = []
    for listed_cells in payload["groupings"]:
        if not listed_cells["by"]:
            continue
        label = " × ".join(words.get(name, name) for name in listed_cells["by"])
        cells = listed_cells["cells"]
        found.append((label, len(cells), sum(each["value"] is not None for each in cells)))
    return found


def history(release: Release, sentences: Mapping[str, Promise]) -> list[Line]:
    """What was done with a release, newest first. Two queries."""
    entries = list(
        AuditEntry.objects.filter(
            subject_type=release._meta.label, subject_id=str(release.pk), code__in=sentences
        ).order_by("-sequence")[:_MOST_TOLD]
    )
    ids = {str(user): user for user in _users(entries)}
    known = names(ids.values())
    return [
        Line(
            known.get(ids.get(each.actor_id), "Cairn"),
            str(sentences[each.code]),
            each.at,
        )
        for each in entries
    ]


def _users(entries: Sequence[AuditEntry]) -> list[Any]:
    return [UUID(each.actor_id) for each in entries if len(each.actor_id) == 36]


def ledger(actor: Actor) -> QuerySet[LedgerEntry]:
    """The ledger, newest first."""
    rows: QuerySet[LedgerEntry] = LedgerEntry.objects.visible_to(actor)
    return rows.select_related("release").order_by("-number")


def cells_of(payload: Mapping[str, Any], by: str) -> Mapping[str, Any]:
    """The grouping that the address asks for (its columns, apart by commas), else the first."""
    known = {",".join(each["by"]): each for each in payload["groupings"]}
    found: Mapping[str, Any] = known.get(by) or payload["groupings"][0]
    return found
