"""Codes of IATI 2.03 that are written, and those that a read file may use.

Source of all lists: IATI Codelists 2.03 (IATI Standard, https://iatistandard.org/, CC BY 4.0),
the list's name beside each. Sector codes: DAC and CRS code lists of the OECD, purpose codes.
"""

from datetime import date
from enum import StrEnum

VERSION = "2.03"
# Version. Files of these were meant for other rules; each is named when it comes.
OLD_VERSIONS = ("1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02")

# Where the standard demands a day and none is on record, or it is withheld. The text beside it
# says so. Older than any project against trafficking, so that nobody takes it for a real day.
NO_DAY = date(1900, 1, 1)


class TransactionType(StrEnum):
    """TransactionType, those that the portfolio has records for."""

    RECEIVED = "1"
    SPENDING = "4"
    COMMITMENT = "11"
    PLEDGE = "13"


class DateType(StrEnum):
    """ActivityDateType."""

    PLANNED_START = "1"
    ACTUAL_START = "2"
    PLANNED_END = "3"
    ACTUAL_END = "4"


class Role(StrEnum):
    """OrganisationRole."""

    FUNDING = "1"
    ACCOUNTABLE = "2"
    EXTENDING = "3"
    IMPLEMENTING = "4"


class Status(StrEnum):
    """ActivityStatus."""

    PIPELINE = "1"
    IMPLEMENTATION = "2"
    FINALISATION = "3"
    CLOSED = "4"
    CANCELLED = "5"
    SUSPENDED = "6"


class Related(StrEnum):
    """RelatedActivityType."""

    PARENT = "1"
    CHILD = "2"


class ResultType(StrEnum):
    """ResultType."""

    OUTPUT = "1"
    OUTCOME = "2"


# RegionVocabulary: OECD DAC, and the regions of UN M49.
DAC_REGIONS, UN_REGIONS = "1", "2"
# Region (DAC): "Developing countries, unspecified".
UNSPECIFIED_REGION = "998"
# TagVocabulary: targets of the Sustainable Development Goals.
SDG_TARGETS = "3"
# DescriptionType: general, objectives, other.
GENERAL, OBJECTIVES, OTHER = "1", "2", "4"
# BudgetType original; BudgetStatus indicative and committed.
ORIGINAL, INDICATIVE, COMMITTED = "1", "1", "2"
# IndicatorMeasure: unit and percentage.
UNIT, PERCENTAGE = "1", "2"

# OrganisationType -> by kind of organisation in core; what the list has no word for is left out.
ORGANISATION_TYPES: dict[str, str] = {
    "state": "10",
    "state-body": "10",
    "un-entity": "40",
    "intergovernmental": "40",
    "fund": "40",
    "private": "70",
    "academic": "80",
}
# OrganisationIdentifier (multilateral channels of the DAC), by short name.
ORGANISATION_REFERENCES: dict[str, str] = {
    "UNODC": "XM-DAC-41128",
    "IOM": "XM-DAC-47066",
    "UNHCR": "XM-DAC-41121",
    "UNICEF": "XM-DAC-41122",
}

LEGAL, MIGRATION, RIGHTS = "15130", "15190", "15160"
# Service area -> 5-digit purpose code. No code stands for trafficking in persons, so that the
# nearest is used and a tag names the targets that do.
SECTORS: dict[str, str] = {
    "prevention": RIGHTS,
    "research": RIGHTS,
    "legislation": LEGAL,
    "strategy": LEGAL,
    "criminal-justice": LEGAL,
    "protection": RIGHTS,
    "cooperation": LEGAL,
}
SUBJECT_SECTORS: dict[str, str] = {"smuggling": MIGRATION}
# Targets that name trafficking (5.2, 8.7, 16.2), migration (10.7) and organized crime (16.4).
TAGS: dict[str, tuple[str, ...]] = {
    "trafficking": ("5.2", "8.7", "16.2"),
    "smuggling": ("10.7",),
    "organized-crime": ("16.4",),
}


def _numbers(first: int, last: int) -> frozenset[str]:
    return frozenset(map(str, range(first, last + 1)))


# Element and attribute -> the codes of a complete list, for what a read file must keep to.
COMPLETE: dict[tuple[str, str], frozenset[str]] = {
    ("activity-status", "code"): _numbers(1, 6),
    ("activity-date", "type"): _numbers(1, 4),
    ("activity-scope", "code"): _numbers(1, 8),
    ("participating-org", "role"): _numbers(1, 4),
    ("budget", "type"): _numbers(1, 2),
    ("budget", "status"): _numbers(1, 2),
    ("transaction-type", "code"): _numbers(1, 13),
    ("related-activity", "type"): _numbers(1, 5),
    ("result", "type"): frozenset({"1", "2", "3", "9"}),
    ("indicator", "measure"): _numbers(1, 5),
    ("contact-info", "type"): _numbers(1, 4),
    ("policy-marker", "significance"): _numbers(0, 4),
}
