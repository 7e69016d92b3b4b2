"""Published figures as files in the layouts in which States report."""

from collections.abc import Callable
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.core.tables import write_csv
from cairn.observatory.actions.indicators import give_lines
from cairn.observatory.engine import synthetic
from cairn.observatory.exports import indicators as exports
from cairn.observatory.forms.indicators import GiveForm
from cairn.observatory.queries import indicators as queries
from cairn.observatory.queries import published
from cairn.observatory.rules.indicators import role_of
from cairn.observatory.rules.publication import Publication
from cairn.ui.forms import add_refusal, status_of

# Enough to try out a program on; drawn in about a second.
MOST_INVENTED = 50_000


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
def layouts(request: ActorRequest) -> HttpResponse:
    """What was published, and in which layouts it can be taken."""
    listed = published.published(request.actor)
    found = _chosen(request) if listed else None
    return _page(request, listed, found, _form(found) if found else None)


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
@limited("export", per_minute=30, per_hour=300)
def file(request: ActorRequest, layout: str) -> HttpResponse:
    """GLOTIP or SDG 16.2.2 of one release, as CSV. What is not in it is said on the page."""
    if layout not in {"glotip", "sdg-16-2-2"}:
        raise Http404
    found = _chosen(request)
    place = _country(request)
    if layout == "glotip":
        made = exports.glotip(found, place)
    else:
        made = exports.sdg(found, _population(request), place)
    return _csv(made, f"{layout}-{found.code}")


def _population(request: ActorRequest) -> list[exports.Population]:
    return [
        exports.Population(
            each.country, each.year, each.sex, each.age, each.value or Decimal(0), each.source
        )
        for each in queries.population(request.actor)
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.STATISTICS_BUILD)
@limited("export", per_minute=30, per_hour=300, methods=("POST",))
def give(request: ActorRequest) -> HttpResponse:
    """A published table as lines in the layout of CTDC; who takes it is in the audit log."""
    listed = published.published(request.actor)
    found = _chosen(request) if listed else None
    if found is None:
        if request.method == "POST":
            raise Http404
        return _page(request, listed, None, None)
    form = _form(found, request)
    if request.method == "POST" and form.is_valid():
        try:
            made = give_lines(request.actor, found.code, form.cleaned_data["table"].split(","))
        except RuleBroken as refusal:
            add_refusal(form, refusal, "table")
        else:
            return _csv(made, f"ctdc-2021-{found.code}")
    return _page(request, listed, found, form)


@never_cache
@require_safe
@needs(Permission.STATISTICS_VIEW)
@limited("export", per_minute=30, per_hour=300)
def invented(request: ActorRequest) -> HttpResponse:
    """Rows that follow a large release, with their error; with `?file=csv` the rows themselves."""
    listed = published.published(request.actor)
    found = _chosen(request) if listed else None
    refusal: RuleBroken | None = None
    made: synthetic.Synthetic | None = None
    if found is not None:
        try:
            made = synthetic.synthesise(found, rows=MOST_INVENTED)
        except RuleBroken as error:
            refusal = error
    if found is not None and made is not None and request.GET.get("file") == "csv":
        return _csv(exports.File(made.names, list(made.rows)), f"invented-{found.code}")
    context = {
        "listed": listed,
        "found": found,
        "made": made,
        "refusal": refusal,
        "least": synthetic.LEAST_PERSONS,
        "rows": MOST_INVENTED,
    }
    return render(request, "observatory/indicators_invented.html", context)


def _form(found: Publication, request: ActorRequest | None = None) -> GiveForm:
    tables = [
        (",".join(names), ", ".join(found.by_name[name].label for name in names))
        for names in found.groupings
        if names and all(role_of(name) for name in names)
    ]
    if request is not None and request.method == "POST":
        return GiveForm(request.POST, tables=tables)
    return GiveForm(tables=tables)


def _chosen(request: ActorRequest) -> Publication:
    """The release of the address, else the newest. Raises Http404."""
    code = request.GET.get("release", "")
    if not code:
        code = (
            published.published(request.actor)[0].code if published.published(request.actor) else ""
        )
    try:
        return published.find(request.actor, code).publication
    except published.Withdrawn:
        raise Http404 from None


def _country(request: ActorRequest) -> str:
    code = request.GET.get("country", "").upper()
    return code if code in {each.alpha3 for each in geography.countries()} else ""


def _csv(made: exports.File, name: str) -> HttpResponse:
    response = HttpResponse(
        "".join(write_csv(made.columns, made.rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _page(
    request: ActorRequest,
    listed: list[published.Listed],
    found: Publication | None,
    form: GiveForm | None,
) -> HttpResponse:
    place = _country(request)
    context = {
        "listed": listed,
        "found": found,
        "country": place,
        "countries": _countries() if found and not _says_countries(found) else [],
        "files": _files(request, found, place) if found else [],
        "form": form,
        "may_give": request.actor.may(Permission.STATISTICS_BUILD),
    }
    status = status_of(form) if form is not None else 200
    return render(request, "observatory/indicators_layouts.html", context, status=status)


def _says_countries(found: Publication) -> bool:
    return any(role_of(name) == "country" for name in found.names)


def _countries() -> list[tuple[str, str]]:
    named = (
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    )
    return sorted(named, key=lambda pair: pair[1])


def _files(
    request: ActorRequest, found: Publication, place: str
) -> list[tuple[str, str, exports.File | None, str]]:
    """(layout, label, what the file would hold, why there is none)."""
    made: list[tuple[str, str, Callable[[], exports.File]]] = [
        ("glotip", _("UNODC GLOTIP"), lambda: exports.glotip(found, place)),
        (
            "sdg-16-2-2",
            _("SDG 16.2.2, victims per 100,000 of the population"),
            lambda: exports.sdg(found, _population(request), place),
        ),
    ]
    files: list[tuple[str, str, exports.File | None, str]] = []
    for layout, label, build in made:
        try:
            files.append((layout, label, build(), ""))
        except RuleBroken as refusal:
            files.append((layout, label, None, str(refusal)))
    return files
