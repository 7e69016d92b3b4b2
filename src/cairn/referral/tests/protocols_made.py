"""Obviously invented protocols, services and people who sign, for the tests of agreements."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.referral.actions.protocols import Terms, draft_protocol, sign_protocol
from cairn.referral.actions.risks import Against, decide_risk
from cairn.referral.models import Protocol, RecipientRisk, Service
from cairn.referral.rules.risks import RiskGround
from cairn.referral.tests.factories import actor_of

TEXT = "Each invented party tells the other only what helps the person, and nobody else."
NOTE = "Xanthoquil saw invented uniforms at the gate."


def other(name: str = "Other Invented Agency") -> Organisation:
    return organisation(name)


def editor(name: str = "editor", at: Organisation | None = None, **place: Any) -> Actor:
    """A directory editor: signs protocols, decides on recipients, keeps the roster."""
    return actor_of(user_with_role("directory-editor", name=name, at=at, **place))


def terms(**changes: Any) -> Terms:
    today = timezone.localdate()
    plain = Terms(
        title="Invented protocol",
        text=TEXT,
        parties=(organisation(), other()),
        categories=("need", "contact", "health"),
        purposes=("assistance", "health"),
        starts_on=today,
        ends_on=today + timedelta(days=365),
    )
    return replace(plain, **changes)


def agreed(signers: tuple[Actor, Actor], **changes: Any) -> Protocol:
    """A protocol between the two default organisations, signed by both."""
    made = draft_protocol(signers[0], organisation(), terms(**changes))
    sign_protocol(signers[0], made.code, organisation().pk)
    return sign_protocol(signers[1], made.code, other().pk)


def both() -> tuple[Actor, Actor]:
    """Who signs for the two default organisations."""
    return editor("editor-own"), editor("editor-other", at=other())


def risk(actor: Actor, **changes: Any) -> RecipientRisk:
    """Nobody is referred to the other invented agency."""
    plain = Against(
        organisation=organisation(),
        country="",
        recipient=other(),
        ground=RiskGround.IMPLICATED_FORCE,
        starts_on=timezone.localdate(),
    )
    return decide_risk(actor, replace(plain, **changes), NOTE)


def service(at: Organisation | None = None, **changes: Any) -> Service:
    """An invented service of the other agency that anybody may be sent to."""
    plain: dict[str, Any] = {
        "organisation": at or other(),
        "name": "Invented help",
        "kinds": ["health"],
        "needs": ["health"],
        "country": "NPL",
        "area": "Invented Town",
        "languages": ["ne"],
        "phone": "000",
        "assured_on": date(2026, 11, 20),
        "sensitivity": "restricted",
    }
    made = Service(**(plain | changes))
    save_with_code(made)
    return made
