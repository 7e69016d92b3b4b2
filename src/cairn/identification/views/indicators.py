"""Editions of signs: the list, one edition with its signs, its file, and two side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.language import language
from cairn.core.tables import write_csv
from cairn.identification.indicatorbank import lists as bank
from cairn.identification.indicatorbank import wording as words
from cairn.identification.indicatorbank.delphi import Dimension, Weight
from cairn.identification.indicatorbank.guidance import Kind
from cairn.identification.indicatorbank.lists import SignRow, SourceList
from cairn.identification.models import IndicatorEdition
from cairn.identification.queries import indicators as queries
from cairn.identification.queries import indicators_pages as pages
from cairn.identification.queries.indicators_pages import Difference, Filters
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.identification.rules.indicators import EditionState
from cairn.identification.wording.indicators import SENTENCES
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.ui.pages import page_of

PER_PAGE = 50


@never_cache
@require_safe
@needs(Permission.INDICATOR_VIEW)
def editions(request: ActorRequest) -> HttpResponse:
    """Every edition, the newest first, and which one phones have."""
    in_force = queries.edition_in_force()
    found = pages.editions(request.actor)
    may_edit = request.actor.may(Permission.INDICATOR_EDIT)
    shown = ListPage(
        heading=_("Signs"),
        lead=_("What officers look for on the phone. In use now: edition %(code)s.")
        % {"code": in_force.code},
        columns=[_("Edition"), _("State"), _("Since"), _("Signs"), _("What it rests on")],
        empty=(
            _("No edition was entered here"),
            _("Phones use the edition that Cairn ships until another one is published."),
        ),
        actions=[(reverse("identification:indicator-edition-new"), _("Make a new edition"))]
        if may_edit
        else [],
        template="identification/indicators.html",
        more={
            "may_take_shipped": may_edit and not found.filter(code=bank.SHIPPED).exists(),
            "shipped": bank.SHIPPED,
        },
    )
    return list_page(request, shown, found, lambda rows: [_edition_cells(row) for row in rows])


def _edition_cells(row: Any) -> list[Cell]:
    return [
        lists.code(row.code, href=row.get_absolute_url()),
        lists.state(row.state, EditionState(row.state).label),
        lists.clock_cell(row.since),
        lists.number(row.sign_count),
        lists.text(row.source),
    ]


@never_cache
@require_safe
@needs(Permission.INDICATOR_VIEW)
def edition(request: ActorRequest, code: str) -> HttpResponse:
    """One edition: its signs by list, setting and profile, how many phones show, its history."""
    found = pages.find_edition(request.actor, code)
    filters = Filters.from_query(request.GET)
    page = page_of(pages.signs(request.actor, found, filters), request, per_page=PER_PAGE)
    rows = [each.as_row() for each in found.indicators.all()]
    may_edit = request.actor.may(Permission.INDICATOR_EDIT)
    is_draft = found.state == EditionState.DRAFT
    others = pages.editions(request.actor).exclude(pk=found.pk).values_list("code", flat=True)
    context = {
        "edition": found,
        "state": EditionState(found.state),
        "is_in_force": queries.edition_in_force().code == found.code,
        "page": page,
        "signs": [_shown(each.as_row(), language()) for each in page.rows],
        "choices": _choices(filters),
        "is_filtered": any(choice.value for choice in _choices(filters)),
        "counts": _counts(rows),
        "fewest": bank.FEWEST_SHOWN,
        "most": bank.MOST_SHOWN,
        "languages": sorted({each for row in rows for each in row.texts}),
        "others": list(others[:50]),
        "may_change": may_edit and is_draft,
        "may_publish": may_edit and is_draft and str(request.actor.user_id) not in found.authors,
        "may_withdraw": may_edit and found.state == EditionState.PUBLISHED,
        "history": pages.history(request.actor, found, SENTENCES),
    }
    return render(request, "identification/indicators_edition.html", context)


def _choices(filters: Filters) -> list[Choice]:
    return [
        Choice("list", _("List"), filters.source_list, SourceList.choices),
        Choice("setting", _("Setting"), filters.setting, Setting.choices),
        Choice("profile", _("Officer"), filters.profile, WorkerProfile.choices),
        Choice(
            "kind",
            _("What it speaks of"),
            filters.kind,
            [(kind.value, label) for kind, label in words.KINDS.items()],
        ),
    ]


def _shown(row: SignRow, reader: str) -> dict[str, Any]:
    """A sign in the reader's language. `lang`: the language that its words are in."""
    lang = reader if reader in row.texts else bank.SOURCE_LANGUAGE
    return {
        "row": row,
        "lang": lang,
        "text": row.texts.get(lang, ""),
        "next": queries.worded(row.nexts, reader),
        "kind": words.KINDS[Kind(row.kind)],
        "list": SourceList(row.source_list).label,
        "dimension": words.DIMENSIONS[Dimension(row.dimension)] if row.dimension else "",
        "adult": words.WEIGHTS.get(Weight(row.adult), "–"),
        "child": words.WEIGHTS.get(Weight(row.child), "–"),
        "is_shown": row.source_list in {SourceList.FIELD, SourceList.LOCAL},
        "settings": [Setting(each).label for each in row.settings],
        "profiles": [WorkerProfile(each).label for each in row.profiles],
    }


def _counts(rows: list[SignRow]) -> list[dict[str, Any]]:
    """For each setting the fewest and the most signs that any officer is shown there."""
    counts = bank.counts_shown(rows)
    shown = []
    for setting in Setting:
        there = [counts[(setting.value, profile)] for profile in WorkerProfile.values]
        shown.append(
            {
                "label": setting.label,
                "fewest": min(there),
                "most": max(there),
                "is_fine": min(there) >= bank.FEWEST_SHOWN and max(there) <= bank.MOST_SHOWN,
            }
        )
    return shown


@never_cache
@require_safe
@needs(Permission.INDICATOR_VIEW)
def export(request: ActorRequest, code: str) -> HttpResponse:
    """All signs of an edition as a file that can be brought back as a draft."""
    found = pages.find_edition(request.actor, code)
    rows = [each.as_row() for each in found.indicators.all()]
    header = bank.columns_for(rows)
    lines = write_csv(header, (bank.cells_of(row, header) for row in rows), bom=True)
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="edition-{found.code}.csv"'
    return response


@never_cache
@require_safe
@needs(Permission.INDICATOR_VIEW)
def compare(request: ActorRequest, code: str) -> HttpResponse:
    """What is not the same in an edition and in an earlier one (`?with=`)."""
    found = pages.find_edition(request.actor, code)
    given = request.GET.get("with", "") or found.based_on or queries.edition_in_force().code
    try:
        other = queries.edition_called(given)
    except IndicatorEdition.DoesNotExist:
        other = queries.edition_in_force()
    after = [each.as_row() for each in found.indicators.all()]
    differences = pages.compare(other.signs, after)
    page = page_of(differences, request, per_page=PER_PAGE)
    context = {
        "edition": found,
        "other": other.code,
        "count": len(differences),
        "page": page,
        "differences": [_difference(each, language()) for each in page.rows],
    }
    return render(request, "identification/indicators_compare.html", context)


def _difference(found: Difference, reader: str) -> dict[str, Any]:
    labels = {
        "added": _("Added"),
        "removed": _("Taken out"),
        "changed": _("Changed"),
    }
    fields = {
        "texts": _("wording"),
        "nexts": _("what is asked next"),
        "settings": _("settings"),
        "profiles": _("officers"),
        "adult": _("weight for adults"),
        "child": _("weight for children"),
        "is_asked": _("seen or asked"),
        "stands_for": _("what it stands for"),
        "kind": _("what it speaks of"),
        "source_list": _("list"),
        "dimension": _("dimension"),
    }
    return {
        "code": found.code,
        "what": labels[found.what],
        "fields": ", ".join(fields[each] for each in found.fields),
        "before": queries.worded(found.before.texts, reader) if found.before else "",
        "after": queries.worded(found.after.texts, reader) if found.after else "",
    }
