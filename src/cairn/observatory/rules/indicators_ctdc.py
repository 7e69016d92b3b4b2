"""The layout of the CTDC dictionary of 2021: one line is a person, and no line stands out.

The public files of the Counter-Trafficking Data Collaborative hold no line that fewer than eleven
have in common (k = 11, since 2017). The same gate stands here, for what goes out and what comes in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.observatory.rules.indicators import Age, Form, Sex

LEAST_ALIKE = 11

_MEANS = (
    "DebtBondage TakesEarnings RestrictsFinancialAccess Threats PsychologicalAbuse PhysicalAbuse "
    "SexualAbuse FalsePromises PsychoactiveSubstances RestrictsMovement RestrictsMedicalCare "
    "ExcessiveWorkingHours UsesChildren ThreatOfLawEnforcement WithholdsNecessities "
    "WithholdsDocuments Other NotSpecified Concatenated"
).split()
_KINDS = (
    "isForcedLabour isSexualExploit isOtherExploit isSexAndLabour isForcedMarriage "
    "isForcedMilitary isOrganRemoval isSlaveryAndPractices typeOfExploitConcatenated"
).split()
_LABOUR = (
    "Agriculture Aquafarming Begging Construction DomesticWork Hospitality IllicitActivities "
    "Manufacturing MiningOrDrilling Peddling Transportation Other NotSpecified Concatenated"
).split()
_SEX = "Prostitution Pornography RemoteInteractiveServices PrivateSexualServices Concatenated"
COLUMNS: tuple[str, ...] = (
    "yearOfRegistration",
    "Datasource",
    "gender",
    "ageBroad",
    "majorityStatus",
    "majorityStatusAtExploit",
    "majorityEntry",
    "citizenship",
    *(f"meansOfControl{each}" for each in _MEANS),
    *_KINDS,
    *(f"typeOfLabour{each}" for each in _LABOUR),
    *(f"typeOfSex{each}" for each in _SEX.split()),
    "isAbduction",
    "RecruiterRelationship",
    "CountryOfExploitation",
    *(f"recruiterRelation{each}" for each in ("IntimatePartner", "Friend", "Family", "Other")),
    "recruiterRelationUnknown",
)
# What tells of a person together: the columns over which at least eleven lines have to be alike.
TELLING = (
    "yearOfRegistration",
    "gender",
    "ageBroad",
    "majorityStatus",
    "citizenship",
    "CountryOfExploitation",
)
NEEDED = ("yearOfRegistration", "gender", "CountryOfExploitation")

GENDERS: Mapping[str, str] = {
    "Female": Sex.FEMALE,
    "Woman": Sex.FEMALE,
    "Male": Sex.MALE,
    "Man": Sex.MALE,
    "Transgender/NonConforming": Sex.OTHER,
    "Trans/Transgender/NonConforming": Sex.OTHER,
    "Unknown": Sex.UNKNOWN,
    "": Sex.UNKNOWN,
}
MAJORITY: Mapping[str, str] = {
    "Minor": Age.CHILD,
    "Adult": Age.ADULT,
    "Unknown": Age.UNKNOWN,
    "": Age.UNKNOWN,
}
FLAGS: Mapping[str, str] = {
    "isSexualExploit": Form.SEXUAL,
    "isForcedLabour": Form.LABOUR,
    "isOtherExploit": Form.OTHER,
}
# Until 2020 what is missing is -99, from 2021 nothing; 00 and ZZ are countries not known.
MISSING = frozenset({"", "-99", "-99.0", "00", "ZZ", "NULL"})


def check_alike(lines: Iterable[Sequence[str]]) -> int:
    """How many lines there are. RuleBroken("indicators.alike") while fewer than 11 are alike."""
    groups = Counter(tuple(each) for each in lines)
    check_counts(groups.values())
    return groups.total()


def check_counts(sizes: Iterable[int]) -> None:
    """Raise RuleBroken("indicators.alike") where a group has fewer than 11 persons."""
    few = sum(1 for size in sizes if size < LEAST_ALIKE)
    if few:
        raise RuleBroken(
            "indicators.alike",
            ngettext(
                "%(count)d group of lines is alike in fewer than %(least)d persons.",
                "%(count)d groups of lines are alike in fewer than %(least)d persons.",
                few,
            )
            % {"count": few, "least": LEAST_ALIKE},
            _("Such lines tell who it is: leave them out, or make ages and countries wider."),
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be read. `row`: its number in the file, header = 1."""

    row: int
    field: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Person:
    """What a line says that counts here. `form` "" where it says none or several."""

    year: int
    country: str
    sex: str
    age: str
    form: str


def read_line(number: int, line: Mapping[str, str], this_year: int) -> Person | Fault:
    """A line of a file, or what is wrong with its first wrong cell; `line`: folded names."""

    def cell(name: str) -> str:
        text = line.get(name.casefold(), "").strip()
        return "" if text in MISSING else text

    year = cell("yearOfRegistration")
    if not (year.isascii() and year.isdigit() and 1990 <= int(year) <= this_year):
        return Fault(
            number,
            "yearOfRegistration",
            _("“%(text)s” is no year of registration.") % {"text": year},
            _("Give the year in four digits."),
        )
    if (gender := cell("gender")) not in GENDERS:
        return Fault(
            number,
            "gender",
            _("“%(text)s” is not one of the words of this column.") % {"text": gender},
            _("Use one of: %(words)s.") % {"words": "; ".join(filter(None, GENDERS))},
        )
    if (majority := cell("majorityStatus")) not in MAJORITY:
        return Fault(
            number,
            "majorityStatus",
            _("“%(text)s” is not one of the words of this column.") % {"text": majority},
            _("Use one of: %(words)s.") % {"words": "; ".join(filter(None, MAJORITY))},
        )
    place = cell("CountryOfExploitation")
    found = geography.resolve(place)
    if found.kind != geography.Kind.COUNTRY:
        return Fault(
            number,
            "CountryOfExploitation",
            _("“%(text)s” is no country of today.") % {"text": place},
            _("Write its two or three letters of ISO 3166-1; leave out lines without a country."),
        )
    forms = [form for flag, form in FLAGS.items() if cell(flag) in {"1", "1.0", "True"}]
    return Person(
        int(year),
        found.codes[0],
        str(GENDERS[gender]),
        str(MAJORITY[majority]),
        forms[0] if len(forms) == 1 else "",
    )


# (year, country, form, sex, age) -> persons; form "" where all are counted.
Counted = dict[tuple[int, str, str, str, str], int]
# A year and a country.
Place = tuple[int, str]


def counted(persons: Iterable[Person]) -> tuple[Counted, frozenset[Place]]:
    """Persons in all, and by sex and age together; and where a form of exploitation is left out.

    A form is told by sex and age only where every group of it, also those of no form and of
    several, has eleven persons or none: else it is told in all, and where even that has too few,
    not at all. So no group under eleven is told, nor left when counts are subtracted.

    Only counts leave this function: lines about persons are not stored.
    """
    groups = Counter(persons)
    in_all: Counter[tuple[Place, str]] = Counter()
    for each, size in groups.items():
        in_all[(each.year, each.country), each.form] += size
    few_in_all = {place for (place, _form), size in in_all.items() if size < LEAST_ALIKE}
    few = {(each.year, each.country) for each, size in groups.items() if size < LEAST_ALIKE}
    whole = (str(Sex.TOTAL), str(Age.TOTAL))
    found: Counted = {}
    for each, size in groups.items():
        place = (each.year, each.country)
        for form in {"", each.form}:
            if form and place in few_in_all:
                continue
            for sex, age in {
                whole,
                (each.sex, whole[1]),
                (whole[0], each.age),
                (each.sex, each.age),
            }:
                if not form or place not in few or (sex, age) == whole:
                    key = (*place, form, sex, age)
                    found[key] = found.get(key, 0) + size
    return found, frozenset(few | few_in_all)
