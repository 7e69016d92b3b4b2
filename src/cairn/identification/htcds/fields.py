"""The 84 fields of HTCDS 2.0, and what becomes of each on its way in and out."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.0"
# Our own first column: the standard has no number of a case (Field Standards 2.0), though it asks
# for one that stands in for the name.
REFERENCE: Final = "cairn_Reference"


class Way(StrEnum):
    """What becomes of a field. NONE: neither taken in nor given out."""

    BOTH = "both"
    IN = "in"
    OUT = "out"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `core`, `deprecated`: as the standard marks it."""

    name: str
    section: str
    core: bool
    deprecated: bool
    way: Way

    @property
    def is_taken(self) -> bool:
        return self.way in {Way.BOTH, Way.IN}

    @property
    def is_given(self) -> bool:
        return self.way in {Way.BOTH, Way.OUT}


# As in the table of fields: a star is core, a cross deprecated.
_SECTIONS: Final = {
    "organisation": "org_Name org_ShippingCity org_ShippingCountry org_ShippingState"
    " org_ShippingStreet org_ShippingPostalCode org_ShippingLongitude org_ShippingLatitude"
    " org_Phone org_Type",
    "person": "prs_Salutation* prs_FirstName* prs_MiddleName prs_SecondName* prs_Birthdate*"
    " prs_Gender* prs_Deceased prs_MaritalStatus prs_NumberOfChildren prs_PrimaryLanguage"
    " prs_SecondaryLanguage prs_HighestLevelOfEducation prs_Citizenship* prs_IdentityNumber"
    " prs_Title* prs_Email* prs_HomePhone* prs_MobilePhone* prs_MailingCity* prs_MailingCountry*"
    " prs_MailingState* prs_MailingStreet* prs_MailingPostalCode* prs_MailingLongitude"
    " prs_MailingLatitude",
    "context": "vic_AgreementToManagePersonalData+ vic_TraffickingStatus*"
    " vic_TraffickingStatusDecisionMakingOrg* vic_RelationshipToTrafficker vic_AgeWhenTrafficked"
    " vic_RecruitmentWebsitesAndApps vic_MethodOfRecruitment* vic_LocationOfRecruitment*"
    " vic_MethodsOfControl* vic_TypeOfExploitation* vic_ForcedLabourIndustry*"
    " vic_TypeOfSexExploitation* vic_LocationOfExploitation* vic_ExploitationWebsitesAndApps"
    " vic_Vulnerabilities*+ vic_DetailsOfVulnerabilities*+",
    "perpetrator": "per_RoleInProcess per_RoleDetails per_Organisation",
    "case": "cas_Status* cas_ReasonForCaseClosure* cas_CaseOwner*",
    "referral": "cas_ReferringOrganisation* cas_IncomingReferralDate*"
    " cas_ReferringPrimaryCaseWorker* cas_ReasonForIncomingReferral* cas_IncomingReferralDetails*"
    " cas_ReferredOrganisation* cas_ReferredPrimaryCaseWorker* cas_ReasonForOutgoingReferral*"
    " cas_OutgoingReferralDate* cas_OutgoingReferralDetails*",
    "comment": "cco_CaseComment",
    "event": "hte_Longitude hte_Latitude hte_City hte_Country hte_State hte_Street hte_PostalCode"
    " hte_Date hte_Type hte_Description",
    "plan": "spl_Objectives spl_ActionPlan spl_PlannedEndDate spl_ActualEndDate spl_Type",
    "consent": "con_Consent*",
}

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


def _way(name: str) -> Way:
    if name in _BOTH:
        return Way.BOTH
    if name in _IN:
        return Way.IN
    return Way.OUT if name in _OUT else Way.NONE


@cache
def fields() -> MappingProxyType[str, Field]:
    """Name -> field, in the order of the standard."""
    found: dict[str, Field] = {}
    for section, names in _SECTIONS.items():
        for marked in names.split():
            name = marked.rstrip("*+")
            marks = marked[len(name) :]
            found[name] = Field(name, section, "*" in marks, "+" in marks, _way(name))
    return MappingProxyType(found)


def columns(*, with_names: bool) -> list[str]:
    """The columns of a file that Cairn writes, our reference first; names only when asked for."""
    given = [name for name, field in fields().items() if field.is_given]
    if not with_names:
        given = [name for name in given if name not in NAME_FIELDS]
    return [REFERENCE, *given]
