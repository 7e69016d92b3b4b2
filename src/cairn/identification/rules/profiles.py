"""What the law of a country says about identification: who decides, how sure, what opens and ends.

Pure values. Where a country has no profile, or its profile forgets something, a floor holds: what
the Council of Europe Convention on Action against Trafficking in Human Beings (2005) asks of every
party is given to everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.procedures import (
    NEGATIVE,
    REVIEWED,
    STANDARDS,
    Stage,
    Standard,
    State,
    check_source,
)

# "A recovery and reflection period of at least 30 days": the Convention, Art. 13(1).
REFLECTION_DAYS = 30
# How long a negative decision can be taken to review, counted from the day on which the person was
# told of it. No treaty gives a number: thirty days are a judgement of this platform.
REVIEW_DAYS = 30
# Longer than this is a slip of the pen.
MOST_DAYS = 10 * 366


class AuthorityKind(TextChoices):
    """What kind of authority decides. Which of them may, the profile of the country says."""

    POLICE = "police", gettext_lazy("Police")
    PROSECUTION = "prosecution", gettext_lazy("Prosecution service")
    MIGRATION = "migration", gettext_lazy("Migration or asylum authority")
    LABOUR = "labour", gettext_lazy("Labour inspection")
    SOCIAL = "social", gettext_lazy("Social services")
    PANEL = "panel", gettext_lazy("Panel of several authorities")
    COURT = "court", gettext_lazy("Court")
    NGO = "ngo", gettext_lazy("Non-governmental organisation that the law names")


class Right(TextChoices):
    """What a decision opens for the person."""

    ASSISTANCE = "assistance", gettext_lazy("Assistance")
    NO_REMOVAL = "no-removal", gettext_lazy("No removal from the country")
    REFLECTION = "reflection-period", gettext_lazy("Time for recovery and reflection")
    RESIDENCE = "residence", gettext_lazy("Residence permit")
    LEGAL_AID = "legal-aid", gettext_lazy("Legal aid")
    NON_PUNISHMENT = "non-punishment", gettext_lazy("Non-punishment is considered")


# Stages that can open rights, and decisions that can end some: the negative ones, and the end of
# the procedure that the person wished.
OPENING_STAGES = (Stage.OPENING, Stage.REASONABLE_GROUNDS, Stage.CONCLUSIVE)
ENDING = NEGATIVE | {State.DISCONTINUED}

# Reasonable grounds open these whatever a profile says: assistance and no removal until
# identification is completed (the Convention, Art. 10(2) and Art. 12), and time to recover and to
# reflect (Art. 13(1)).
FLOOR = frozenset({Right.ASSISTANCE, Right.NO_REMOVAL, Right.REFLECTION})
# These two last until a decision ends them, never for a number of days: the Convention says
# "until the identification process is completed" (Art. 10(2)), and help goes by need.
WITHOUT_DAYS = frozenset({Right.ASSISTANCE, Right.NO_REMOVAL})
# Help is never ended by a decision on identification: whoever helps and the person agree on that.
NEVER_ENDED = frozenset({Right.ASSISTANCE})

Opens = Mapping[Stage, Mapping[Right, int | None]]
Ends = Mapping[State, frozenset[Right]]


@dataclass(frozen=True, slots=True)
class Profile:
    """The law of a country (`country`: ISO 3166-1 alpha-3), as far as this platform goes by it.

    `deciders`: the kinds of authority that may decide; empty where no profile names any, then each
    may. `standards`: which of the possible standards a stage takes; a stage that is not there takes
    each. `opens`: stage -> right -> days, None for a right that lasts until a decision ends it.
    `ends`: decision -> rights that it ends by law. `languages`: ISO 639 codes in which a decision
    is told without an interpreter. `mandatory_reporting`: whom officers must tell by law, as text.
    """

    country: str = ""
    deciders: frozenset[AuthorityKind] = frozenset()
    standards: Mapping[Stage, frozenset[Standard]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    opens: Opens = field(default_factory=lambda: MappingProxyType({}))
    ends: Ends = field(default_factory=lambda: MappingProxyType({}))
    reflection_days: int = REFLECTION_DAYS
    review_days: int = REVIEW_DAYS
    investigator_may_decide: bool = False
    mandatory_reporting: str = ""
    languages: tuple[str, ...] = ()
    source: str = ""

    def rights_opened(self, stage: Stage) -> dict[Right, int | None]:
        """What a stage opens with its length in days, the floor included; in the order of Right.

        The time for reflection has no length here: its days are counted once it runs.
        """
        given = dict(self.opens.get(stage, {}))
        if stage is Stage.REASONABLE_GROUNDS:
            given |= dict.fromkeys(FLOOR, None)
        if Right.REFLECTION in given:  # nobody is removed meanwhile: the Convention, Art. 13(1)
            given[Right.NO_REMOVAL] = None
        given |= {right: None for right in WITHOUT_DAYS | {Right.REFLECTION} if right in given}
        return {right: given[right] for right in Right if right in given}

    def rights_ended(self, outcome: State) -> frozenset[Right]:
        """What a decision ends: only what the law says, and never help by itself."""
        if outcome not in ENDING:
            return frozenset()
        return self.ends.get(outcome, frozenset()) - NEVER_ENDED

    def takes(self, outcome: State, reviewed: State | None = None) -> frozenset[Standard]:
        """By which standards `outcome` is decided here; after a review, by those of `reviewed`."""
        judged = reviewed if outcome in REVIEWED and reviewed is not None else outcome
        possible = STANDARDS.get(judged, frozenset())
        stage = STAGE_OF_LAW.get(judged)
        if stage is None or stage not in self.standards:
            return possible
        return possible & self.standards[stage]

    def stored(self) -> dict[str, Any]:
        """What the columns of a stored profile hold, as JSON takes it. `of` reads it again."""
        return {
            "country": self.country,
            "deciders": [each.value for each in AuthorityKind if each in self.deciders],
            "standards": {
                stage.value: [each.value for each in Standard if each in chosen]
                for stage, chosen in self.standards.items()
            },
            "opens": {
                stage.value: {right.value: given[right] for right in Right if right in given}
                for stage, given in self.opens.items()
            },
            "ends": {
                outcome.value: [right.value for right in Right if right in ended]
                for outcome, ended in self.ends.items()
            },
            "reflection_days": self.reflection_days,
            "review_days": self.review_days,
            "investigator_may_decide": self.investigator_may_decide,
            "mandatory_reporting": self.mandatory_reporting,
            "languages": list(self.languages),
            "source": self.source,
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """The profile that `stored` gave; raises ValueError for codes that are not known."""
        return cls(
            **(
                dict(stored)
                | {
                    "deciders": frozenset(map(AuthorityKind, stored["deciders"])),
                    "standards": {
                        Stage(stage): frozenset(map(Standard, chosen))
                        for stage, chosen in stored["standards"].items()
                    },
                    "opens": {
                        Stage(stage): {Right(right): days for right, days in given.items()}
                        for stage, given in stored["opens"].items()
                    },
                    "ends": {
                        State(outcome): frozenset(map(Right, ended))
                        for outcome, ended in stored["ends"].items()
                    },
                    "languages": tuple(stored["languages"]),
                }
            )
        )


# The stage whose standard the law of a country narrows, by outcome.
STAGE_OF_LAW: Mapping[State, Stage] = MappingProxyType(
    {
        State.REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
        State.NO_REASONABLE_GROUNDS: Stage.REASONABLE_GROUNDS,
        State.CONCLUSIVE_POSITIVE: Stage.CONCLUSIVE,
        State.CONCLUSIVE_NEGATIVE: Stage.CONCLUSIVE,
    }
)


def check_profile(profile: Profile) -> None:
    """Raise RuleBroken for a profile that cannot be the law of a country as we go by it.

    "profile.source": no law or order. "profile.reflection": fewer days than the Convention gives.
    "profile.review", "profile.days": a number of days that is none. "profile.ends": a decision
    that would end help. "profile.opens": days for a right that lasts until a decision.
    "profile.standards": a standard that no decision of this stage takes.
    """
    check_source(profile.source)
    if not REFLECTION_DAYS <= profile.reflection_days <= MOST_DAYS:
        raise RuleBroken(
            "profile.reflection",
            _("The time for reflection is at least %(days)d days.") % {"days": REFLECTION_DAYS},
            _("See Article 13 of the Council of Europe Convention of 2005."),
        )
    if not 0 <= profile.review_days <= MOST_DAYS:
        raise RuleBroken("profile.review", _("Give the days for a review as a number from 0 on."))
    if any(NEVER_ENDED & ended for ended in profile.ends.values()):
        raise RuleBroken(
            "profile.ends",
            _("No decision on identification ends assistance: help goes by need."),
        )
    if set(profile.ends) - ENDING:
        raise RuleBroken("profile.ends", _("Only a negative decision or an end can end rights."))
    _check_opened(profile.opens)
    for stage, chosen in profile.standards.items():
        possible = {
            standard
            for outcome, of_law in STAGE_OF_LAW.items()
            if of_law == stage
            for standard in STANDARDS[outcome]
        }
        if not chosen or chosen - possible:
            raise RuleBroken(
                "profile.standards", _("A stage takes at least one of its possible standards.")
            )


def _check_opened(opens: Opens) -> None:
    if set(opens) - set(OPENING_STAGES):
        raise RuleBroken("profile.opens", _("This stage opens no rights."))
    for given in opens.values():
        for right, days in given.items():
            if days is None:
                continue
            if right in WITHOUT_DAYS | {Right.REFLECTION}:
                raise RuleBroken(
                    "profile.opens",
                    _("“%(right)s” has no number of days here.") % {"right": right.label},
                )
            if not 1 <= days <= MOST_DAYS:
                raise RuleBroken("profile.days", _("Give a number of days from 1 on, or none."))


def check_authority_kind(kind: str, outcome: State, profile: Profile) -> None:
    """Raise RuleBroken("decision.authority-kind") when this kind of authority may not decide.

    Opening the assessment, taking a review up and recording that the person ends the procedure
    find nothing about the person, so any authority may. Where the profile names nobody, each may.
    """
    if outcome in {State.UNDER_ASSESSMENT, State.UNDER_REVIEW, State.DISCONTINUED}:
        return
    if profile.deciders and kind not in profile.deciders:
        raise RuleBroken(
            "decision.authority-kind",
            _("By the profile of the country this kind of authority does not decide."),
            _("The profile names the kinds of authority that do. Hand the procedure to one."),
        )
