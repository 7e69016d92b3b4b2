"""Rules of the directory of services: who may be sent where, and for how long an entry is good."""

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from babel import Locale
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

# A judgement: services in conflict move and close within weeks. After sixty days nobody is sent
# to an address that nobody has looked at again; from forty-five days on the owner is asked.
GOOD_FOR = timedelta(days=60)
ASK_AFTER = timedelta(days=45)
PHONE = re.compile(r"\+?[0-9*#][0-9*# ()/.-]{1,38}[0-9*#]")
MOST_LANGUAGES = 20


class Need(TextChoices):
    """What a service helps with; the same codes as in reports from the field."""

    SAFE_PLACE = "safe-place", gettext_lazy("A safe place")
    HEALTH = "health", gettext_lazy("Health care")
    COUNSELLING = "counselling", gettext_lazy("Counselling")
    LEGAL = "legal", gettext_lazy("Legal advice")
    CHILD = "child", gettext_lazy("Protection of a child")
    ASYLUM = "asylum", gettext_lazy("Asylum or refugee status")
    BASIC_NEEDS = "basic-needs", gettext_lazy("Food, clothes, money")
    FAMILY = "family", gettext_lazy("Finding or telling the family")
    WORK_RIGHTS = "work-rights", gettext_lazy("Wages and rights at work")
    RETURN = "return", pgettext_lazy("need", "Return")
    INTERPRETER = "interpreter", gettext_lazy("An interpreter")
    HOTLINE = "hotline", gettext_lazy("Somebody to call")


class Way(TextChoices):
    """How one gets there. There is no way in here that leads to a protected house."""

    DOOR = "door", gettext_lazy("An office with an open door")
    PHONE = "phone", gettext_lazy("By telephone only")
    VISIT = "visit", gettext_lazy("Staff come to the person")


class Age(TextChoices):
    ADULT = "adult", pgettext_lazy("for whom", "Adults")
    CHILD = "child", pgettext_lazy("for whom", "Children")


class Sex(TextChoices):
    FEMALE = "female", pgettext_lazy("for whom", "Women and girls")
    MALE = "male", pgettext_lazy("for whom", "Men and boys")
    OTHER = "other", pgettext_lazy("for whom", "Other")


class Freshness(StrEnum):
    GOOD = "good"
    ASK = "ask"
    STALE = "stale"


# What a form offers besides the ways, so that it can be refused with the reason.
PROTECTED = "protected"


def freshness(assured_on: date, today: date) -> Freshness:
    """How good an entry is that somebody looked at on `assured_on`."""
    age = today - assured_on
    if age > GOOD_FOR:
        return Freshness.STALE
    return Freshness.ASK if age > ASK_AFTER else Freshness.GOOD


def oldest_good(today: date) -> date:
    """The earliest day of assurance with which an entry is still given to officers."""
    return today - GOOD_FOR


def check_way(way: str, *, nobody_sleeps_there: bool) -> None:
    """Raise RuleBroken("access-point.protected") for a place whose address must stay secret.

    Officers carry these entries on phones that can be taken: a house where people are protected
    is reached through a telephone or an office, never by its address.
    """
    if way == PROTECTED or not nobody_sleeps_there:
        raise RuleBroken(
            "access-point.protected",
            _("The address of a place where people are protected is not entered here."),
            _("Enter the telephone or the office through which one gets there."),
        )
    if way not in Way.values:
        raise RuleBroken("access-point.way", _("Say how one gets there."))


def check_open(closed_at: datetime | None) -> None:
    """Raise RuleBroken("access-point.closed") for an entry that was taken out."""
    if closed_at is not None:
        raise RuleBroken(
            "access-point.closed",
            _("This service was taken out of the directory."),
            _("Enter it anew when it is there again."),
        )


def check_reachable(way: str, phone: str, reach: str) -> None:
    """Raise RuleBroken("access-point.phone", "access-point.reach") when nobody could get there."""
    if phone and not PHONE.fullmatch(phone):
        raise RuleBroken(
            "access-point.phone",
            _("This is no telephone number."),
            _("Write digits, with + and the country code before them."),
        )
    if way in {Way.PHONE, Way.VISIT} and not phone:
        raise RuleBroken(
            "access-point.phone",
            _("Without an open door a telephone number is needed."),
            _("Enter the number that somebody answers."),
        )
    if way == Way.DOOR and not reach:
        raise RuleBroken(
            "access-point.reach",
            _("Say how one finds the office."),
            _("The street or a mark that everybody knows, and whom to ask for."),
        )


def check_needs(needs: list[str]) -> None:
    """Raise RuleBroken("access-point.needs") for none, or for one that is not known."""
    if not needs or set(needs) - set(Need.values):
        raise RuleBroken("access-point.needs", _("Say what the service helps with."))


def language_codes(typed: str, reader: str) -> list[str]:
    """ISO 639 codes of languages typed as codes or as names in the reader's language.

    Raises RuleBroken("access-point.languages") for a word that is neither.
    """
    named = Locale.parse(reader).languages
    english = Locale.parse("en").languages
    by_name = {str(name).casefold(): code for code, name in english.items()}
    by_name |= {str(name).casefold(): code for code, name in named.items()}
    found = []
    for part in re.split(r"[,،;\n]+", typed):
        word = " ".join(part.split())
        if not word:
            continue
        code = by_name.get(word.casefold(), word.lower())
        if code not in english or not re.fullmatch(r"[a-z]{2,3}", code):
            raise RuleBroken(
                "access-point.languages",
                _("“%(word)s” is no language that is known here.") % {"word": word[:40]},
                _("Write names or codes with a comma between, for example: ar, French."),
            )
        found.append(code)
    codes = list(dict.fromkeys(found))
    if len(codes) > MOST_LANGUAGES:
        raise RuleBroken("access-point.languages", _("These are too many languages."))
    return codes
