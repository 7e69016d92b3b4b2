"""Words of three layouts in which States tell their figures, and how ours are said in them.

UNODC GLOTIP (columns of the extract of 14 April 2025), SDG indicator 16.2.2 (victims per 100,000
of the population by sex, age and form of exploitation; custodian UNODC), and the layout of the
CTDC dictionary of 2021, in which each line is a person.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

GLOTIP_COLUMNS = (
    "Iso3_code",
    "Country",
    "Region",
    "Subregion",
    "Indicator",
    "Dimension",
    "Category",
    "Sex",
    "Age",
    "Year",
    "Unit of measurement",
    "txtVALUE",
    "Source",
)
SDG_COLUMNS = (
    "Indicator",
    "Iso3_code",
    "GeoAreaCode",
    "GeoAreaName",
    "TimePeriod",
    "Form of exploitation",
    "Sex",
    "Age",
    "Victims",
    "Population",
    "Value",
    "Units",
    "Source",
    "Population source",
)
SDG_INDICATOR = "16.2.2"
SDG_UNIT = "per 100,000 population"
PER = 100_000
# Figures of earlier years than the protocol against trafficking was open for signature: a typo.
FIRST_YEAR = 1990


class Indicator(TextChoices):
    """What a national figure counts."""

    VICTIMS = "victims", gettext_lazy("Detected trafficking victims")
    CONTACT = "contact", gettext_lazy("Persons brought into formal contact")
    PROSECUTED = "prosecuted", gettext_lazy("Persons prosecuted")
    CONVICTED = "convicted", gettext_lazy("Persons convicted")
    OFFENCES = "offences", gettext_lazy("Offences of trafficking in persons")
    RATE = "rate", gettext_lazy("Victims per 100,000 of the population (SDG 16.2.2)")
    POPULATION = "population", gettext_lazy("Population")


class Breakdown(TextChoices):
    TOTAL = "total", pgettext_lazy("breakdown of a figure", "Total")
    FORM = "form", gettext_lazy("by form of exploitation")
    CITIZENSHIP = "citizenship", gettext_lazy("by citizenship")
    REPATRIATION = "repatriation", gettext_lazy("by country of repatriation")


class Sex(TextChoices):
    TOTAL = "total", pgettext_lazy("sex", "All")
    FEMALE = "female", pgettext_lazy("sex", "Female")
    MALE = "male", pgettext_lazy("sex", "Male")
    OTHER = "other", pgettext_lazy("sex", "Other")
    UNKNOWN = "unknown", pgettext_lazy("sex", "Not known")


class Age(TextChoices):
    TOTAL = "total", pgettext_lazy("age", "All")
    CHILD = "child", pgettext_lazy("age", "0 to 17 years")
    ADULT = "adult", pgettext_lazy("age", "18 years or over")
    UNKNOWN = "unknown", pgettext_lazy("age", "Not known")


class Form(TextChoices):
    SEXUAL = "sexual", gettext_lazy("Sexual exploitation")
    LABOUR = "labour", gettext_lazy("Forced labour")
    OTHER = "other", gettext_lazy("Other forms of exploitation")


class Layout(TextChoices):
    """The file that a figure came in."""

    GLOTIP = "glotip", gettext_lazy("UNODC GLOTIP")
    SDG = "sdg-16-2-2", gettext_lazy("SDG 16.2.2")
    CTDC = "ctdc-2021", gettext_lazy("CTDC 2021")
    POPULATION = "population", gettext_lazy("Population figures")


# The words that stand in the files, as the custodian writes them: never translated.
GLOTIP_INDICATORS: Mapping[str, str] = {
    Indicator.VICTIMS: "Detected trafficking victims",
    Indicator.CONTACT: "Persons brought into formal contact",
    Indicator.PROSECUTED: "Persons prosecuted",
    Indicator.CONVICTED: "Persons convicted",
    Indicator.OFFENCES: "Offences of trafficking in persons",
}
BREAKDOWN_WORDS: Mapping[str, str] = {
    Breakdown.TOTAL: "Total",
    Breakdown.FORM: "by form of exploitation",
    Breakdown.CITIZENSHIP: "by citizenship",
    Breakdown.REPATRIATION: "by country of repatriation",
}
SEX_WORDS: Mapping[str, str] = {
    Sex.TOTAL: "Total",
    Sex.FEMALE: "Female",
    Sex.MALE: "Male",
    Sex.OTHER: "Other",
    Sex.UNKNOWN: "Unknown",
}
AGE_WORDS: Mapping[str, str] = {
    Age.TOTAL: "Total",
    Age.CHILD: "0 to 17 years",
    Age.ADULT: "18 years or over",
    Age.UNKNOWN: "Unknown",
}
FORM_WORDS: Mapping[str, str] = {
    Form.SEXUAL: "Sexual exploitation",
    Form.LABOUR: "Forced labour",
    Form.OTHER: "Other forms of exploitation",
}
TOTAL = "Total"
COUNTS = "Counts"


def folded(text: str) -> str:
    return " ".join(text.casefold().split())


def word(known: Mapping[str, str], text: str) -> str:
    """The code whose word in the layout is `text`, any case. RuleBroken("indicators.word")."""
    by_word = {folded(words): str(code) for code, words in known.items()}
    try:
        return by_word[folded(text)]
    except KeyError:
        raise RuleBroken(
            "indicators.word",
            _("“%(text)s” is not one of the words of this column.") % {"text": text},
            _("Use one of: %(words)s.") % {"words": "; ".join(known.values())},
        ) from None


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as printed. `value` None where only "fewer than `below`" is said."""

    value: Decimal | None
    below: int | None = None


_BELOW = re.compile(r"<\s?([0-9]{1,6})")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")


def told(text: str) -> Told:
    """ "<5", "1,282" or "16". Raises RuleBroken("indicators.value")."""
    plain = text.strip()
    if found := _BELOW.fullmatch(plain):
        return Told(None, int(found[1]))
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if _PLAIN.fullmatch(plain):
        try:
            return Told(Decimal(plain))
        except InvalidOperation:  # pragma: no cover - the pattern allows no such text
            pass
    raise RuleBroken(
        "indicators.value",
        _("“%(text)s” is no figure.") % {"text": text},
        _("Write digits, with commas between thousands if you like, or “<5” for fewer than 5."),
    )


def count(text: str) -> Told:
    """The same for what is counted in whole persons. Raises RuleBroken("indicators.value")."""
    found = told(text)
    if found.value is not None and found.value != found.value.to_integral_value():
        raise RuleBroken(
            "indicators.value",
            _("“%(text)s” is no whole number of persons.") % {"text": text},
            _("Give the count itself, not a rate or a share."),
        )
    return found


def statement(*parts: object) -> str:
    """The identity of what a source says: all that it says, with the figure. A SHA-256.

    Another figure for the same thing is another statement: both stay on record.
    """
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()


# --- What codes of our own series are called in these layouts -------------------------------

ROLES: Mapping[str, frozenset[str]] = {
    "year": frozenset({"year", "period"}),
    "country": frozenset({"country", "area", "country_of_exploitation"}),
    "sex": frozenset({"sex", "gender"}),
    "age": frozenset({"age", "age_group", "child", "majority"}),
    "form": frozenset({"form", "exploitation", "form_of_exploitation", "purpose"}),
    "citizenship": frozenset({"citizenship", "nationality", "origin"}),
}
SEX_CODES: Mapping[str, str] = {
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "woman": Sex.FEMALE,
    "women": Sex.FEMALE,
    "m": Sex.MALE,
    "male": Sex.MALE,
    "man": Sex.MALE,
    "men": Sex.MALE,
    "other": Sex.OTHER,
    "x": Sex.OTHER,
    "unknown": Sex.UNKNOWN,
}
AGE_CODES: Mapping[str, str] = {
    "child": Age.CHILD,
    "minor": Age.CHILD,
    "under-18": Age.CHILD,
    "0-17": Age.CHILD,
    "adult": Age.ADULT,
    "18-plus": Age.ADULT,
    "18+": Age.ADULT,
    "unknown": Age.UNKNOWN,
}
FORM_CODES: Mapping[str, str] = {
    "sexual": Form.SEXUAL,
    "sexual-exploitation": Form.SEXUAL,
    "sexual_exploitation": Form.SEXUAL,
    "labour": Form.LABOUR,
    "forced-labour": Form.LABOUR,
    "forced_labour": Form.LABOUR,
    "other": Form.OTHER,
    "other-exploitation": Form.OTHER,
}


def role_of(name: str) -> str:
    """What a dimension of a release is in these layouts; "" for none of theirs."""
    return next((role for role, names in ROLES.items() if name in names), "")


def year_of(code: str) -> str:
    """The year of a code of a period ("2024", "y2024"); "" for one that is no whole year."""
    found = re.fullmatch(r"y?((?:19|20)[0-9]{2})", code)
    return found[1] if found else ""


def rate(victims: int, population: Decimal) -> Decimal:
    """Victims per 100,000, four decimals. Raises RuleBroken("indicators.population")."""
    if population <= 0:
        raise RuleBroken(
            "indicators.population", _("A population of nobody has no rate."), _("Correct it.")
        )
    return (Decimal(victims) * PER / population).quantize(Decimal("0.0001"))
