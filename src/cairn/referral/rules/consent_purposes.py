"""The register of purposes: for each what it means in plain words, on which legal bases it may
stand, and what may be told at most. Pure.

Consent is often not the right basis where somebody depends on help (ICRC Handbook on Data
Protection in Humanitarian Action, third edition, 2024, on legal bases), so every purpose names
its own. Danger to life is on no list: it is stated, with its reason, on the very act.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, LegalBasis, Purpose

B, C = LegalBasis, DataCategory


@dataclass(frozen=True, slots=True)
class PurposeRule:
    """`sentence`: what it is for, as it is said to the person. `most`: what may be told at most.

    `source`: where the bases come from: document, article.
    """

    bases: tuple[LegalBasis, ...]
    most: frozenset[DataCategory]
    sentence: Promise
    source: str


_PERSONAL: Final = frozenset({C.NEED, C.CONTACT, C.IDENTITY, C.FAMILY, C.SAFETY})
_HELP: Final = _PERSONAL | {C.HEALTH, C.ASSISTANCE}

PURPOSES: Final[Mapping[Purpose, PurposeRule]] = {
    Purpose.ASSISTANCE: PurposeRule(
        (B.CONSENT, B.CONTRACT, B.PUBLIC_INTEREST, B.LEGITIMATE_INTEREST),
        _HELP,
        gettext_lazy("So that somebody can help you with what you need."),
        "Regulation (EU) 2016/679, Art. 6(1)(a), (b), (e), (f); Protocol to Prevent, Suppress and "
        "Punish Trafficking in Persons (2000), Art. 6(3)",
    ),
    Purpose.HEALTH: PurposeRule(
        (B.CONSENT, B.PUBLIC_INTEREST, B.LEGAL_DUTY),
        _HELP,
        gettext_lazy("So that a health worker can treat you."),
        "Regulation (EU) 2016/679, Art. 6(1)(a), (c), (e) and 9(2)(a), (h)",
    ),
    Purpose.LEGAL_AID: PurposeRule(
        (B.CONSENT, B.CONTRACT),
        frozenset(C),
        gettext_lazy("So that a lawyer can advise you and speak for you."),
        "Regulation (EU) 2016/679, Art. 6(1)(a), (b) and 9(2)(a), (f)",
    ),
    Purpose.CHILD_CARE: PurposeRule(
        (B.CONSENT, B.LEGAL_DUTY, B.PUBLIC_INTEREST),
        _HELP,
        gettext_lazy("So that somebody can take care of you as a child has a right to."),
        "Convention on the Rights of the Child (1989), Art. 19 and 20; Regulation (EU) 2016/679, "
        "Art. 6(1)(a), (c), (e)",
    ),
    Purpose.FAMILY_TRACING: PurposeRule(
        (B.CONSENT, B.PUBLIC_INTEREST),
        frozenset({C.IDENTITY, C.FAMILY, C.CONTACT}),
        gettext_lazy("So that your family can be looked for, if you wish it."),
        "Convention on the Rights of the Child (1989), Art. 22(2); Regulation (EU) 2016/679, "
        "Art. 6(1)(a), (e)",
    ),
    Purpose.IDENTIFICATION: PurposeRule(
        (B.CONSENT, B.LEGAL_DUTY),
        _PERSONAL | {C.LEGAL, C.ACCOUNT},
        gettext_lazy(
            "So that an authority can find which rights you have. The help does not depend on it."
        ),
        "Convention on Action against Trafficking in Human Beings (Council of Europe, 2005), "
        "Art. 10 and 12(6); Regulation (EU) 2016/679, Art. 6(1)(a), (c)",
    ),
    Purpose.RETURN: PurposeRule(
        (B.CONSENT,),
        _HELP | {C.LEGAL},
        gettext_lazy("So that your return can be prepared, if you wish it, and you are received."),
        "Convention on Action against Trafficking in Human Beings (Council of Europe, 2005), "
        "Art. 16(2) and 16(7)",
    ),
    Purpose.SAFETY: PurposeRule(
        (B.CONSENT, B.LEGAL_DUTY, B.PUBLIC_INTEREST),
        _PERSONAL,
        gettext_lazy("So that somebody can keep you, or somebody near you, safe."),
        "Regulation (EU) 2016/679, Art. 6(1)(a), (c), (e); Trafficking Protocol (2000), Art. 6(5)",
    ),
    # The whole file goes, so all of it may be named; and all of it has to be, before it goes.
    Purpose.TRANSFER: PurposeRule(
        (B.CONSENT, B.LEGAL_DUTY, B.PUBLIC_INTEREST),
        frozenset(C),
        gettext_lazy("So that another organisation takes over the help, and your whole file."),
        "Regulation (EU) 2016/679, Art. 6(1)(a), (c), (e) and 9(2)(a)",
    ),
}


def check_asked(purpose: Purpose, basis: LegalBasis, categories: Collection[str]) -> None:
    """Raise RuleBroken unless this may be asked for this purpose.

    "consent.vital": danger to life is not stated in advance. "consent.basis": the purpose cannot
    stand on it. "consent.categories": nothing is named, or more than the purpose needs.
    """
    rule = PURPOSES[purpose]
    if basis == LegalBasis.VITAL_INTEREST:
        raise RuleBroken(
            "consent.vital",
            _("Danger to life is stated when something is done, never in advance."),
            _("Choose another basis; in danger, send the referral as an emergency and say why."),
        )
    if basis not in rule.bases:
        raise RuleBroken(
            "consent.basis",
            _("“%(purpose)s” cannot stand on this legal basis: %(basis)s.")
            % {"purpose": purpose.label, "basis": basis.label},
            _("These are possible: %(bases)s.")
            % {"bases": ", ".join(str(each.label) for each in rule.bases)},
        )
    if not categories:
        raise RuleBroken("consent.categories", _("Choose what may be told."))
    if too_much := [each for each in DataCategory if each in categories and each not in rule.most]:
        raise RuleBroken(
            "consent.categories",
            _("This is more than the purpose needs: %(categories)s.")
            % {"categories": ", ".join(str(each.label) for each in too_much)},
            _("Leave it out, or ask for it under another purpose."),
        )
    if set(categories) - set(DataCategory.values):
        raise RuleBroken("consent.categories", _("Choose what may be told."))
