"""Coded facts of a report that only a partner's file brings: our codes, their checks, their words.

They stand in a content under "facts": {fact: [codes]}. A partner's "status" is what the partner
says, never a decision.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import pycountry
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import geography
from cairn.core.htcds.codes import LISTS, SEVERAL, WITHOUT_A_CODE
from cairn.core.language import language

# Fact -> field of the standard, in the order of the standard. Only core fields, and the second
# language that an interpreter may need.
FIELDS: Final = MappingProxyType(
    {
        "gender": "prs_Gender",
        "second-language": "prs_SecondaryLanguage",
        "citizenship": "prs_Citizenship",
        "status": "vic_TraffickingStatus",
        "decided-by": "vic_TraffickingStatusDecisionMakingOrg",
        "recruitment": "vic_MethodOfRecruitment",
        "control": "vic_MethodsOfControl",
        "exploitation": "vic_TypeOfExploitation",
        "industry": "vic_ForcedLabourIndustry",
        "sexual": "vic_TypeOfSexExploitation",
        "case-status": "cas_Status",
        "referral-reason": "cas_ReasonForIncomingReferral",
    }
)
# More countries or codes than these nobody has; it bounds what a report may hold.
MOST: Final = 30

LABELS: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "gender": _("Gender, as the partner wrote it"),
        "second-language": _("Second language"),
        "citizenship": _("Citizenship"),
        "status": _("What the partner says of the person"),
        "decided-by": _("Who said so, as the partner wrote it"),
        "recruitment": _("How the person was recruited"),
        "control": _("Means of control"),
        "exploitation": _("Kind of exploitation"),
        "industry": _("Kind of work"),
        "sexual": _("Kind of sexual exploitation"),
        "case-status": _("State of the partner's case"),
        "referral-reason": _("Why the partner refers"),
    }
)

WORDS: Final[Mapping[str, Mapping[str, Promise]]] = MappingProxyType(
    {
        "gender": {
            "female": _("Female"),
            "male": _("Male"),
            "trans-feminine": _("Transgender, feminine"),
            "trans-masculine": _("Transgender, masculine"),
            "non-conforming": _("Does not conform to a gender"),
            "not-known": _("Not said or not known"),
        },
        "status": {
            "possible": _("Possibly trafficked"),
            "actual": _("Trafficked"),
            "not": _("Not trafficked"),
        },
        "decided-by": {
            "police": _("Police"),
            "ngo": _("Non-governmental organisation"),
            "justice": _("Court or prosecution"),
            "government": _("Another body of the government"),
            "other": pgettext_lazy("body that decides", "Other"),
        },
        "recruitment": {
            "place-of-business": _("At a place of business"),
            "school": _("At a school or university"),
            "work": _("At work"),
            "social-networks": _("Through social networks online"),
            "online-advertisement": _("Through an advertisement online"),
            "television": _("Through an advertisement on television"),
            "newspaper": _("Through an advertisement in a newspaper"),
            "family": _("Through family"),
            "friends": _("Through friends or at a gathering"),
            "other": pgettext_lazy("way of recruiting", "Other"),
        },
        "control": {
            "threats": _("Threats of violence"),
            "threats-of-authorities": _("Threats to call the authorities"),
            "threats-to-family": _("Threats to children or family"),
            "debt": _("Debt"),
            "promises": _("False promises"),
            "violence": _("Violence"),
            "sexual-violence": _("Sexual violence"),
            "earnings": _("Takes the earnings"),
            "money": _("Keeps the person from money"),
            "medical-care": _("Keeps the person from medical care"),
            "necessities": _("Withholds what the person needs to live"),
            "psychological": _("Psychological violence"),
            "substances": _("Drugs or alcohol"),
            "hours": _("Excessive hours of work"),
            "documents": _("Keeps the documents"),
            "restricts-movement": _("Restricts movement"),
            "uses-children": _("Uses the person's children"),
            "other": pgettext_lazy("means of control", "Other"),
        },
        "exploitation": {
            "labour": _("Forced labour"),
            "sexual": _("Sexual exploitation"),
            "child-labour": _("Child labour"),
            "marriage": _("Forced marriage"),
            "servitude": _("Servitude"),
            "armed-group": _("Forced into an armed group"),
            "organs": _("Removal of organs"),
            "begging": _("Forced begging"),
            "adoption": _("Forced adoption"),
            "surrogacy": _("Surrogacy"),
            "other": pgettext_lazy("kind of exploitation", "Other"),
        },
        "industry": {
            "isic-a": _("Agriculture, forestry and fishing"),
            "isic-b": _("Mining and quarrying"),
            "isic-c": _("Manufacturing"),
            "isic-d": _("Electricity, gas and steam"),
            "isic-e": _("Water, sewerage and waste"),
            "isic-f": _("Construction"),
            "isic-g": _("Trade and repair of vehicles"),
            "isic-h": _("Transport and storage"),
            "isic-i": _("Accommodation and food"),
            "isic-j": _("Information and communication"),
            "isic-k": _("Finance and insurance"),
            "isic-l": _("Real estate"),
            "isic-m": _("Professional, scientific and technical work"),
            "isic-n": _("Administrative and support services"),
            "isic-o": _("Public administration and defence"),
            "isic-p": pgettext_lazy("branch of the economy", "Education"),
            "isic-q": _("Health and social work"),
            "isic-r": _("Arts, entertainment and recreation"),
            "isic-s": _("Other services"),
            "isic-t": _("Work in private households"),
            "isic-u": _("Extraterritorial organisations"),
        },
        "sexual": {
            "prostitution": _("Prostitution"),
            "pornography": _("Pornography"),
            "remote": _("Online, in front of a camera"),
            "private": _("Private sexual services"),
        },
        "case-status": {
            "active": pgettext_lazy("state of a partner's case", "Active"),
            "follow-up": pgettext_lazy("state of a partner's case", "Being followed up"),
            "closed": pgettext_lazy("state of a partner's case", "Closed"),
            "referred": pgettext_lazy("state of a partner's case", "Closed, referred on"),
        },
        "referral-reason": {
            "more-services": _("More services are needed"),
            "move": _("The person moves or moved"),
            "other": pgettext_lazy("reason of a referral", "Other"),
        },
    }
)


def known_codes(fact: str) -> frozenset[str]:
    """Our codes for a fact that has a list. Raises KeyError for countries and languages."""
    own = {ours for ours, _theirs in LISTS[FIELDS[fact]]}
    return frozenset(own | set(WITHOUT_A_CODE)) if fact == "control" else frozenset(own)


def is_language(code: str) -> bool:
    """True for a code of ISO 639-1 (two letters) or ISO 639-2 (three)."""
    name = {2: "alpha_2", 3: "alpha_3"}.get(len(code))
    return name is not None and pycountry.languages.get(**{name: code}) is not None


def _is_code(fact: str, code: Any) -> bool:
    if not isinstance(code, str):
        return False
    if fact == "citizenship":
        return len(code) == 3 and pycountry.countries.get(alpha_3=code) is not None
    if fact == "second-language":
        return is_language(code)
    return code in known_codes(fact)


def facts_flaws(value: Any) -> list[str]:
    """What is wrong with the "facts" of a content, as codes; an empty list when nothing is."""
    if not isinstance(value, Mapping):
        return ["facts-shape"]
    flaws = set()
    for fact, codes in value.items():
        if fact not in FIELDS:
            flaws.add("facts-unknown")
        elif not isinstance(codes, list) or not 1 <= len(codes) <= MOST:
            flaws.add("facts-shape")
        elif len(codes) > 1 and FIELDS[fact] not in SEVERAL:
            flaws.add("facts-several")
        elif not all(_is_code(fact, code) for code in codes) or len(set(codes)) < len(codes):
            flaws.add("facts-code")
    return sorted(flaws)


def _word(fact: str, code: str) -> str:
    if fact == "citizenship":
        return geography.country_name(code, language())
    if fact == "second-language":
        return language_name(code)
    return str(WORDS[fact].get(code, code))


def language_name(code: str) -> str:
    """The English name of a language, or its code."""
    name = {2: "alpha_2", 3: "alpha_3"}.get(len(code))
    found = pycountry.languages.get(**{name: code}) if name else None
    return str(found.name) if found else code


def shown(value: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Facts for a page: (label, words), in the order of the standard. Unknown ones stay out."""
    return [
        (str(LABELS[fact]), [_word(fact, code) for code in value[fact]])
        for fact in FIELDS
        if value.get(fact)
    ]
