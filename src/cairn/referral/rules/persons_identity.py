"""Who a person is: which facts an identity may hold, all of them optional, and in which form.

The facts are a mapping, sealed as one value: `given`, `family`, `others` (further spellings and
names), `birth` ("1998", "1998-04" or "1998-04-03": as much as is known), `sex`, `nationality`
(ISO 3166-1 alpha-3), `mother`, `documents` (mappings of `kind` and `number`) and `phones`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.referral.rules.persons_contact import PersonSex

BIRTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
EARLIEST_YEAR = 1900
MOST_LINES = 20
LONGEST_LINE = 200


class PaperKind(TextChoices):
    PASSPORT = "passport", gettext_lazy("Passport")
    IDENTITY_CARD = "identity-card", gettext_lazy("Identity card")
    BIRTH = "birth-certificate", gettext_lazy("Birth certificate")
    REFUGEE = "refugee-card", gettext_lazy("Refugee or asylum card")
    RESIDENCE = "residence", gettext_lazy("Residence permit")
    OTHER = "other", pgettext_lazy("paper", "Other")


LABELS = {
    "given": gettext_lazy("Given names"),
    "family": gettext_lazy("Family name"),
    "others": gettext_lazy("Other spellings and names"),
    "birth": gettext_lazy("Born"),
    "sex": gettext_lazy("Sex"),
    "nationality": gettext_lazy("Nationality"),
    "mother": gettext_lazy("Name of the mother"),
    "documents": gettext_lazy("Papers"),
    "phones": gettext_lazy("Telephones"),
}


def tidied(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without what is empty or not known here, with spaces as people write them."""
    found: dict[str, Any] = {}
    for name in LABELS:
        value = facts.get(name)
        if name == "documents":
            kept: Any = [
                {"kind": str(each.get("kind") or "other"), "number": _spaced(each.get("number"))}
                for each in value or ()
                if _spaced(each.get("number"))
            ]
        elif name in {"others", "phones"}:
            kept = lines(value or ())
        else:
            kept = _spaced(value)
        if kept:
            found[name] = kept
    return found


def lines(given: Sequence[str]) -> list[str]:
    """Each line once, without those that are empty."""
    return list(dict.fromkeys(text for line in given if (text := _spaced(line))))


def _spaced(text: Any) -> str:
    return " ".join(str(text or "").split())


def check_identity(facts: Mapping[str, Any], *, today: date) -> None:
    """Raise RuleBroken("identity.birth", "identity.nationality", "identity.sex",
    "identity.documents" or "identity.long") for facts that no identity holds. `facts`: tidied."""
    check_birth(facts.get("birth", ""), today=today)
    nationality = facts.get("nationality", "")
    if nationality and nationality not in {each.alpha3 for each in geography.countries()}:
        raise RuleBroken("identity.nationality", _("Choose the nationality from the list."))
    if facts.get("sex", "") not in {"", *PersonSex.values}:
        raise RuleBroken("identity.sex", _("Choose the sex from the list."))
    if any(each["kind"] not in PaperKind.values for each in facts.get("documents", ())):
        raise RuleBroken("identity.documents", _("Choose the kind of each paper from the list."))
    many = max((len(value) for value in facts.values() if isinstance(value, list)), default=0)
    texts = [text for value in facts.values() for text in _texts(value)]
    if many > MOST_LINES or any(len(text) > LONGEST_LINE for text in texts):
        raise RuleBroken(
            "identity.long",
            _("An identity holds at most twenty entries of one kind, of two hundred signs each."),
        )


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, Mapping):
        return [str(text) for text in value.values()]
    return [str(value)]


def check_birth(birth: str, *, today: date) -> None:
    """Raise RuleBroken("identity.birth") unless it is empty, a year, a month or a day that was."""
    if not birth:
        return
    wrong = RuleBroken(
        "identity.birth",
        _("This is no year, month or day that was."),
        _("Write as much as is known: 1998, 1998-04 or 1998-04-03."),
    )
    found = BIRTH.fullmatch(birth)
    if found is None:
        raise wrong
    year, month, day = (int(part) if part else None for part in found.groups())
    if year is None or year < EARLIEST_YEAR:
        raise wrong
    try:
        earliest = date(year, month or 1, day or 1)
    except ValueError:
        raise wrong from None
    if earliest > today:
        raise wrong


def check_lines(given: Sequence[str]) -> None:
    """Raise RuleBroken("person.lines") for a list of whom to avoid that nobody can read."""
    if len(given) > MOST_LINES or any(len(line) > LONGEST_LINE for line in given):
        raise RuleBroken(
            "person.lines",
            _("At most twenty lines, of two hundred signs each."),
        )


def in_words(facts: Mapping[str, Any] | None) -> str:
    """An opened identity, a line for each fact."""
    written = []
    for name, label in LABELS.items():
        if value := (facts or {}).get(name):
            written.append(_("%(what)s: %(value)s") % {"what": label, "value": _value(name, value)})
    return "\n".join(written)


def _value(name: str, value: Any) -> str:
    if name == "documents":
        kinds = dict(PaperKind.choices)
        return "; ".join(
            f"{kinds.get(each['kind'], each['kind'])} {each['number']}" for each in value
        )
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if name == "sex":
        return str(dict(PersonSex.choices).get(value, value))
    return str(geography.country_name(value, language())) if name == "nationality" else str(value)
