"""The directory as a file of HSDS. Protected places are not looked at here, and so never leave."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from babel import Locale
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy

from cairn.referral.hsds.shapes import TAXONOMIES, Point
from cairn.referral.hsds.writing import Outgoing, as_json, as_tables
from cairn.referral.models.services import Service
from cairn.referral.rules.access_points import Need, Sex
from cairn.referral.rules.services import Exclusion, Sensitivity, ServiceType

_LISTS: dict[str, Any] = {
    "kinds": ServiceType,
    "needs": Need,
    "sexes": Sex,
    "exclusions": Exclusion,
}
# By name of what may leave, so that a sensitivity that is new or not known stays here.
_MAY_LEAVE = frozenset({Sensitivity.PUBLIC.value, Sensitivity.RESTRICTED.value})


class FileFormat(TextChoices):
    """In which form the directory goes out."""

    JSON = "json", gettext_lazy("JSON, for another program")
    TABLES = "zip", gettext_lazy("Tables (CSV) in a ZIP")


CONTENT_TYPES = {FileFormat.JSON: "application/json", FileFormat.TABLES: "application/zip"}


def hsds_file(services: Iterable[Service], form: FileFormat, now: datetime) -> bytes:
    """The whole file; texts of our lists in English, as they are names of codes."""
    with translation.override("en"):
        known = list(outgoing(services))
    if form == FileFormat.JSON:
        return as_json(known, now).encode()
    return as_tables(known, now)


def outgoing(services: Iterable[Service]) -> Iterator[Outgoing]:
    """What leaves of each service; one that is not known to be harmless is left out here too."""
    languages = Locale.parse("en").languages
    for each in services:
        if each.sensitivity not in _MAY_LEAVE or each.closed_at is not None:
            continue
        yield Outgoing(
            id=each.pk,
            organisation_id=each.organisation_id,
            organisation=each.organisation.display_name,
            name=each.name,
            description=each.description,
            email=each.email,
            phone=each.phone,
            eligibility=each.eligibility,
            country=each.country,
            area=each.area,
            ages=each.ages,
            languages=[(code, str(languages.get(code, code))) for code in each.languages],
            hours=each.hours,
            hours_text=each.hours_text,
            zone=each.zone,
            codes={name: _named(name, getattr(each, name)) for name in TAXONOMIES},
            sensitivity=each.sensitivity,
            capacity=each.capacity,
            capacity_at=each.capacity_at,
            assured_on=each.assured_on,
            points=[] if each.is_sheltered or not _is_public(each) else list(_points(each)),
        )


def _is_public(service: Service) -> bool:
    return service.sensitivity == Sensitivity.PUBLIC.value


def _points(service: Service) -> Iterator[tuple[Any, Point]]:
    for each in service.access_points.all():
        if each.closed_at is None:
            way = "door" if each.way == "door" else "phone"
            yield each.pk, Point(each.name, way, each.area, each.phone, each.reach)


def _named(name: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    known = _LISTS[name]
    return [(code, str(known(code).label)) for code in codes if code in known.values]
