"""Releases of statistics: the list, one with its steps, its figures, the ledger."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.observatory import sources
from cairn.observatory.actions import ledger as chain
from cairn.observatory.models import LedgerEntry, Release
from cairn.observatory.queries import releases as queries
from cairn.observatory.rules.pipeline import ReleaseState, Step
from cairn.observatory.wording import SENTENCES
from cairn.oversight.queries.people import names
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.ui.charts.bars import Bar, fluid_bar_chart

# Figures are shown to those who sign as soon as the attack has passed, and never before.
SHOWN = frozenset(
    {
        ReleaseState.ATTACKED,
        ReleaseState.SIGNED,
        ReleaseState.PUBLISHED,
        ReleaseState.WITHDRAWN,
    }
)
MOST_BARS = 25
MOST_ROWS = 400


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
def releases(request: ActorRequest) -> HttpResponse:
    """All releases, newest first."""
    state, source = request.GET.get("state", ""), request.GET.get("source", "")
    may_build = request.actor.may(Permission.STATISTICS_BUILD)
    actions = [(reverse("observatory:release-new"), _("Begin a release"))] if may_build else []
    actions.append((reverse("observatory:release-ledger"), _("Ledger")))
    shown = ListPage(
        heading=_("Releases of statistics"),
        lead=_(
            "Each is frozen, counted, protected and attacked by the machine; then two persons "
            "sign it, neither of them its builder."
        ),
        columns=[_("Release"), _("Title"), _("What is counted"), _("Period"), _("State")],
        empty=(
            _("No release here"),
            _("Whoever builds statistics begins one when a quarter or a year is over."),
        ),
        actions=actions,
        choices=[
            Choice("state", _("State"), state, ReleaseState.choices),
            Choice(
                "source",
                _("What is counted"),
                source,
                [(each.code, each.label) for each in sources.sources()],
            ),
        ],
        clear_href=reverse("observatory:releases"),
    )
    found = queries.listed(request.actor, state, source)
    return list_page(request, shown, found, lambda rows: [_cells(row) for row in rows])


def _cells(release: Release) -> list[Cell]:
    return [
        lists.code(release.code, href=release.get_absolute_url()),
        lists.text(release.title),
        lists.text(queries.source_label(release.source)),
        lists.text(queries.period_words(release.period)),
        lists.state(f"release_{release.state}", release.get_state_display()),
    ]


@never_cache
@require_safe
@signed_in
def release(request: ActorRequest, code: str) -> HttpResponse:
    """One release: its steps, what the attack found, what protection cost, who signed."""
    found = queries.find(request.actor, code)
    steps = queries.artefacts(request.actor, found)
    signed = queries.signatures(request.actor, found)
    protect, attack = steps.get(Step.PROTECT), steps.get(Step.ATTACK)
    payload = protect.payload if protect else None
    words = queries.series_of(found, payload)
    is_shown = found.state in SHOWN
    builder = names([found.made_by, found.ended_by])
    context: dict[str, Any] = {
        "release": found,
        "source": queries.source_label(found.source),
        "period": queries.period_words(found.period),
        "columns": queries.column_words(found),
        "state": f"release_{found.state}",
        "stones": queries.stones(found, steps, len(signed)),
        "steps": [(step.label, steps.get(step)) for step in Step],
        "quality": protect.summary["quality"] if protect else None,
        "protection": protect.summary["protection"] if protect else None,
        "completeness": payload["completeness"] if payload else [],
        "attack": attack.summary if attack else None,
        "findings": queries.findings(found, attack.summary, words) if attack else [],
        "more_findings": _more(attack.summary) if attack else 0,
        "signed": signed,
        "builder": builder[found.made_by],
        "ended_by": builder.get(found.ended_by, ""),
        "history": queries.history(found, SENTENCES),
        "is_shown": is_shown,
    }
    if is_shown and payload:
        context |= _chart(found, payload)
    return render(
        request, "observatory/release.html", context | _may(request.actor, found, len(signed))
    )


def _may(actor: Actor, release: Release, signed: int) -> dict[str, bool]:
    signs = actor.may(Permission.STATISTICS_SIGN)
    builds = actor.may(Permission.STATISTICS_BUILD)
    return {
        "may_build": builds and release.is_building,
        "may_sign": signs
        and release.state == ReleaseState.ATTACKED
        and not release.had_hands_of(actor.user_id),
        "may_publish": (builds or signs) and release.state == ReleaseState.SIGNED,
        "may_refuse": (builds or signs) and not release.is_over,
        "may_withdraw": signs and release.state == ReleaseState.PUBLISHED,
        "is_own": release.had_hands_of(actor.user_id),
    }


def _more(summary: Mapping[str, Any]) -> int:
    found = summary["exact"] + summary["differences"] + summary["printed"]
    return max(0, int(found) - len(summary["findings"]))


def _chart(release: Release, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Share of cells that are shown, by table."""
    live = queries.live_series(release.source)
    labels = {each.name: str(each.label) for each in live.dimensions} if live else {}
    rows = queries.trade_off(payload, labels)
    bars = [
        Bar(label, shown, share=shown / cells if cells else 0.0, second=cells - shown)
        for label, cells, shown in rows[:MOST_BARS]
    ]
    drawn = fluid_bar_chart(
        bars,
        title=_("Cells shown and hidden, by columns"),
        description=_("One bar for each table: cells that are shown, then those that are hidden."),
        value_label=_("Shown"),
        second_label=_("Hidden"),
        unit="",
        language=language(),
        direction="rtl" if get_language_bidi() else "ltr",
    )
    table = [(label, cells, shown, cells - shown) for label, cells, shown in rows]
    return {"chart": drawn, "trade_off": table}


@never_cache
@require_safe
@signed_in
def figures(request: ActorRequest, code: str) -> HttpResponse:
    """The figures as they would go out, for those who sign; not before the attack has passed."""
    found = queries.find(request.actor, code)
    if found.state not in SHOWN:
        raise Http404
    payload = queries.artefacts(request.actor, found)[Step.PROTECT].payload or {}
    chosen = queries.cells_of(payload, request.GET.get("by", ""))
    words = queries.series_of(found, payload)
    live = queries.live_series(found.source)
    labels = {each["name"]: each["label"] for each in payload["series"]["dimensions"]}
    labels |= {each.name: str(each.label) for each in live.dimensions} if live else {}
    cells = [
        (
            [
                (labels[name], words.get((name, part), part))
                for name, part in zip(chosen["by"], each["at"], strict=True)
            ],
            each["value"],
        )
        for each in chosen["cells"][:MOST_ROWS]
    ]
    context = {
        "release": found,
        "groupings": [
            (
                ",".join(each["by"]),
                " × ".join(labels[name] for name in each["by"]) or _("everybody"),
            )
            for each in payload["groupings"]
        ],
        "chosen": ",".join(chosen["by"]),
        "heads": [labels[name] for name in chosen["by"]],
        "cells": cells,
        "left_out": max(0, len(chosen["cells"]) - MOST_ROWS),
    }
    return render(request, "observatory/release_figures.html", context)


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
def ledger(request: ActorRequest) -> HttpResponse:
    """What went out and what was withdrawn; the chain is verified each time."""
    verdict = chain.verify()
    shown = ListPage(
        heading=_("Ledger of releases"),
        lead=_(
            "Every release is attacked together with all that stand here, withdrawn ones "
            "included: what was read once is known."
        ),
        columns=[_("Number"), _("Release"), _("What happened"), _("When"), _("Figures"), _("Hash")],
        empty=(_("Nothing went out yet"), _("The first release that is published begins it.")),
        crumbs=[(reverse("observatory:releases"), _("Releases of statistics"))],
        template="observatory/release_ledger.html",
        more={"verdict": verdict},
    )
    return list_page(
        request, shown, queries.ledger(request.actor), lambda rows: [_entry(row) for row in rows]
    )


def _entry(entry: LedgerEntry) -> list[Cell]:
    words = {"published": _("went out"), "withdrawn": _("was withdrawn")}
    return [
        lists.number(entry.number),
        lists.code(entry.release.code, entry.release.title, href=entry.release.get_absolute_url()),
        lists.text(words.get(entry.event, entry.event)),
        lists.clock_cell(entry.at),
        lists.number(entry.figures),
        lists.code(entry.hash[:12]),
    ]
