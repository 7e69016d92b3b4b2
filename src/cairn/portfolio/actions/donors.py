"""Enters a donor that is not on record yet."""

import hashlib

from django.db import transaction
from django.utils.text import slugify

from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind


@transaction.atomic
def enter_donor(actor: Actor, name: str, *, country: str = "") -> Organisation:
    """The organisation called `name`, or the State `country` (alpha-3), entered when it is new.

    Whether `name` is a typing error, its caller has asked before. Raises PermissionDenied.
    """
    require(actor, Permission.FUNDING_EDIT)
    if country:
        known = Organisation.objects.filter(kind=OrganisationKind.STATE, country=country)
        name, slug, kind = geography.country_name(country, "en"), country.lower(), "state"
    else:
        known = Organisation.objects.filter(name__iexact=name)
        slug, kind = _slug(name), OrganisationKind.OTHER.value
    if (found := known.first()) is not None:
        return found
    donor = Organisation.objects.create(name=name, slug=slug, kind=kind, country=country)
    audit.record(actor, "organisation.entered", donor)
    return donor


def _slug(name: str) -> str:
    """An address that is unique as long as the name is, whatever script it is written in."""
    mark = hashlib.sha256(name.lower().encode()).hexdigest()[:6]
    return f"{slugify(name)[:70] or 'organisation'}-{mark}"
