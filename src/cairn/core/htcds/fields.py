"""The 84 fields of HTCDS 2.0, as the standard marks them."""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

VERSION: Final = "2.0"
# Our own first column: the standard has no number of a case (Field Standards 2.0), though it asks
# for one that stands in for the name.
REFERENCE: Final = "cairn_Reference"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `core`, `deprecated`: as the standard marks it."""

    name: str
    section: str
    core: bool
    deprecated: bool


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


@cache
def fields() -> MappingProxyType[str, Field]:
    """Name -> field, in the order of the standard."""
    found: dict[str, Field] = {}
    for section, names in _SECTIONS.items():
        for marked in names.split():
            name = marked.rstrip("*+")
            marks = marked[len(name) :]
            found[name] = Field(name, section, "*" in marks, "+" in marks)
    return MappingProxyType(found)
