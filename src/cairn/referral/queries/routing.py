"""Which services fit a person: read in a constant number of queries, ranked by the rules."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.persons import Person
from cairn.referral.models.services import Service, ServiceQuerySet
from cairn.referral.queries.protocols import partners_in_force
from cairn.referral.queries.risks import KeptOut, kept_out
from cairn.referral.rules import routing as rules
from cairn.referral.rules.routing import Candidate, Offer, Ranking, Wish

# Nobody looks through more; and a directory that was brought from a file may hold thousands.
MOST_LOOKED_AT = 2_000
READ = (
    "code",
    "name",
    "organisation__name",
    "organisation__kind",
    "organisation__country",
    "country",
    "area",
    "kinds",
    "needs",
    "ages",
    "sexes",
    "languages",
    "exclusions",
    "hours",
    "zone",
    "phone",
    "email",
    "is_outside",
    "capacity",
    "capacity_at",
    "assured_on",
    "sensitivity",
    "closed_at",
)


def ranked(actor: Actor, person: Person, wish: Wish, now: datetime) -> Ranking:
    """Services of the country that help with the need, offered in order or left out. Three queries.

    The protocols are those of the organisation that looks after `person`.
    """
    rows = Service.objects.visible_to(actor)
    return _ranked(rows, person, wish, now)


def alternates(person: Person, wish: Wish, now: datetime, without: frozenset[UUID]) -> list[Offer]:
    """The best services that were not asked yet, for whoever waits for an answer. Three queries.

    It asks no actor: the clock offers them to the sender.
    """
    rows: ServiceQuerySet = Service.objects.all()
    return list(rules.alternates(_ranked(rows, person, wish, now), without))


def _ranked(rows: ServiceQuerySet, person: Person, wish: Wish, now: datetime) -> Ranking:
    today = timezone.localdate(now)
    # The quotation marks keep one code from being found inside another, on every database.
    rows = rows.filter(closed_at=None, country=wish.country, needs__icontains=f'"{wish.need}"')
    public = AccessPoint.objects.filter(services=OuterRef("pk"), closed_at=None)
    rows = rows.annotate(has_access_point=Exists(public)).select_related("organisation").only(*READ)
    partners = partners_in_force(person.organisation_id, wish.purpose, today, country=wish.country)
    out = kept_out(today)
    found = [
        _candidate(service, person, partners, out, now)
        for service in rows.order_by("-assured_on", "code")[:MOST_LOOKED_AT]
    ]
    return rules.rank(wish, found, today)


def _candidate(
    service: Service, person: Person, partners: frozenset[UUID], out: KeptOut, now: datetime
) -> Candidate:
    public: bool = service.has_access_point  # type: ignore[attr-defined]
    return Candidate(
        id=service.pk,
        code=service.code,
        name=service.name,
        organisation_id=service.organisation_id,
        organisation=service.organisation.display_name,
        country=service.country,
        area=service.area,
        standing=service.state_now(now),
        looked_on=looked_on(service),
        needs=frozenset(service.needs),
        kinds=frozenset(service.kinds),
        ages=frozenset(service.ages),
        sexes=frozenset(service.sexes),
        languages=frozenset(service.languages),
        exclusions=frozenset(service.exclusions),
        open_now=service.is_open_at(timezone.localtime(now)),
        is_reachable=public or bool(service.phone or service.email) or not service.is_outside,
        is_sheltered=service.is_sheltered,
        excluded=out.ground(service.organisation_id, service.pk) or "",
        has_protocol=service.organisation_id in partners,
        is_own=service.organisation_id == person.organisation_id,
    )


def looked_on(service: Service) -> date:
    """When somebody last said something about the service."""
    if service.capacity_at is None:
        return service.assured_on
    return max(service.assured_on, timezone.localdate(service.capacity_at))


def wish_for(person: Person, need: str, **more: object) -> Wish:
    """A wish with what the record of `person` says in the clear."""
    return Wish(
        need=need,
        age_band=person.age_band,
        country=person.country,
        sex=person.sex,
        languages=tuple(person.languages),
        **more,  # type: ignore[arg-type]
    )
