"""Invented services of two organisations, how they stand, and one place that stays sealed."""

from dataclasses import replace

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.confirmations import ask_provider
from cairn.referral.actions.secret_places import enter_location
from cairn.referral.actions.services import (
    ServiceFacts,
    enter_service,
    say_capacity,
    set_access_points,
    set_focal,
)
from cairn.referral.models import AccessPoint, Service
from cairn.referral.queries.services import answerers
from cairn.referral.rules.access_points import Age, Need, Sex
from cairn.referral.rules.services import Capacity, Exclusion, Sensitivity
from cairn.referral.rules.services import ServiceType as T
from cairn.web.demo_protection import COUNTRY, Home

DAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in DAYS}
ALWAYS = {day: [["00:00", "24:00"]] for day in (*DAYS, "sat", "sun")}
PLAIN = ServiceFacts(
    name="Invented clinic of the north",
    kinds=(T.HEALTH, T.MENTAL_HEALTH),
    needs=(Need.HEALTH, Need.COUNSELLING),
    country=COUNTRY,
    area="Invented north",
    sensitivity=Sensitivity.PUBLIC,
    description="Invented: examinations, first aid, talks with a psychologist. Free of charge.",
    languages=("en", "fr", "ar", "ne"),
    hours=WEEK,
    phone="+000 000 0001",
    email="clinic@example.org",
    eligibility="Whoever comes. No papers are asked for.",
)
OWN: tuple[tuple[ServiceFacts, str], ...] = (
    (PLAIN, Capacity.OPEN),
    (
        replace(
            PLAIN,
            name="Invented legal aid",
            kinds=(T.LEGAL_AID, T.ASYLUM),
            needs=(Need.LEGAL, Need.ASYLUM, Need.WORK_RIGHTS),
            area="Invented south",
            description="Invented: advice, and somebody to stand by before authorities.",
            phone="+000 000 0002",
            email="law@example.org",
        ),
        Capacity.WAITING_LIST,
    ),
)
PARTNER: tuple[tuple[ServiceFacts, str], ...] = (
    (
        replace(
            PLAIN,
            name="Invented house of the partner",
            kinds=(T.SHELTER, T.CASE_MANAGEMENT),
            needs=(Need.SAFE_PLACE, Need.BASIC_NEEDS),
            area="Invented south",
            sensitivity=Sensitivity.PROTECTED,
            description="Invented: a bed, food, and people who stay the night.",
            sexes=(Sex.FEMALE,),
            hours=ALWAYS,
            exclusions=(Exclusion.BOYS_OVER_12, Exclusion.ACUTE_MENTAL),
            eligibility="Women, alone or with small children.",
            phone="+000 000 0003",
            email="house@example.org",
        ),
        Capacity.OPEN,
    ),
    (
        replace(
            PLAIN,
            name="Invented workshop for sewing and repair",
            kinds=(T.VOCATIONAL_TRAINING, T.LIVELIHOOD),
            needs=(Need.WORK_RIGHTS, Need.BASIC_NEEDS),
            sensitivity=Sensitivity.RESTRICTED,
            description="Invented: six months of training, then a placement with a partner firm.",
            ages=(Age.ADULT,),
            phone="+000 000 0004",
            email="workshop@example.org",
        ),
        Capacity.CLOSED,
    ),
    (
        replace(
            PLAIN,
            name="Invented home for children alone",
            kinds=(T.CHILD_PROTECTION, T.SHELTER, T.FAMILY_TRACING),
            needs=(Need.CHILD, Need.FAMILY, Need.SAFE_PLACE),
            sensitivity=Sensitivity.PROTECTED,
            description="Invented: care around the clock; a guardian is called on the first day.",
            ages=(Age.CHILD,),
            hours=ALWAYS,
            phone="+000 000 0005",
            email="children@example.org",
        ),
        Capacity.OPEN,
    ),
    (
        replace(
            PLAIN,
            name="Invented advice on voluntary return",
            kinds=(T.RETURN, T.REINTEGRATION),
            needs=(Need.RETURN,),
            area="Invented pass",
            description="Invented: what can be expected there, and whom to meet on arrival.",
            phone="+000 000 0006",
            email="return@example.org",
        ),
        "",
    ),
)
PLACE = "Invented: 7 Zarquil Row, Vexomar quarter"


def make_directory(home: Home) -> int:
    """Services of both organisations; returns how many records were made."""
    made = [
        *_entered(home.actors["service-provider"], home.own, OWN),
        *_entered(home.actors["service-provider-2"], home.partner, PARTNER),
    ]
    office = _office(home)
    if office is not None:
        own = home.actors["service-provider"]
        set_access_points(own, made[0].code, [office.code])
    keeper = home.actors["directory-editor-2"]
    house = next(each for each in made if each.organisation_id == home.partner.pk)
    enter_location(keeper, house.code, PLACE, "Invented: call before you come, at any hour.")
    ask_provider(keeper, made[-1].code)
    return len(made) + 2


def _office(home: Home) -> AccessPoint | None:
    """An office of one's own that was entered for officers already."""
    rows = AccessPoint.objects.visible_to(home.actors["service-provider"])
    found: AccessPoint | None = rows.filter(
        organisation=home.own, closed_at=None, way="door"
    ).first()
    return found


def _entered(
    actor: Actor, organisation: Organisation, services: tuple[tuple[ServiceFacts, str], ...]
) -> list[Service]:
    made = []
    for facts, capacity in services:
        service = enter_service(actor, organisation, facts)
        if capacity:
            say_capacity(actor, service.code, capacity)
        focal = next(iter(answerers(service)), None)
        if focal is not None:
            set_focal(actor, service.code, focal)
        made.append(service)
    return made
