"""The registry of practices, open to everybody: list, one practice, the registry as a file."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.library import exports
from cairn.library.models import Practice
from cairn.library.offers import offered
from cairn.library.queries import practices as queries
from cairn.library.queries.practices import ASKED, Filters
from cairn.library.rules.practices import LISTS, PracticeState, PracticeType
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.ui.pages import changed_query
from cairn.ui.templatetags.ui import listed


def is_writer(actor: Actor) -> bool:
    """True for those who see drafts."""
    return actor.may(Permission.DOCUMENT_EDIT) or actor.may(Permission.DOCUMENT_PUBLISH)


@require_safe
def practices(request: ActorRequest) -> HttpResponse:
    """What is in the registry; for staff also drafts and what waits for review."""
    filters = Filters.from_query(request.GET)
    is_staff = is_writer(request.actor)
    waits = queries.waiting(request.actor) if request.actor.may(Permission.DOCUMENT_PUBLISH) else 0
    shown = ListPage(
        heading=_("Practices"),
        lead=_(
            "What organisations did for people on the move in conflicts and disasters, and what "
            "others can learn from it."
        ),
        columns=[_("Practice"), _("Type"), _("Countries"), _("Phase")]
        + ([_("State")] if is_staff else []),
        empty=(_("No practice here"), _("Remove a filter, or look at the whole registry.")),
        actions=[(reverse("library:practice-new"), _("Describe a practice"))]
        if request.actor.may(Permission.DOCUMENT_EDIT)
        else [],
        choices=_choices(filters, is_staff=is_staff),
        clear_href=reverse("library:practices"),
        template="library/practices.html",
        more={
            "files": _files(request),
            "waits": _waiting_words(waits),
            "waits_href": reverse("library:practices") + f"?state={PracticeState.IN_REVIEW}",
        },
    )
    found = queries.practices(request.actor, filters)
    return list_page(
        request, shown, found, lambda rows: [_cells(row, is_staff=is_staff) for row in rows]
    )


def _waiting_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)d practice waits for your review.",
        "%(count)d practices wait for your review.",
        count,
    ) % {"count": count}


def _choices(filters: Filters, *, is_staff: bool) -> list[Choice]:
    labels = {
        "stakeholder": _("Stakeholder"),
        "crisis": _("Type of crisis"),
        "phase": _("Phase of the crisis"),
        "guideline": _("Guideline"),
    }
    countries = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    choices = [
        Choice("q", _("Search"), filters.words),
        Choice("type", _("Type"), filters.type, PracticeType.choices),
        Choice(
            "country", _("Country"), filters.country, sorted(countries, key=lambda pair: pair[1])
        ),
    ]
    for name, label in labels.items():
        choices.append(Choice(name, label, getattr(filters, name), ASKED[name][1].choices))
    if is_staff:
        choices.append(Choice("state", _("State"), filters.state, PracticeState.choices))
    return choices


def _files(request: ActorRequest) -> list[dict[str, str]]:
    query = changed_query(request.GET, {"page": None, "state": None})
    return [
        {
            "href": reverse("library:practices-export", args=[kind]) + query,
            "label": _("These practices"),
            "format": kind.upper(),
        }
        for kind in exports.KINDS
    ]


def _cells(practice: Practice, *, is_staff: bool) -> list[Cell]:
    cells = [
        lists.text(practice.title, href=practice.get_absolute_url()),
        lists.text(practice.get_type_display()),
        lists.text(listed(country_names(practice.countries))),
        lists.text(listed(words_of(practice, "crisis_phases"))),
    ]
    if is_staff:
        cells.append(lists.state(*badge(practice)))
    return cells


def badge(practice: Practice) -> tuple[str, str]:
    """(code of a badge, words)."""
    return f"practice_{practice.state.replace('-', '_')}", practice.get_state_display()


def country_names(codes: Sequence[str]) -> list[str]:
    """Names of countries in the reader's language, in their order."""
    return sorted(geography.country_name(code, language()) for code in codes)


def words_of(practice: Practice, name: str) -> list[Any]:
    """The words of one of a practice's lists, in the order of the form."""
    held = getattr(practice, name)
    return [label for value, label in LISTS[name].choices if value in held]


@require_safe
def practice(request: ActorRequest, code: str) -> HttpResponse:
    """One practice, in the parts of the form."""
    found = _found(request, code)
    actor, is_staff = request.actor, is_writer(request.actor)
    is_own = str(actor.user_id) in found.writers
    state = found.state
    versions = queries.versions(actor, found)
    may_edit, may_publish = (
        actor.may(Permission.DOCUMENT_EDIT),
        actor.may(Permission.DOCUMENT_PUBLISH),
    )
    later = [each for each in versions if each.replaces_id == found.pk]
    badge_code, badge_label = badge(found)
    context = {
        "practice": found,
        "state": badge_code,
        "state_label": badge_label,
        "is_staff": is_staff,
        "countries": country_names(found.countries),
        "lists": {name: words_of(found, name) for name in LISTS},
        "later": later,
        "before": next((each for each in versions if each.pk == found.replaces_id), None),
        "writers": queries.written_by(found) if is_staff else [],
        "files": offered("practice", found.code) if state == PracticeState.PUBLISHED else [],
        "may_change": may_edit and state == PracticeState.DRAFT,
        "may_decide": may_publish and not is_own and state == PracticeState.IN_REVIEW,
        "waits_for_others": is_own and state == PracticeState.IN_REVIEW,
        "may_renew": may_edit and state == PracticeState.PUBLISHED and not later,
        "may_withdraw": may_publish
        and state not in {PracticeState.WITHDRAWN, PracticeState.REPLACED},
    }
    return render(request, "library/practice.html", context)


def _found(request: ActorRequest, code: str) -> Practice:
    try:
        return queries.find_practice(request.actor, code)
    except Practice.DoesNotExist:
        raise Http404 from None


@require_safe
@limited("export", per_minute=30, per_hour=300)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The registry as a file: what is published, as everybody sees it."""
    if kind not in exports.KINDS:
        raise Http404
    return exports.answer(kind, "practices", exports.practices(request.GET))
