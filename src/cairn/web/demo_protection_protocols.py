"""Invented protocols, a recipient that is left out, and experts who can be asked."""

from datetime import timedelta

from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind
from cairn.referral.actions.experts import Skills, enter_expert
from cairn.referral.actions.protocols import Terms, draft_protocol, sign_protocol
from cairn.referral.actions.risks import Against, decide_risk
from cairn.referral.models import Protocol
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.referral.rules.experts import Availability, ExpertField
from cairn.referral.rules.risks import RiskGround
from cairn.web.demo_protection import COUNTRY, Home

C, P, E = DataCategory, Purpose, ExpertField
TEXT = (
    "Invented for the demonstration.\n\n"
    "Each party tells the other only what the service needs, and only for a person who was asked. "
    "Nothing is passed on. What was told goes when the service ends, unless the law says "
    "otherwise. Nobody tells the other party's staff where a protected house is."
)
FORCE = "Invented Border Guard of Demoland"
POLICE = "Invented Police Unit of Demoland"
EXPERTS = (
    (
        "Forensic physician",
        (E.HEALTH, E.ORGAN_REMOVAL),
        ("en", "fr"),
        Availability.AVAILABLE,
        "Invented Dr Arven Molanto",
    ),
    (
        "Psychologist for children",
        (E.CHILD, E.MENTAL_HEALTH, E.SEXUAL_VIOLENCE),
        ("ar", "en"),
        Availability.BUSY,
        "Invented Selva Quindari",
    ),
    (
        "Interpreter for Tigrinya and Arabic",
        (E.INTERPRETING, E.CULTURE),
        ("ti", "ar", "en"),
        Availability.AVAILABLE,
        "Invented Tomar Ghebresel",
    ),
    (
        "Lawyer for wages and rights at work",
        (E.LAW, E.LABOUR),
        ("en", "ne"),
        Availability.AWAY,
        "Invented Ilka Venturo",
    ),
)


def make_protocols(home: Home) -> int:
    """One protocol in force, one that waits for the partner and one for paper; a risk; a roster."""
    own, partner = home.actors["directory-editor"], home.actors["directory-editor-2"]
    if Protocol.objects.visible_to(own).exists():
        return 0
    helping = _draft(
        home,
        "Helping persons together",
        (home.own, home.partner),
        [C.NEED, C.CONTACT, C.FAMILY, C.HEALTH, C.SAFETY, C.LEGAL, C.ASSISTANCE],
        [P.ASSISTANCE, P.HEALTH, P.LEGAL_AID, P.CHILD_CARE, P.FAMILY_TRACING, P.RETURN, P.SAFETY],
    )
    sign_protocol(own, helping.code, home.own.pk)
    sign_protocol(partner, helping.code, home.partner.pk)
    telling = _draft(
        home,
        "Telling the authority that identifies",
        (home.own, home.partner),
        [C.NEED, C.CONTACT],
        [P.IDENTIFICATION],
    )
    sign_protocol(own, telling.code, home.own.pk)
    police = _organisation(POLICE)
    _draft(home, "When a life is in danger", (home.own, police), [C.NEED, C.SAFETY], [P.SAFETY])
    force = _organisation(FORCE)
    against = Against(home.own, COUNTRY, force, RiskGround.IMPLICATED_FORCE, home.today)
    decide_risk(own, against, "Invented: two persons named its post as the place of a hand-over.")
    return 4 + _roster(home, own)


def _draft(
    home: Home,
    title: str,
    parties: tuple[Organisation, ...],
    categories: list[DataCategory],
    purposes: list[Purpose],
) -> Protocol:
    terms = Terms(
        title=title,
        text=TEXT,
        parties=parties,
        categories=[each.value for each in categories],
        purposes=[each.value for each in purposes],
        starts_on=home.today,
        ends_on=home.today + timedelta(days=365),
    )
    return draft_protocol(home.actors["directory-editor"], home.own, terms)


def _organisation(name: str) -> Organisation:
    made, _is_new = Organisation.objects.get_or_create(
        name=name,
        defaults={
            "slug": name.lower().replace(" ", "-"),
            "kind": OrganisationKind.STATE_BODY,
            "is_demo": True,
        },
    )
    return made


def _roster(home: Home, own: Actor) -> int:
    for title, fields, languages, availability, name in EXPERTS:
        skills = Skills(
            title=title,
            fields=[each.value for each in fields],
            keep_until=home.today + timedelta(days=365),
            languages=languages,
            availability=availability,
        )
        enter_expert(
            own, home.own, COUNTRY, skills, name, "Invented: through the desk, extension 0"
        )
    return len(EXPERTS)
