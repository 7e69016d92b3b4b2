"""Invented services, consents, referrals and plans, so that a newcomer sees help arrive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models import Person

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


Maker = Callable[[Home], int]
# In this order: directory, protocols, persons, consents, referrals, plans, shares.
MAKERS: tuple[Maker, ...] = ()


def load_protection(home: Home) -> int:
    """Enter what each part invents, once; returns how many records."""
    return sum(make(home) for make in MAKERS)
