"""What becomes of each field of the standard on its way into a report and out of a procedure."""

from enum import StrEnum
from typing import Final

from cairn.core.htcds.fields import REFERENCE, fields


class Way(StrEnum):
    """What becomes of a field. NONE: neither taken in nor given out."""

    BOTH = "both"
    IN = "in"
    OUT = "out"
    NONE = "none"


_BOTH: Final = frozenset(
    "prs_FirstName prs_Gender prs_PrimaryLanguage prs_SecondaryLanguage prs_Citizenship"
    " vic_TraffickingStatus vic_TraffickingStatusDecisionMakingOrg vic_MethodOfRecruitment"
    " vic_MethodsOfControl vic_TypeOfExploitation vic_ForcedLabourIndustry"
    " vic_TypeOfSexExploitation cas_Status cas_IncomingReferralDate cas_ReasonForIncomingReferral"
    " cco_CaseComment con_Consent".split()
)
# A birth date becomes an age group, a name and a phone number the sealed identity block, the texts
# the note: none of these comes back out of a report. The date of a referral is the day on which it
# came in, whatever a file says of another organisation's referrals.
_IN: Final = frozenset(
    "prs_MiddleName prs_SecondName prs_Birthdate prs_MobilePhone prs_HomePhone"
    " vic_LocationOfRecruitment vic_LocationOfExploitation cas_IncomingReferralDetails".split()
)
_OUT: Final = frozenset({"cas_ReferredOrganisation"})
# The order of columns in a file that Cairn writes: the standard's own.
NAME_FIELDS: Final = ("prs_FirstName", "prs_MiddleName", "prs_SecondName")
PHONE_FIELDS: Final = ("prs_MobilePhone", "prs_HomePhone")
NOTE_FIELDS: Final = (
    "cas_IncomingReferralDetails",
    "vic_LocationOfRecruitment",
    "vic_LocationOfExploitation",
    "cco_CaseComment",
)


def way_of(name: str) -> Way:
    if name in _BOTH:
        return Way.BOTH
    if name in _IN:
        return Way.IN
    return Way.OUT if name in _OUT else Way.NONE


def is_taken(name: str) -> bool:
    return way_of(name) in {Way.BOTH, Way.IN}


def columns(*, with_names: bool) -> list[str]:
    """The columns of a file that Cairn writes, our reference first; names only when asked for."""
    given = [name for name in fields() if way_of(name) in {Way.BOTH, Way.OUT}]
    if not with_names:
        given = [name for name in given if name not in NAME_FIELDS]
    return [REFERENCE, *given]
