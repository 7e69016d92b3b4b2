"""Columns of a file of persons, and codes of the standard that stand for ours."""

from types import MappingProxyType
from typing import Final

from cairn.core.htcds.fields import REFERENCE, fields

_USED: Final = frozenset(
    "prs_FirstName prs_SecondName prs_Birthdate prs_Gender prs_PrimaryLanguage"
    " prs_SecondaryLanguage prs_Citizenship cas_Status cas_ReferringOrganisation"
    " cas_IncomingReferralDate cas_ReasonForIncomingReferral cas_IncomingReferralDetails"
    " cas_ReferredOrganisation cas_ReasonForOutgoingReferral cas_OutgoingReferralDate"
    " cas_OutgoingReferralDetails cco_CaseComment spl_Objectives spl_ActionPlan"
    " spl_PlannedEndDate spl_ActualEndDate spl_Type con_Consent".split()
)
COLUMNS: Final = (REFERENCE, *(name for name in fields() if name in _USED))
# Of a person, and so on the first row only.
ABOUT_PERSON: Final = frozenset(
    name for name in COLUMNS if name.startswith(("prs_", "cco_", "con_"))
) | {
    "cas_Status",
    "cas_ReferringOrganisation",
    "cas_IncomingReferralDate",
    "cas_ReasonForIncomingReferral",
    "cas_IncomingReferralDetails",
}
# Before codes of ours in a field of text.
MARK: Final = "cairn:"

# In: what a person's sex is here. Out: "other" goes as what comes nearest to it.
SEX_OF_GENDER: Final = MappingProxyType(
    {
        "female": "female",
        "male": "male",
        "trans-feminine": "other",
        "trans-masculine": "other",
        "non-conforming": "other",
        "not-known": "",
    }
)
GENDER_OF_SEX: Final = MappingProxyType(
    {"female": "female", "male": "male", "other": "non-conforming"}
)
# Nine kinds of support against ours: out, the nearest; ours stands beside it as a code.
TYPE_OF_SERVICE: Final = MappingProxyType(
    {
        "shelter": "social-care",
        "health": "health",
        "mental-health": "health",
        "legal-aid": "legal",
        "interpretation": "social-care",
        "case-management": "social-care",
        "cash": "financial",
        "basic-needs": "social-care",
        "livelihood": "livelihood",
        "vocational-training": "livelihood",
        "education": "education",
        "family-tracing": "social-care",
        "child-protection": "social-care",
        "asylum": "legal",
        "documentation": "legal",
        "hotline": "social-care",
        "transport": "social-care",
        "return": "social-care",
        "reintegration": "livelihood",
    }
)
TYPE_OF_AREA: Final = MappingProxyType(
    {
        "safety": "social-care",
        "housing": "social-care",
        "health": "health",
        "mind": "recovery",
        "law": "legal",
        "family": "social-care",
        "education": "education",
        "work": "livelihood",
        "return": "social-care",
    }
)
# In, where a partner's file says a kind only.
AREA_OF_TYPE: Final = MappingProxyType(
    {
        "education": "education",
        "financial": "work",
        "health": "health",
        "work-rehabilitation": "work",
        "legal": "law",
        "livelihood": "work",
        "rights": "law",
        "recovery": "mind",
        "social-care": "safety",
    }
)


def coded(**codes: str) -> str:
    """Codes for a field of text: "cairn: need=health urgency=urgent"; empty ones stay out."""
    return coded_all(codes)


def coded_all(codes: dict[str, str]) -> str:
    pairs = [f"{name}={code}" for name, code in codes.items() if code]
    return f"{MARK} {' '.join(pairs)}" if pairs else ""


def uncoded(text: str) -> tuple[dict[str, str], str]:
    """(codes, words): codes on the first line where it begins with the mark, and what is left."""
    first, _newline, rest = text.strip().partition("\n")
    if not first.startswith(MARK):
        return {}, text.strip()
    pairs = [part.partition("=") for part in first.removeprefix(MARK).split()]
    return {name: code for name, _sign, code in pairs}, rest.strip()
