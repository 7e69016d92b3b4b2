"""What a practice says of itself, in listed words, and the way from a draft to the registry.

The parts of the form, and the fifteen guidelines, are those of the Migrants in Countries in Crisis
Initiative (MICIC, 2016), whose registry the practice of source 002 stands in; the words are ours.
"""

import unicodedata
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken


class PracticeState(models.TextChoices):
    """From the first words to the registry. Codes stand for themselves in addresses and files."""

    DRAFT = "draft", pgettext_lazy("practice", "Draft")
    IN_REVIEW = "in-review", pgettext_lazy("practice", "In review")
    PUBLISHED = "published", pgettext_lazy("practice", "Published")
    REPLACED = "replaced", pgettext_lazy("practice", "Replaced by a later version")
    WITHDRAWN = "withdrawn", pgettext_lazy("practice", "Withdrawn")


class PracticeType(models.TextChoices):
    TRAINING = "training", _("Training and capacity building")
    LAW = "law", _("Law and policy")
    COORDINATION = "coordination", _("Coordination and agreements")
    INFORMATION = "information", _("Information and communication")
    DATA = "data", _("Data and research")
    PREPAREDNESS = "preparedness", _("Planning and preparedness")
    EVACUATION = "evacuation", _("Relocation and evacuation")
    ASSISTANCE = "assistance", _("Referral and assistance")
    RECOVERY = "recovery", _("Return and recovery")
    OTHER = "other", pgettext_lazy("type of practice", "Other")


class StakeholderType(models.TextChoices):
    STATE = "state", pgettext_lazy("stakeholder", "States")
    INTERNATIONAL = "international", _("International organisations")
    REGIONAL = "regional", _("Regional organisations")
    CIVIL_SOCIETY = "civil-society", _("Civil society")
    PRIVATE = "private", _("Private sector")
    MIGRANTS = "migrants", _("Migrants and diaspora")
    RESEARCH = "research", _("Universities and research")
    OTHER = "other", pgettext_lazy("stakeholder", "Other")


class CrisisType(models.TextChoices):
    CONFLICT = "conflict", _("Conflict")
    DISASTER = "disaster", _("Natural disaster")
    OTHER = "other", pgettext_lazy("crisis", "Other")


class CrisisPhase(models.TextChoices):
    PREPAREDNESS = "preparedness", _("Crisis preparedness")
    EMERGENCY = "emergency", _("Emergency response")
    AFTER = "after", _("Post-crisis action")


class Guideline(models.TextChoices):
    """The guidelines by number; each label leads with its thematic area."""

    G1 = "1", _("1. Early warning: follow conflicts and natural hazards that may reach migrants")
    G2 = "2", _("2. Data on migrants: collect and share it with care for privacy and safety")
    G3 = "3", _("3. Strength of migrants: help them to help themselves, families and communities")
    G4 = "4", _("4. Inclusion: make migrants part of prevention, preparedness and response")
    G5 = "5", _("5. Contingency plans: prepare with migrants, and for what they need and can do")
    G6 = "6", _("6. Communication before a crisis: reach migrants in ways that they understand")
    G7 = "7", _("7. Agreements: settle early who works with whom, and build trust")
    G8 = "8", _("8. Capacity building: learn, and be ready for response and recovery")
    G9 = "9", _("9. Communication in a crisis: tell often and widely what happens and who helps")
    G10 = "10", _("10. Safe movement: open the way for migrants to reach safety")
    G11 = "11", _("11. Humanitarian assistance: help migrants without discrimination")
    G12 = "12", _("12. Referral: make clear who sends whom to which service")
    G13 = "13", _("13. Relocation and evacuation: move migrants where they have to be moved")
    G14 = "14", _("14. Recovery: meet urgent needs, and help migrants to rebuild their lives")
    G15 = "15", _("15. Host communities: support those among whom migrants live")


# Lists of a practice, and the words that each may hold.
LISTS: dict[str, type[models.TextChoices]] = {
    "stakeholder_types": StakeholderType,
    "crisis_types": CrisisType,
    "crisis_phases": CrisisPhase,
    "guidelines": Guideline,
}
LEAST_DESCRIBED = 80  # letters; a judgement: two sentences that another could act on


def folded(texts: Iterable[str]) -> str:
    """Texts as one that is searched: lower case, no accents or Arabic marks, single spaces."""
    plain = unicodedata.normalize("NFKD", " · ".join(texts)).casefold()
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def check_changeable(state: str) -> None:
    """Raises RuleBroken ("practice.state") for what is not a draft."""
    if state != PracticeState.DRAFT:
        raise RuleBroken(
            "practice.state",
            _now("Only a draft is changed."),
            _now("Send it back to its writer first, or write a later version."),
        )


def check_ready(state: str, description: str, countries: Collection[str]) -> None:
    """What a reviewer needs. Raises RuleBroken ("practice.state", "practice.thin")."""
    check_changeable(state)
    if len(description.strip()) < LEAST_DESCRIBED or not countries:
        raise RuleBroken(
            "practice.thin",
            _now("A practice in review names a country and describes what was done."),
            _now("Say what was done, with whom, and what others can learn, in a few sentences."),
        )


def check_reviewing(state: str, writers: Collection[str], reviewer: UUID) -> None:
    """Raises RuleBroken ("practice.state", "practice.two-persons")."""
    if state != PracticeState.IN_REVIEW:
        raise RuleBroken(
            "practice.state",
            _now("This practice does not wait for a review."),
            _now("Its writer sends it to review first."),
        )
    if str(reviewer) in writers:
        raise RuleBroken(
            "practice.two-persons",
            _now("Whoever wrote a practice does not publish it."),
            _now("Ask somebody who had no part in writing it."),
        )


def check_published(state: str) -> None:
    """Raises RuleBroken ("practice.state") for what is not in the registry."""
    if state != PracticeState.PUBLISHED:
        raise RuleBroken(
            "practice.state",
            _now("This practice is not in the registry."),
            _now("Look for its later version."),
        )


def check_version(held: int, seen: int) -> None:
    """Raises RuleBroken ("practice.version") when somebody else was faster."""
    if held != seen:
        raise RuleBroken(
            "practice.version",
            _now("Somebody else changed this practice meanwhile."),
            _now("Read it as it stands now, and then save or decide again."),
        )


def check_reason(reason: str) -> None:
    """Raises RuleBroken ("practice.reason")."""
    if not reason.strip():
        raise RuleBroken(
            "practice.reason",
            _now("The reason is missing."),
            _now("Say in a sentence why, so that the writer knows what to do."),
        )
