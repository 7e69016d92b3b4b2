"""The page of one project."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio import panels
from cairn.portfolio.models import Project
from cairn.portfolio.queries import surroundings
from cairn.portfolio.queries.project import find_with_details, payload
from cairn.portfolio.queries.records import Payload
from cairn.portfolio.reports import formats
from cairn.portfolio.rules import PledgeStage, Publication, State, pledge_stage

KINDS = ("pdf", "json", "html")


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the reader may do with the project. `is_main`: at most one of them."""

    label: str
    href: str
    is_main: bool = False


@require_safe
def project(request: ActorRequest, address: str) -> HttpResponse:
    found = find_with_details(request.actor, address)
    shown = payload(request.actor, found)
    family = surroundings.family(request.actor, found)
    context: dict[str, Any] = {
        "project": shown,
        "family": family,
        "groups": surroundings.groups(request.actor, found),
        "history": surroundings.history(request.actor, found),
        "panels": panels.panels(request.actor, found),
        "remarks": surroundings.remarks(request.actor, found),
        "pledges": _staged(request.actor, found, shown),
        "has_stages": any(
            each["agreed"] or each["received"] or each["spent"] for each in shown["pledges"]
        ),
        "has_dates": any(each["date"] for each in shown["pledges"]),
        "phases_total": sum(phase["budget"] or 0 for phase in shown["phases"]),
        "results": _by_result(shown["indicators"]),
        "themes": [
            {"code": code, "label": label}
            for code, label in zip(shown["theme_codes"], shown["themes"], strict=True)
        ],
        "actions": _actions(request.actor, shown, State(found.state)),
        "is_staff": request.actor.may(Permission.PORTFOLIO_VIEW),
        "publication": found.publication if request.actor.may(Permission.PORTFOLIO_VIEW) else "",
        # Where the public finds it, whoever looks: aid data is what the public sees.
        "public_address": found.public_id
        if found.publication == Publication.REDUCED
        else found.reference,
        "publication_label": found.get_publication_display(),
        "may": {
            "edit": request.actor.may(Permission.PORTFOLIO_EDIT),
            "fund": request.actor.may(Permission.FUNDING_EDIT),
            "measure": request.actor.may(Permission.RESULT_RECORD),
            "explain": request.actor.may(Permission.FINDING_EXPLAIN),
        },
        "languages": settings.LANGUAGES,
        "kinds": (*KINDS, *formats()),
    }
    return render(request, "portfolio/project.html", context)


def _staged(actor: Actor, found: Project, shown: Payload) -> list[Payload]:
    """Each pledge with its stage, which its sums show, and the agreements that can take money."""
    may_fund = actor.may(Permission.FUNDING_EDIT)
    signed = {
        str(pledge.pk): [
            {"key": each.pk, "reference": each.reference} for each in pledge.agreements.all()
        ]
        for pledge in (found.pledges.all() if may_fund else ())
    }
    listed = []
    for pledge in shown["pledges"]:
        stage = pledge_stage(
            withdrawn=bool(pledge["withdrawn"]),
            pledged=pledge["usd"],
            agreed=pledge["agreed"],
            received=pledge["received"],
            spent=pledge["spent"],
        )
        listed.append(
            pledge
            | {
                "stage": stage,
                "is_withdrawn": stage == PledgeStage.WITHDRAWN,
                "agreements": signed.get(pledge["key"], []),
            }
        )
    return listed


def _by_result(indicators: list[Payload]) -> list[Payload]:
    """Indicators under the result that they measure, in the order of the framework."""
    grouped: dict[tuple[str, str], list[Payload]] = {}
    for each in indicators:
        shown = each | {
            "comes_from": _comes_from(each["measure"]),
            "parts": [part | {"label": _dimension(part["dimension"])} for part in each["parts"]],
        }
        grouped.setdefault((each["level"], each["result"]), []).append(shown)
    return [
        {"level": level, "statement": statement, "indicators": listed}
        for (level, statement), listed in grouped.items()
    ]


def _comes_from(measure: str) -> str:
    """Which records will answer a measure ("training.workshops_delivered"), in a sentence."""
    sentences = {
        "training": _("will be computed from the training records"),
        "simulation": _("will be computed from the exercise records"),
        "portfolio": _("will be computed from the requests on record"),
    }
    context = measure.partition(".")[0]
    return sentences.get(context, _("will be computed from records"))


def _dimension(dimension: str) -> str:
    """A part of a disaggregation as people read it: "country=NPL" is the country's name."""
    name, sign, value = dimension.partition("=")
    if name == "country" and sign:
        try:
            return geography.country_name(value, language())
        except KeyError:
            return value
    return value or name


def _actions(actor: Actor, shown: Payload, state: State) -> list[Action]:
    """What the reader may do, the one main action first: what this project needs next."""
    address = [shown["address"]]
    offered = [
        (
            Permission.FUNDING_EDIT,
            "pledge",
            _("Record a pledge"),
            reverse("portfolio:pledge-new", args=address),
        ),
        (
            Permission.PORTFOLIO_DECIDE,
            "decide",
            _("Decide the state"),
            reverse("portfolio:project-move", args=address),
        ),
        (
            Permission.PORTFOLIO_EDIT,
            "edit",
            _("Edit"),
            reverse("portfolio:project-edit", args=address),
        ),
        (
            Permission.PORTFOLIO_PUBLISH,
            "publish",
            _("Decide what is public"),
            reverse("portfolio:project-publish", args=address),
        ),
    ]
    main = _needed(shown, state)
    allowed = [
        Action(label, href, code == main)
        for permission, code, label, href in offered
        if actor.may(permission)
    ]
    return sorted(allowed, key=lambda action: not action.is_main)


def _needed(shown: Payload, state: State) -> str:
    """What moves the project on: data without budget, a decision, or the money that lacks."""
    if state in {State.OPERATIONALLY_CLOSED, State.FINANCIALLY_CLOSED, State.EVALUATED}:
        return "decide"
    if shown["budget"] is None:
        return "edit"
    if state in {State.CONCEPT, State.APPRAISED, State.FULLY_FUNDED, State.SUSPENDED}:
        return "decide"
    return "pledge" if shown["shortfall"] else "decide"
