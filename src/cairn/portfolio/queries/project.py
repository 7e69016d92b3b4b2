"""One project as pages, JSON and PDF show it: plain values, only what the reader may see."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    Finding,
    Measurement,
    OutcomeRecord,
    Partner,
    Pledge,
    Project,
)
from cairn.portfolio.queries.listing import sees_whole
from cairn.portfolio.queries.records import (
    Payload,
    country_text,
    dates,
    event_payload,
    finding_payload,
    indicator_payload,
    number,
    outcome_payload,
    request_payload,
)
from cairn.portfolio.rules import Chapter, Publication, Standing, State, Theme


def find_project(actor: Actor, address: str) -> Project:
    """The project at `address`: its reference, or its public id when it is shown reduced.

    One query; the sums are there (`with_money`). Raises Project.DoesNotExist, also for the
    reference of a project whose country is withheld from this actor: the reference may be known
    from elsewhere.
    """
    return _at(actor, address).get()


def find_with_details(actor: Actor, address: str) -> Project:
    """As `find_project`, with all that `payload` reads."""
    return with_details(actor, _at(actor, address)).get()


def _at(actor: Actor, address: str) -> QuerySet[Project]:
    asked = Q(public_id=address)
    if actor.may(Permission.PORTFOLIO_VIEW):
        asked |= Q(reference=address)
    else:
        asked |= Q(reference=address, publication=Publication.PUBLIC)
    return Project.objects.visible_to(actor).with_money().filter(asked)


def with_details(actor: Actor, found: QuerySet[Project]) -> QuerySet[Project]:
    """Fetches all that `payload` reads, in a number of queries that does not grow with rows.

    `found` carries its sums already (`with_money`).
    """
    return found.select_related("programme", "part_of", "source").prefetch_related(
        "places",
        "countries",
        "regions",
        "printed",
        "themes",
        "subjects",
        "components",
        "activities",
        "milestones",
        "offices",
        "documents",
        "phases__budget_lines",
        "budget_lines__phase",
        "parts",
        "mandates__mandate",
        Prefetch("partners", Partner.objects.select_related("organisation")),
        Prefetch(
            "pledges",
            Pledge.objects.visible_to(actor)
            .select_related("donor")
            .prefetch_related("agreements__receipts", "agreements__expenditures")
            .order_by("pledged", "-usd"),
        ),
        Prefetch("events", Event.objects.visible_to(actor)),
        Prefetch(
            "events__outcomes",
            OutcomeRecord.objects.visible_to(actor).filter(project=None),
        ),
        Prefetch("outcomes", OutcomeRecord.objects.visible_to(actor)),
        Prefetch(
            "events__requests",
            AssistanceRequest.objects.visible_to(actor).filter(project=None),
            to_attr="open_requests",
        ),
        Prefetch("requests", AssistanceRequest.objects.visible_to(actor)),
        Prefetch("findings", Finding.objects.visible_to(actor)),
        Prefetch(
            "results__indicators__measurements",
            Measurement.objects.order_by("-period_end", "-pk"),
        ),
    )


def payload(actor: Actor, project: Project) -> Payload:
    """Everything about a project in plain JSON types. Money in US dollars, dates ISO.

    `project` comes from `find_with_details` or `with_details`. Asks no further query.
    """
    if not sees_whole(actor, project):
        return _reduced(project)
    return (
        _money(project) | _texts(actor, project) | _whole(actor, project) | _results(actor, project)
    )


def _money(project: Project) -> Payload:
    pledged: Decimal = project.pledged
    standing = Standing(project.budget_usd, pledged)
    return {
        "budget": number(project.budget_usd),
        "pledged": number(pledged),
        "shortfall": number(standing.shortfall),
        "surplus": number(standing.surplus),
        "funded_share": standing.funded_share,
        "status": {"code": project.state, "label": str(State(project.state).label)},
        "themes": [str(Theme(each.theme).label) for each in project.themes.all()],
        "theme_codes": [each.theme for each in project.themes.all()],
        "chapter": {"code": project.chapter, "label": str(Chapter(project.chapter).label)},
    }


def _reduced(project: Project) -> Payload:
    """What is left when the country is withheld: no name, code, place, partner, donor or text."""
    empty: Payload = {
        name: []
        for name in (
            "parts", "lead_entities", "partners", "regions", "pledges", "components",
            "beneficiaries", "mandates", "offices", "events", "outcomes", "requests",
            "indicators", "findings", "milestones", "documents", "phases", "budget_periods",
            "printed", "subjects",
        )
    }  # fmt: skip
    blank: Payload = {
        name: ""
        for name in (
            "code", "programme", "part_of", "outline", "objectives", "achievements", "impact",
            "region_as_printed", "budget_as_printed", "shortfall_as_printed", "source", "note",
        )
    }  # fmt: skip
    withheld = _("Country withheld for safety")
    return (
        empty
        | blank
        | _money(project)
        | {
            "id": project.public_id,
            "address": project.public_id,
            "title": project.public_title or _("Project, country withheld"),
            "title_language": project.language if project.public_title else language(),
            "duration": {"text": "", "starts": "", "ends": ""},
            "location": {
                "as_printed": "", "countries": [], "groups": [], "undetermined": [],
                "text": withheld,
            },
            "reduced": True,
        }
    )  # fmt: skip


def _texts(actor: Actor, project: Project) -> Payload:
    printed = {each.field: each for each in project.printed.all()}
    parts = project.parts.all()
    # The programme has the code of the project that carries its money.
    is_hidden = project.part_of is not None and not sees_whole(actor, project.part_of)
    return {
        "id": project.reference,
        "address": project.reference,
        "code": project.code,
        "title": project.title,
        "title_language": project.language,
        "outline": project.outline,
        "objectives": project.objectives,
        "achievements": project.achievements,
        "impact": project.impact,
        "beneficiaries": project.beneficiaries,
        "note": project.note,
        "region_as_printed": project.region_as_printed,
        "budget_as_printed": printed["budget"].text if "budget" in printed else "",
        "shortfall_as_printed": _printed_shortfall(printed),
        "source": project.source.title if project.source else "",
        "source_code": project.source.code if project.source else "",
        "source_year": project.source.year if project.source else None,
        "programme": project.programme.code if project.programme and not is_hidden else "",
        "part_of": project.part_of.reference if project.part_of and not is_hidden else "",
        "parts": sorted(part.reference for part in parts if sees_whole(actor, part)),
        "reduced": False,
    }


def _printed_shortfall(printed: dict[str, Any]) -> str:
    figure = printed.get("shortfall")
    if figure is None:
        return ""
    if figure.text or figure.value is None:
        return str(figure.text)
    return f"US$ {figure.value:,.0f}"


def _whole(actor: Actor, project: Project) -> Payload:
    return {
        "lead_entities": _partners(project, {Partner.Role.LEAD}),
        "partners": [
            {
                "name": partner.organisation.display_name,
                "role": partner.get_role_display(),
            }
            for partner in project.partners.all()
            if partner.role != Partner.Role.LEAD
        ],
        "duration": _duration(project),
        "location": _location(project),
        "regions": _regions(project),
        "pledges": [_pledge(pledge, project) for pledge in project.pledges.all()],
        "phases": [
            {
                "number": phase.number,
                "name": phase.name,
                "dates": dates(phase.starts, phase.ends),
                "budget": number(phase.budget),
            }
            for phase in project.phases.all()
        ],
        "budget_periods": [
            {
                "phase": str(line.phase) if line.phase else "",
                "dates": dates(line.starts, line.ends),
                "amount": number(line.amount),
                "currency": line.currency,
                "usd": number(line.usd),
            }
            for line in sorted(project.budget_lines.all(), key=lambda each: each.starts)
            if line.starts or line.ends
        ],
        "components": _components(project),
        "mandates": [
            {"key": each.mandate.code, "title": each.mandate.title, "year": each.mandate.year}
            for each in project.mandates.all()
        ],
        "offices": [
            {
                "kind": office.get_kind_display(),
                "name": office.name,
                "country": country_text(office.country),
            }
            for office in project.offices.all()
        ],
        "milestones": [
            {
                "title": each.title,
                "due": dates(each.due),
                "done": dates(each.done),
            }
            for each in sorted(project.milestones.all(), key=lambda row: row.due or row.done or "~")
        ],
        "documents": [
            {"title": each.title, "kind": each.kind, "language": each.language,
             "dated": each.dated, "address": _followed(each.address)}
            for each in project.documents.all()
        ],
        "subjects": [each.get_subject_display() for each in project.subjects.all()],
        "findings": [finding_payload(each) for each in project.findings.all()],
    }  # fmt: skip


def _followed(address: str) -> str:
    """An address that may become a link; of any other kind ("javascript:") nothing is left."""
    return address if address.startswith(("https://", "http://")) else ""


def _partners(project: Project, roles: set[Partner.Role]) -> list[str]:
    return [
        partner.organisation.display_name
        for partner in project.partners.all()
        if partner.role in roles
    ]


def _duration(project: Project) -> Payload:
    text = dates(project.starts, project.ends)
    if not text and project.duration_months:
        years, months = divmod(project.duration_months, 12)
        parts = []
        if years:
            parts.append(ngettext("%(count)d year", "%(count)d years", years) % {"count": years})
        if months:
            parts.append(
                ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
            )
        text = ", ".join(parts)
    return {
        "text": text or project.duration_as_printed,
        "starts": project.starts,
        "ends": project.ends,
        "as_printed": project.duration_as_printed,
    }


def _location(project: Project) -> Payload:
    places = list(project.places.all())
    named = [each.country for each in project.countries.all() if not each.via]
    groups = list(
        dict.fromkeys(code for each in places if each.kind == "group" for code in each.codes)
    )
    undetermined = [each.printed for each in places if each.kind == "undetermined"]
    regions = [code for each in places if each.kind == "region" for code in each.codes]
    known = {each.code for each in geography.regions()}
    texts = [country_text(code) for code in named]
    texts += [geography.group_name(code, language()) for code in groups]
    texts += [geography.region_name(code, language()) for code in regions if code in known]
    if any(each.kind == "world" for each in places):
        texts.append(str(Chapter.WORLD.label))
    return {
        "as_printed": project.location_as_printed or "; ".join(each.printed for each in places),
        "countries": [{"code": code, "name": country_text(code)} for code in named],
        "reached": sorted({each.country for each in project.countries.all()}),
        "groups": [geography.group_name(code, language()) for code in groups],
        "group_codes": groups,
        "undetermined": undetermined,
        "text": ", ".join(texts),
    }


def _regions(project: Project) -> list[Payload]:
    rows = sorted(project.regions.all(), key=lambda each: (not each.is_continent, each.region))
    return [
        {
            "code": each.region,
            "name": geography.region_name(each.region, language()),
            "is_continent": each.is_continent,
        }
        for each in rows
    ]


def _pledge(pledge: Pledge, project: Project) -> Payload:
    donor = pledge.donor
    reached = {each.country for each in project.countries.all() if not each.via}
    return {
        "key": str(pledge.pk),
        "donor": donor.display_name if donor else _("Donor not named in the source"),
        "donor_slug": donor.slug if donor else "not-named",
        "donor_is_recipient": bool(donor and donor.kind == "state" and donor.country in reached),
        "date": pledge.pledged,
        "date_text": dates(pledge.pledged),
        "amount": number(pledge.amount),
        "currency": pledge.currency,
        "rate": float(pledge.rate),
        "rate_source": pledge.rate_source,
        "usd": number(pledge.usd),
        "agreed": number(pledge.agreed),
        "received": number(pledge.received),
        "spent": number(pledge.spent),
        "withdrawn": pledge.withdrawn_on.isoformat() if pledge.withdrawn_on else "",
        "withdrawn_reason": pledge.withdrawn_reason,
        "note": pledge.note,
    }


def _components(project: Project) -> list[Payload]:
    activities: dict[int, list[str]] = {}
    for activity in project.activities.all():
        activities.setdefault(activity.component_number, []).append(activity.title)
    listed = [
        {
            "number": each.number,
            "title": each.title,
            "text": each.text,
            "activities": activities.pop(each.number, []),
        }
        for each in project.components.all()
    ]
    loose = [title for titles in activities.values() for title in titles]
    if loose:
        listed.append({"number": 0, "title": _("Activities"), "text": "", "activities": loose})
    return listed


def _results(actor: Actor, project: Project) -> Payload:
    events = list(project.events.all())
    outcomes = [*project.outcomes.all(), *(row for each in events for row in each.outcomes.all())]
    requests = [*project.requests.all(), *(row for each in events for row in each.open_requests)]  # type: ignore[attr-defined]
    return {
        "events": [event_payload(each) for each in events],
        "outcomes": [outcome_payload(each) for each in outcomes],
        "requests": [request_payload(each) for each in dict.fromkeys(requests)],
        "indicators": [
            indicator_payload(indicator, result)
            for result in project.results.all()
            for indicator in result.indicators.all()
        ],
    }


def payloads(actor: Actor, found: QuerySet[Project], *, chunk: int = 200) -> Iterable[Payload]:
    """The payload of every project of `found`, a chunk at a time so that memory stays flat."""
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), chunk):
        part = keys[start : start + chunk]
        rows = {
            row.pk: row
            for row in with_details(
                actor, Project.objects.visible_to(actor).with_money().filter(pk__in=part)
            )
        }
        for pk in part:
            yield payload(actor, rows[pk])
