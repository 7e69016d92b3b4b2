"""The smallest valid, obviously invented records of the portfolio."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.actions.places import store_places
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    Finding,
    Indicator,
    OutcomeRecord,
    Partner,
    Pledge,
    Project,
    ProjectTheme,
    RequestMove,
    Result,
)
from cairn.portfolio.models.findings import Reason
from cairn.portfolio.models.project import new_public_id
from cairn.portfolio.rules import Publication, RequestState, State


def project(
    reference: str = "X01",
    *,
    places: Sequence[str] = ("Nepal",),
    budget: int | None = 100_000,
    themes: Sequence[str] = (),
    **fields: Any,
) -> Project:
    """An invented public project in `places`, ready to be found by its words."""
    values: dict[str, Any] = {
        "title": f"Invented project {reference}",
        "state": State.APPROVED,
        "publication": Publication.PUBLIC,
        **fields,
    }
    made = Project.objects.create(
        reference=reference,
        public_id=new_public_id(),
        budget_usd=None if budget is None else Decimal(budget),
        **values,
    )
    store_places({made.pk: (list(places), made)})
    for theme in themes:
        ProjectTheme.objects.create(project=made, theme=theme)
    made.refresh_from_db()
    return made


def donor(name: str = "Invented Donor", *, country: str = "") -> Organisation:
    """An invented donor; with `country` (alpha-3) it is that State."""
    slug = slugify(name)
    kind = OrganisationKind.STATE if country else OrganisationKind.OTHER
    made, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": name, "kind": kind, "country": country}
    )
    return made


def pledge(to: Project, by: Organisation | None = None, usd: int = 10_000, **fields: Any) -> Pledge:
    """An invented pledge in US dollars; without `by` the donor is not named."""
    amount = Decimal(usd)
    return Pledge.objects.create(project=to, donor=by, amount=amount, usd=amount, **fields)


def partner(of: Project, name: str = "Invented Partner") -> Partner:
    slug = slugify(name)
    body, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": name, "kind": OrganisationKind.NGO}
    )
    return Partner.objects.create(project=of, organisation=body, role=Partner.Role.COLLABORATING)


def event(reference: str = "XE1", *, of: Project | None = None, **fields: Any) -> Event:
    values: dict[str, Any] = {"kind": f"invented workshop {reference}", "starts": "2025-03"}
    return Event.objects.create(reference=reference, project=of, **(values | fields))


def outcome(reference: str = "XO1", *, of: Project | None = None, **fields: Any) -> OutcomeRecord:
    values: dict[str, Any] = {
        "kind": f"invented outcome {reference}",
        "value": Decimal(3),
        "unit": "pieces",
        "source": "an invented source",
    }
    return OutcomeRecord.objects.create(reference=reference, project=of, **(values | fields))


def request(
    reference: str = "XR1", *, state: RequestState = RequestState.RECEIVED, **fields: Any
) -> AssistanceRequest:
    """An invented request with the step that brought it into `state`."""
    values: dict[str, Any] = {"requested_by": "an invented school", "request": "invented help"}
    made = AssistanceRequest.objects.create(reference=reference, state=state, **(values | fields))
    RequestMove.objects.create(request=made, after=state, moved_at=timezone.now())
    return made


def indicator(of: Project, number: str = "1.1", **fields: Any) -> Indicator:
    """An invented indicator under a result of its own."""
    result = Result.objects.create(
        project=of, level=Result.Level.OUTPUT, number=number, statement=f"Invented result {number}"
    )
    return Indicator.objects.create(
        result=result, number=f"{number}.1", name=f"Invented indicator {number}", **fields
    )


def finding(of: Project, **fields: Any) -> Finding:
    values: dict[str, Any] = {
        "field": Finding.Field.SHORTFALL,
        "printed": Decimal(1),
        "computed": Decimal(2),
        "reason": Reason.UNEXPLAINED,
    }
    return Finding.objects.create(project=of, **(values | fields))
