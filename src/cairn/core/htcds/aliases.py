"""Names of columns as files really carry them: the toolkits do not agree with the standard."""

from collections.abc import Iterable
from functools import cache
from types import MappingProxyType
from typing import Final

from cairn.core.htcds.codes import folded
from cairn.core.htcds.fields import REFERENCE, fields

# Spellings that case and signs alone do not explain. The first stands in IOM's own Excel toolkit.
_ALIASES: Final = {
    "vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg",
    "vic_TraffickingStatusDecisionMakingOrganization": "vic_TraffickingStatusDecisionMakingOrg",
    "vic_TraffickingStatusDecisionMakingOrganisation": "vic_TraffickingStatusDecisionMakingOrg",
    "prs_LastName": "prs_SecondName",
    "prs_Surname": "prs_SecondName",
    "prs_Sex": "prs_Gender",
    "prs_DateOfBirth": "prs_Birthdate",
    "prs_Nationality": "prs_Citizenship",
    "prs_Language": "prs_PrimaryLanguage",
    "vic_MethodOfControl": "vic_MethodsOfControl",
    "vic_MethodsOfRecruitment": "vic_MethodOfRecruitment",
    "vic_TypesOfExploitation": "vic_TypeOfExploitation",
    "cas_CaseStatus": "cas_Status",
}
# What form tools add to every submission, and our own number: no fields of the standard.
BESIDE: Final = frozenset(
    "start end today deviceid instanceid metainstanceid metarootuuid id uuid submissiontime"
    " submittedby validationstatus notes status tags index version geolocation attachments"
    " formhubuuid xformidstring bamboodatasetid key".split()
)


@cache
def _known() -> MappingProxyType[str, str]:
    known = {folded(name): name for name in fields()}
    known |= {folded(alias): name for alias, name in _ALIASES.items()}
    known[folded(REFERENCE)] = REFERENCE
    return MappingProxyType(known)


def field_named(column: str) -> str:
    """The name in the standard for a column of a file, or "".

    Case, underscores and the groups that form tools put in front ("person/prs_First_Name",
    "person-prs_FirstName") do not matter.
    """
    last = column.replace(":", "/").rsplit("/", 1)[-1].strip()
    found = _known().get(folded(last), "")
    if not found and "-" in last:
        found = _known().get(folded(last.rsplit("-", 1)[-1]), "")
    return found


def is_beside(column: str) -> bool:
    """True for columns that a form tool adds and that say nothing about the case."""
    last = column.replace(":", "/").rsplit("/", 1)[-1]
    return folded(last) in BESIDE or column.startswith("_")


def read_header(columns: Iterable[str]) -> tuple[dict[str, str], list[str], list[str]]:
    """(column -> field, columns that nothing is known of, fields that stand there twice)."""
    known: dict[str, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for column in columns:
        field = field_named(column)
        if not field:
            if not is_beside(column):
                unknown.append(column)
        elif field in known.values():
            twice.append(field)
        else:
            known[column] = field
    return known, unknown, twice
