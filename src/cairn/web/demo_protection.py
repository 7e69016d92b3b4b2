"""Invented services, consents, referrals and plans, so that a newcomer sees help arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models import Person, Service

COUNTRY = "NPL"


@dataclass(frozen=True, slots=True)
class Home:
    """What the parts of the demonstration work with.

    `actors`: name of each demo account -> who acts; "service-provider" looks after `persons`, in
    the order in which they were entered; accounts of `partner`: "service-provider-2",
    "case-supervisor-2", "referral-focal-point", "directory-editor-2".
    """

    own: Organisation
    partner: Organisation
    today: date
    actors: Mapping[str, Actor]
    persons: tuple[Person, ...]


def load_protection(home: Home) -> int:
    """Enter what each part invents, once; returns how many records.

    All of it, or nothing: what is half there would be taken for the whole the next time.
    """
    if Service.objects.filter(organisation__in=[home.own, home.partner]).exists():
        return 0
    # Here, because each of them takes a Home.
    from cairn.web.demo_protection_consent import make_consent
    from cairn.web.demo_protection_directory import make_directory
    from cairn.web.demo_protection_exchange import make_exchange
    from cairn.web.demo_protection_matching import make_matching
    from cairn.web.demo_protection_persons import make_persons
    from cairn.web.demo_protection_plans import make_plans
    from cairn.web.demo_protection_protocols import make_protocols
    from cairn.web.demo_protection_referrals import make_referrals
    from cairn.web.demo_protection_sharing import make_sharing

    makers = (
        make_directory,
        make_protocols,
        make_persons,
        make_consent,
        make_referrals,
        make_plans,
        make_matching,
        make_sharing,
        make_exchange,
    )
    with transaction.atomic():
        return sum(make(home) for make in makers)
