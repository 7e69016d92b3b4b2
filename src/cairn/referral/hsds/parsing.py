"""One service of a file -> what would be taken in, or each thing that is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parseaddr
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.tables.cells import without_unseen
from cairn.referral.hsds.schedules import hours_of
from cairn.referral.hsds.shapes import SENSITIVITY, TAXONOMIES, Brought, Item, Point
from cairn.referral.rules import addresses
from cairn.referral.rules import services as rules
from cairn.referral.rules.services import Capacity, Sensitivity

# Longest text of each field of a service here; a longer one is refused, as nobody cuts a text
# without knowing what the rest of it says.
LONGEST: Final = {
    "name": 120,
    "description": 1_000,
    "eligibility_description": 500,
    "area": 80,
    "email": 120,
    "phone": 40,
    "id": 80,
}
_IN_USE, _OVER, _PAUSED = {"active"}, {"inactive", "defunct"}, {"temporarily closed"}
_SENSITIVITIES = frozenset(Sensitivity.values)
_LANGUAGES = frozenset(Locale.parse("en").languages)
ADULT_FROM: Final = 18
# Where something in a location leads to a door.
_TELLING: Final = (
    "latitude",
    "longitude",
    "transportation",
    "description",
    "name",
    "alternate_name",
    "external_identifier",
)
_STREET: Final = ("address_1", "address_2", "attention", "postal_code")
PUBLIC: Final = {
    "name": gettext_lazy("name"),
    "description": gettext_lazy("description"),
    "area": gettext_lazy("service area"),
    "hours_text": gettext_lazy("schedule"),
    "eligibility": gettext_lazy("eligibility"),
}
# Field of a record -> where it stands in a file.
_AT: Final = {
    "hours_text": "schedules",
    "eligibility": "eligibility_description",
    "area": "service_areas",
}


def parse(item: Item, *, today: date, country: str) -> Brought:
    """What a service of a file says. `country`: where the file does not say one."""
    given, found = item.service, Brought(item.row)
    found.source_id = _text(found, given, "id", required=True)
    owner = given.get("organization")
    found.organisation = _text(
        found, owner if isinstance(owner, dict) else {}, "name", of="organization", longest=250
    )
    if not found.organisation:
        found.refuse("organization", _("The service has no organisation."), _("Name it."))
    _status(found, given)
    values = found.values
    values["name"] = _text(found, given, "name", required=True)
    values["description"] = _text(found, given, "description")
    values["eligibility"] = _text(found, given, "eligibility_description")
    values["country"] = _country(found, given, country)
    values["area"] = _area(found, given)
    values["languages"] = _languages(found, given)
    values["ages"] = _ages(found, given)
    values["email"] = _email(found, given)
    values["phone"] = _phone(found, given)
    for name in ("kinds", "needs", "sexes", "exclusions"):
        values[name] = _codes(found, given, name)
    hours, hours_text, zone, notes = hours_of(_objects(given, "schedules"), given.get("zone"))
    values |= {"hours": hours, "hours_text": hours_text[:120], "zone": zone}
    found.notes.update(notes)
    values["sensitivity"] = _sensitivity(found, given)
    found.assured_on = _assured(found, given, today)
    _capacity(found, given, today)
    _check(found)
    _places(found, given)
    return found


def _text(
    found: Brought,
    given: Mapping[str, Any],
    name: str,
    *,
    required: bool = False,
    of: str = "",
    longest: int = 0,
) -> str:
    value = given.get(name)
    place = f"{of}.{name}" if of else name
    if value is None or value == "":
        if required:
            found.refuse(place, _("It is missing."), _("Fill it in."))
        return ""
    if not isinstance(value, str):
        found.refuse(place, _("This is no text."), _("Write it in quotation marks."))
        return ""
    text = " ".join(without_unseen(value).split())
    most = longest or LONGEST.get(name, 120)
    if len(text) > most:
        found.refuse(
            place,
            _("The text has %(length)d characters; at most %(longest)d fit.")
            % {"length": len(text), "longest": most},
            _("Shorten it."),
        )
        return ""
    return text


def _objects(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = given.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _status(found: Brought, given: Mapping[str, Any]) -> None:
    status = str(given.get("status") or "").strip().lower()
    if status in _OVER:
        found.is_over = True
    elif status in _PAUSED:
        found.values["capacity"] = Capacity.CLOSED.value
    elif status not in _IN_USE:
        found.refuse(
            "status",
            _("“%(status)s” is no status of the standard.") % {"status": status[:40]},
            _("Write active, inactive, defunct or temporarily closed."),
        )


def _country(found: Brought, given: Mapping[str, Any], fallback: str) -> str:
    stated = given.get("country") or next(
        (each.get("country") for each in _addresses(given) if each.get("country")), fallback
    )
    if not stated:
        found.refuse("country", _("The country is missing."), _("Choose one for the whole file."))
        return ""
    place = _resolved(str(stated))
    if place.kind != "country":
        found.refuse(
            "country",
            _("“%(country)s” is no country that is known here.") % {"country": str(stated)[:40]},
            _("Write its code of two or three letters (ISO 3166-1)."),
        )
        return ""
    return place.codes[0]


@lru_cache(maxsize=500)
def _resolved(stated: str) -> geography.Resolution:
    return geography.resolve(stated)


def _area(found: Brought, given: Mapping[str, Any]) -> str:
    for each in _objects(given, "service_areas"):
        if each.get("name"):
            return _text(found, each, "name", of="service_areas", longest=LONGEST["area"])
    for each in _addresses(given):
        if each.get("city"):
            return _text(found, each, "city", of="addresses", longest=LONGEST["area"])
    found.refuse(
        "service_areas", _("It is not said for which area."), _("Name the town or the district.")
    )
    return ""


def _languages(found: Brought, given: Mapping[str, Any]) -> list[str]:
    codes = []
    for each in _objects(given, "languages"):
        code = str(each.get("code") or "").strip().lower()
        if code in _LANGUAGES and re.fullmatch(r"[a-z]{2,3}", code):
            codes.append(code)
        else:
            found.refuse(
                "languages",
                _("“%(code)s” is no code of a language.") % {"code": code[:20]},
                _("Write codes of ISO 639, for example ar."),
            )
    return list(dict.fromkeys(codes))[:20]


def _ages(found: Brought, given: Mapping[str, Any]) -> list[str]:
    low = _years(found, given, "minimum_age")
    high = _years(found, given, "maximum_age")
    if low is not None and high is not None and low > high:
        found.refuse("maximum_age", _("The oldest age is below the youngest."))
    if low is not None and low >= ADULT_FROM:
        return ["adult"]
    return ["child"] if high is not None and high < ADULT_FROM else []


def _years(found: Brought, given: Mapping[str, Any], name: str) -> float | None:
    value = given.get(name)
    if value in (None, ""):
        return None
    try:
        years = float(str(value))
    except ValueError:
        years = -1.0
    if not 0 <= years <= 150:
        found.refuse(name, _("This is no age."), _("Write years, in digits."))
        return None
    return years


def _email(found: Brought, given: Mapping[str, Any]) -> str:
    text = _text(found, given, "email")
    if text and (parseaddr(text)[1] != text or not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text)):
        found.refuse("email", _("This is no address of mail."), _("Write it as name@example.org."))
        return ""
    return text


def _phone(found: Brought, given: Mapping[str, Any]) -> str:
    numbers = [each for each in _objects(given, "phones") if each.get("number")]
    if not numbers:
        return ""
    number = _text(found, numbers[0], "number", of="phones", longest=LONGEST["phone"])
    number = number.strip('"')  # the standard's own example has them inside
    _by_rule(found, "phones.number", lambda: rules.check_phone(number))
    return number


def _codes(found: Brought, given: Mapping[str, Any], name: str) -> list[str]:
    codes = []
    for each in _objects(given, "attributes"):
        term = each.get("taxonomy_term")
        if isinstance(term, dict) and term.get("taxonomy") == TAXONOMIES[name]:
            codes.append(str(term.get("code") or each.get("value") or "").strip().lower())
    return list(dict.fromkeys(codes))


def _sensitivity(found: Brought, given: Mapping[str, Any]) -> str:
    """As said; what is missing or not known is protected."""
    said = str(given.get(SENSITIVITY) or "").strip().lower()
    if said in _SENSITIVITIES:
        return said
    found.notes.add("sensitivity")
    return Sensitivity.PROTECTED.value


def _assured(found: Brought, given: Mapping[str, Any], today: date) -> date | None:
    written = str(given.get("assured_date") or "").strip()
    if not written:
        found.refuse(
            "assured_date",
            _("It is not said when somebody last looked at this service."),
            _("Write the day as year-month-day. Nobody is sent where nobody has looked."),
        )
        return None
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        found.refuse("assured_date", _("This is no day."), _("Write it as year-month-day."))
        return None
    if day > today:
        found.refuse("assured_date", _("This day lies in the future."), _("Look at the year."))
        return None
    return day


def _capacity(found: Brought, given: Mapping[str, Any], today: date) -> None:
    said = str(given.get("capacity") or found.values.get("capacity") or "").strip().lower()
    found.values["capacity"] = said
    if not said:
        return
    written = str(given.get("capacity_updated") or given.get("last_modified") or "").strip()
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00")) if written else None
    except ValueError:
        found.refuse("capacity_updated", _("This is no moment."), _("Write it as ISO 8601 has it."))
        return
    if moment is None:
        day = found.assured_on or today
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment.date() > today:
        found.refuse("capacity_updated", _("This day lies in the future."), _("Look at the year."))
        return
    found.capacity_at = moment


def _check(found: Brought) -> None:
    """The rules that hold for every service, each told at the field of the file."""
    names = ("kinds", "needs", "exclusions", "sensitivity", "sexes", "capacity")
    for fault in rules.faults(**{name: found.values[name] for name in names}):
        _tell(found, _FIELD_OF.get(fault.code, ""), fault)
    hours, zone = found.values["hours"], found.values["zone"]
    _by_rule(found, "schedules", lambda: rules.check_hours(hours, ""))
    _by_rule(found, "zone", lambda: rules.check_hours({}, zone))


_FIELD_OF: Final = {
    "service.kinds": f"attributes ({TAXONOMIES['kinds']})",
    "service.needs": f"attributes ({TAXONOMIES['needs']})",
    "service.sexes": f"attributes ({TAXONOMIES['sexes']})",
    "service.sensitivity": SENSITIVITY,
    "service.exclusions": f"attributes ({TAXONOMIES['exclusions']})",
    "service.capacity": "capacity",
}


def _by_rule(found: Brought, name: str, check: Callable[[], None]) -> None:
    try:
        check()
    except RuleBroken as fault:
        _tell(found, name, fault)


def _tell(found: Brought, name: str, fault: RuleBroken) -> None:
    found.refuse(name, str(fault.message), str(fault.remedy))


# --- Places ----------------------------------------------------------------------------------


def _locations(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for link in _objects(given, "service_at_locations"):
        location = link.get("location")
        if isinstance(location, dict):
            yield location


def _addresses(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for location in _locations(given):
        yield from _objects(location, "addresses")


def _places(found: Brought, given: Mapping[str, Any]) -> None:
    """Offices and telephones of a public service; whatever leads to a shelter is refused.

    A place of a service that is restricted, or whose sensitivity nobody said, is left out.
    """
    values = found.values
    is_secret = rules.is_sheltered(values["kinds"], values["sensitivity"])
    if is_secret:
        _refuse_door(found, given)
        texts = {name: str(values.get(name, "")) for name in PUBLIC}
        for each in addresses.findings(texts):
            fault = addresses.refusal(str(PUBLIC[each.field]), each.words)
            _tell(found, _AT.get(each.field, each.field), fault)
        return
    if values["sensitivity"] != Sensitivity.PUBLIC:
        if any(True for _each in _locations(given)):
            found.notes.add("restricted")
        return
    points = [_point(found, each) for each in _locations(given)]
    found.points = tuple(dict.fromkeys(each for each in points if each is not None))


def _refuse_door(found: Brought, given: Mapping[str, Any]) -> None:
    for name in _telling(given):
        if "sensitivity" in found.notes and not rules.SHELTERING & set(found.values["kinds"]):
            found.notes.add("dropped")
            return
        found.refuse(
            name,
            _("This says where a protected place is."),
            _(
                "Leave it out of the file. Enter the place as a sealed one, on the page of the "
                "service."
            ),
        )


def _telling(given: Mapping[str, Any]) -> Iterator[str]:
    """Fields of the locations of a service that lead to a door, each named once."""
    seen = []
    for location in _locations(given):
        seen += [f"location.{name}" for name in _TELLING if location.get(name) not in (None, "")]
        for each in _objects(location, "addresses"):
            seen += [f"address.{name}" for name in _STREET if each.get(name)]
    yield from dict.fromkeys(seen)


def _point(found: Brought, location: Mapping[str, Any]) -> Point | None:
    street = next((each for each in _objects(location, "addresses") if each.get("address_1")), None)
    phone = _phone(found, location) or found.values["phone"]
    name = str(location.get("name") or found.values["name"])[:120]
    area = found.values["area"]
    if street is not None:
        parts = [street.get("address_1"), street.get("address_2"), location.get("transportation")]
        reach = ", ".join(" ".join(str(part).split()) for part in parts if part)
        if str(street.get("city") or "").strip():
            area = _text(found, street, "city", of="addresses", longest=LONGEST["area"]) or area
        return Point(name, "door", area, phone, reach[:240])
    return Point(name, "phone", area, phone) if phone else None
