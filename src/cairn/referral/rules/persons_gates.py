"""What comes before anything is decided about a child: a guardian, and the child's best interests.

Whose age is disputed counts as a child (Council of Europe Convention on Action against Trafficking
in Human Beings, 2005, Art. 10(3); the guardian and the best interests: Art. 10(4)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.persons import AgeBand, is_treated_as_child
from cairn.referral.rules.persons_contact import AdultGround, PanelKind


class Question(TextChoices):
    """What is asked about a child's best interests."""

    PLACEMENT = "placement", gettext_lazy("Where should the child live for now?")
    TELLING = "telling", gettext_lazy("Should others be told about the child?")
    TRANSFER = "transfer", gettext_lazy("Should the child go to another place or authority?")
    FAMILY = "family", gettext_lazy("Should the family be contacted?")
    RETURN = "return", gettext_lazy("Should the child return?")


class BestOutcome(TextChoices):
    """What was found to be best."""

    YES = "yes", pgettext_lazy("best interests", "Yes")
    SAFEGUARDS = "with-safeguards", pgettext_lazy("best interests", "Yes, with safeguards")
    NOT_NOW = "not-now", pgettext_lazy("best interests", "Not now")
    NO = "no", pgettext_lazy("best interests", "No")


# A return cannot be taken back, so several professions determine it together: UNHCR Best
# Interests Procedure Guidelines (2021), on durable solutions and return.
DETERMINED = frozenset({Question.RETURN})
GOOD = frozenset({BestOutcome.YES, BestOutcome.SAFEGUARDS})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found to serve a child best in one question, until when it is looked at again."""

    question: str
    kind: str
    outcome: str
    decided_on: date
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Guarded:
    """From when until when somebody is guardian; `ends_on`: the last day, None for no end."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def is_guarded(age: str, guardians: Iterable[Guarded], day: date) -> bool:
    """Whether somebody stands by a child on `day`; always true for an adult."""
    return not is_treated_as_child(AgeBand(age)) or any(each.holds(day) for each in guardians)


def check_guarded(
    age: str, guardians: Iterable[Guarded], day: date, *, emergency: str = ""
) -> None:
    """Raise RuleBroken("person.guardian") for a child without a guardian on `day`.

    For consent, transfer, return. `emergency`: why it cannot wait, in words; then it may be done.
    """
    if is_guarded(age, guardians, day) or emergency.strip():
        return
    raise RuleBroken(
        "person.guardian",
        _("This is a child, or treated as one, and nobody is guardian on this day."),
        _("Record the guardian first. If a life is in danger, say why it cannot wait."),
    )


def serves_child(age: str, findings: Iterable[Finding], question: Question, day: date) -> bool:
    """Whether on `day` a finding that still holds says yes to `question`; true for an adult.

    `findings`: oldest first; the newest on this question counts. A return asks for a determination:
    a mere assessment after it that says no takes it away, one that says yes does not replace it.
    """
    if not is_treated_as_child(AgeBand(age)):
        return True
    found = [each for each in findings if each.question == question and each.decided_on <= day]
    if not found or not _holds(found[-1], day):
        return False
    if question not in DETERMINED:
        return True
    determined = [each for each in found if each.kind == PanelKind.DETERMINATION]
    return bool(determined) and _holds(determined[-1], day)


def _holds(finding: Finding, day: date) -> bool:
    return finding.outcome in GOOD and (finding.review_on is None or day <= finding.review_on)


def check_serves_child(
    age: str, findings: Iterable[Finding], question: Question, day: date
) -> None:
    """Raise RuleBroken("person.best-interests") unless `serves_child`."""
    if serves_child(age, findings, question, day):
        return
    if question in DETERMINED:
        raise RuleBroken(
            "person.best-interests",
            _("No determination that still holds says that this is in the child's best interests."),
            _("A panel determines it first; it is recorded on the page of the person."),
        )
    raise RuleBroken(
        "person.best-interests",
        _("Nobody has found, so that it still holds, that this is in the child's best interests."),
        _("Record what was found on the page of the person."),
    )


def check_finding(
    decided_by: str, decided_on: date, review_on: date | None, *, today: date
) -> None:
    """Raise RuleBroken("interests.by", "interests.day" or "interests.review")."""
    if not decided_by.strip():
        raise RuleBroken(
            "interests.by", _("Say who sat together, by function: no names of persons.")
        )
    if decided_on > today:
        raise RuleBroken("interests.day", _("Nothing was found on a day that is still to come."))
    if review_on is not None and review_on <= decided_on:
        raise RuleBroken(
            "interests.review", _("It is looked at again on a later day than it was found.")
        )


def check_panel(kind: str, question: str, outcome: str) -> None:
    """Raise RuleBroken("interests.kind") where an assessment would open what a panel determines."""
    if question in DETERMINED and outcome in GOOD and kind != PanelKind.DETERMINATION:
        raise RuleBroken(
            "interests.kind",
            _("That a child returns is determined by a panel, not by one colleague."),
            _("Choose the determination, or record that it is not in the child's interests."),
        )


def check_assessed(assessed_on: date, review_on: date | None, *, today: date) -> None:
    """Raise RuleBroken("assessment.day" or "assessment.review") for days out of order."""
    if assessed_on > today:
        raise RuleBroken("assessment.day", _("This day is still to come."))
    if review_on is not None and review_on <= assessed_on:
        raise RuleBroken("assessment.review", _("It is looked at again on a later day."))


def check_age(now: str, to: str, ground: str) -> None:
    """Raise RuleBroken("person.adult") when a child becomes an adult on paper without a ground.

    The protection for children ends with it. `ground`: a code of AdultGround.
    """
    was_child, is_child = is_treated_as_child(AgeBand(now)), is_treated_as_child(AgeBand(to))
    if was_child and not is_child and ground not in AdultGround.values:
        raise RuleBroken(
            "person.adult",
            _("Say on what it rests that this person is an adult: what protects a child ends."),
        )


def check_guardian(appointed_by: str, name: str, starts_on: date, ends_on: date | None) -> None:
    """Raise RuleBroken("guardian.by", "guardian.name" or "guardian.days")."""
    if not appointed_by.strip():
        raise RuleBroken(
            "guardian.by", _("Name the court or authority that appointed the guardian.")
        )
    if not name.strip():
        raise RuleBroken("guardian.name", _("Name the guardian. The name is sealed."))
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("guardian.days", _("It ends on its first day or later."))


def check_guardian_end(starts_on: date, until: date | None, ends_on: date) -> None:
    """Raise RuleBroken("guardian.days") for an end before the start, or later than one set."""
    if ends_on < starts_on or (until is not None and ends_on > until):
        raise RuleBroken(
            "guardian.days", _("It ends on a day from its first day to the end that was set.")
        )


def check_child(age: str) -> None:
    """Raise RuleBroken("interests.child") for an adult, who decides for themselves."""
    if not is_treated_as_child(AgeBand(age)):
        raise RuleBroken(
            "interests.child",
            _("This person counts as an adult, who decides for themselves."),
            _("Change the age first where somebody may be a child: the doubt is enough."),
        )


def check_alias(name: str) -> None:
    """Raise RuleBroken("alias.name") for no name."""
    if not name.strip():
        raise RuleBroken("alias.name", _("Write the other name. It is sealed."))


def check_alias_used(ended_on: date | None) -> None:
    """Raise RuleBroken("alias.ended") for a name that is out of use already."""
    if ended_on is not None:
        raise RuleBroken("alias.ended", _("It is noted already that this name is not used."))


def nothing_sealed() -> str:
    """Said where somebody opens a page on which nothing is sealed."""
    return _("Nothing is sealed here yet.")
