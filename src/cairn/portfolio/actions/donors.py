"""Enters donors and partners that are not on record yet."""

import hashlib

from django.db import transaction
from django.utils.text import slugify

from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind
from cairn.core.storing import saved_as_new

# Funds and bodies that give money, by the name that sources print; others are entered as "other".
_KINDS = {
    "european commission": OrganisationKind.INTERGOVERNMENTAL,
    "council of the baltic sea states": OrganisationKind.INTERGOVERNMENTAL,
    "one un": OrganisationKind.FUND,
}


@transaction.atomic
def enter_donor(actor: Actor, name: str, *, country: str = "") -> Organisation:
    """The organisation called `name`, or the State `country` (alpha-3), entered when it is new.

    Whether `name` is a typing error, its caller has asked before. Raises PermissionDenied.
    """
    require(actor, Permission.FUNDING_EDIT)
    if country:
        kind, name = OrganisationKind.STATE, geography.country_name(country, "en")
    else:
        kind = _KINDS.get(name.lower(), OrganisationKind.OTHER)
    return enter_organisation(actor, name, kind, country=country)


def enter_organisation(
    actor: Actor, name: str, kind: OrganisationKind, *, country: str = ""
) -> Organisation:
    """The organisation called `name` (of any case), or a State by its country; else a new one.

    Asks for no permission: it serves actions and imports that did. Runs in their transaction.
    """
    if kind == OrganisationKind.STATE:
        known = Organisation.objects.filter(kind=kind, country=country)
    else:
        known = Organisation.objects.filter(name__iexact=name)
    if (found := known.first()) is not None:
        return found
    slug = country.lower() if kind == OrganisationKind.STATE else _slug(name)
    made = Organisation(name=name, slug=slug, kind=kind, country=country)
    if not saved_as_new(made):
        return known.get()  # somebody entered it at the same moment
    audit.record(actor, "organisation.entered", made, kind=kind.value)
    return made


def _slug(name: str) -> str:
    """An address that is unique as long as the name is, whatever script it is written in."""
    mark = hashlib.sha256(name.lower().encode()).hexdigest()[:6]
    return f"{slugify(name)[:70] or 'organisation'}-{mark}"
