"""Mobile training teams: their states, their tasks, and the words for what one lacks. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.core.errors import RuleBroken
from cairn.training.rules.choices import Profession
from cairn.training.rules.states import Moves, check_move
from cairn.training.rules.team_needs import Gap, Need, Requirement


class TeamState(TextChoices):
    """Source: the training study, 6.4."""

    FORMING = "forming", gettext_lazy("Forming")
    COMPLETE = "complete", gettext_lazy("Complete")
    TASKED = "tasked", gettext_lazy("Tasked")
    DEPLOYED = "deployed", gettext_lazy("Deployed")
    RETURNED = "returned", gettext_lazy("Returned")
    STOOD_DOWN = "stood-down", gettext_lazy("Stood down")


_T = TeamState
TEAM_MOVES: Moves[TeamState] = {
    _T.FORMING: frozenset({_T.COMPLETE, _T.STOOD_DOWN}),
    # Somebody leaves, or a vetting lapses: a complete team can be forming again.
    _T.COMPLETE: frozenset({_T.FORMING, _T.TASKED, _T.STOOD_DOWN}),
    _T.TASKED: frozenset({_T.FORMING, _T.DEPLOYED, _T.STOOD_DOWN}),
    _T.DEPLOYED: frozenset({_T.RETURNED}),
    _T.RETURNED: frozenset({_T.FORMING, _T.TASKED, _T.STOOD_DOWN}),
    _T.STOOD_DOWN: frozenset(),
}
# States that no team reaches while something is missing.
WHOLE = frozenset({_T.COMPLETE, _T.TASKED, _T.DEPLOYED})
# States in which people may join or leave.
OPEN = frozenset({_T.FORMING, _T.COMPLETE, _T.RETURNED})


def check_team_move(now: TeamState, to: TeamState, found: Sequence[Gap] | None) -> None:
    """Raise RuleBroken unless the team may go from `now` to `to`.

    "team.move": no such step. "team.incomplete": something is missing; `found` are its gaps. None
    means that only the number of members is on record, from a source, and nothing can be checked.
    """
    check_move(TEAM_MOVES, now, to, "team.move")
    if to in WHOLE and found:
        raise RuleBroken(
            "team.incomplete",
            _("The team lacks: %(gaps)s.")
            % {"gaps": "; ".join(gap_sentence(gap) for gap in found)},
            _("Add members who fill this, or change what the team needs, with a reason."),
        )


def check_open(state: TeamState) -> None:
    """Raise RuleBroken("team.closed") unless people may join or leave in `state`."""
    if state not in OPEN:
        raise RuleBroken(
            "team.closed",
            _("While a team is “%(state)s”, nobody joins or leaves it.") % {"state": state.label},
            _("Take the team back to “forming” first."),
        )


def check_requirement(requirement: Requirement) -> None:
    """Raise RuleBroken("team.requirement") for a requirement that no team could meet."""
    wrong = ""
    if requirement.size < 1:
        wrong = _("A team has at least one member.")
    elif requirement.most is not None and requirement.most < requirement.size:
        wrong = _("The largest size of a team is not below its smallest.")
    elif (
        most := max(
            requirement.women,
            requirement.leads,
            sum(requirement.professions.values()),
            requirement.speakers if requirement.languages else 0,
        )
    ) > (requirement.most or most):
        wrong = _("The team is asked for more people of one kind than it may have members.")
    elif (requirement.first is None) != (requirement.last is None):
        wrong = _("Give both days, or none.")
    elif requirement.first and requirement.last and requirement.last < requirement.first:
        wrong = _("The team would be back before it leaves.")
    if wrong:
        raise RuleBroken("team.requirement", wrong, _("Check what the team needs."))


def check_tasking(due_on: date | None, *, formed_on: date, courses: int) -> None:
    """Raise RuleBroken for a task that cannot be done.

    "tasking.due": it is due before the team was formed. "tasking.count": no course at all.
    """
    if due_on is not None and due_on < formed_on:
        raise RuleBroken(
            "tasking.due",
            _("The task would be due before the team was formed."),
            _("Check the day."),
        )
    if courses < 1:
        raise RuleBroken(
            "tasking.count", _("A task has at least one course."), _("Give the number of courses.")
        )


def gap_sentence(gap: Gap, names: Mapping[str, str] | None = None) -> str:
    """What is missing, in words. `names`: labels of subjects (languages, topics) by code."""
    words = {
        "short": gap.short,
        "subject": (names or {}).get(gap.subject) or _subject(gap),
    }
    match gap.need:
        case Need.SIZE:
            said = ngettext("%(short)d more person", "%(short)d more people", gap.short)
        case Need.WOMEN:
            said = ngettext("%(short)d more woman", "%(short)d more women", gap.short)
        case Need.LEAD:
            said = ngettext("%(short)d lead trainer", "%(short)d lead trainers", gap.short)
        case Need.PROFESSION:
            said = ngettext(
                "%(short)d more of the profession “%(subject)s”",
                "%(short)d more of the profession “%(subject)s”",
                gap.short,
            )
        case Need.LANGUAGE:
            said = ngettext(
                "%(short)d more who speaks %(subject)s",
                "%(short)d more who speak %(subject)s",
                gap.short,
            )
        case Need.TOPIC:
            said = _("somebody who teaches “%(subject)s”")
        case Need.LEGAL_SYSTEM:
            said = _("somebody who knows the legal system “%(subject)s”")
    return said % words


def need_sentences(asked: Requirement, names: Mapping[str, str] | None = None) -> list[str]:
    """What a team needs, in words, whoever is in it already."""
    words = names or {}
    said = [
        ngettext("at least %(count)d member", "at least %(count)d members", asked.size)
        % {"count": asked.size}
    ]
    if asked.women:
        said.append(
            ngettext("at least %(count)d woman", "at least %(count)d women", asked.women)
            % {"count": asked.women}
        )
    if asked.leads:
        said.append(
            ngettext("%(count)d lead trainer", "%(count)d lead trainers", asked.leads)
            % {"count": asked.leads}
        )
    for profession, count in sorted(asked.professions.items()):
        label = _subject(Gap(Need.PROFESSION, profession, count, 0))
        said.append(
            _("%(count)d of the profession “%(subject)s”") % {"count": count, "subject": label}
        )
    for code in sorted(asked.languages):
        said.append(
            ngettext(
                "%(count)d who speaks %(subject)s",
                "%(count)d who speak %(subject)s",
                asked.speakers,
            )
            % {"count": asked.speakers, "subject": words.get(code, code)}
        )
    said += [
        _("somebody who teaches “%(subject)s”") % {"subject": each} for each in sorted(asked.topics)
    ]
    said += [
        _("somebody who knows the legal system “%(subject)s”") % {"subject": words.get(each, each)}
        for each in sorted(asked.legal_systems)
    ]
    return said


def _subject(gap: Gap) -> str:
    if gap.need == Need.PROFESSION and gap.subject in Profession.values:
        return str(Profession(gap.subject).label)
    return gap.subject
