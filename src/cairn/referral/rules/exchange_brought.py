"""Referrals that came as a file of another program: their states, and the answer as a file. Pure.

Whoever sent the file has no account here, so no clock runs and nobody is told: the answer is a file
again, with codes and days only. What was written for the service opens when it was accepted.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import LegalBasis, Urgency
from cairn.referral.rules.exchange import FORMAT, MOST_BYTES, SCHEMA, Flaw, all_of, one_of, text_of
from cairn.referral.rules.exchange import flaws as flaws_of
from cairn.referral.rules.referrals import Feedback, Reason, is_emergency


class BroughtState(TextChoices):
    WAITING = "waiting", pgettext_lazy("brought referral", "Waits for your answer")
    ACCEPTED = "accepted", pgettext_lazy("brought referral", "Accepted")
    DECLINED = "declined", pgettext_lazy("brought referral", "Declined")
    ENDED = "ended", pgettext_lazy("brought referral", "Outcome told")


BROUGHT_MOVES: Final[Mapping[BroughtState, frozenset[BroughtState]]] = {
    BroughtState.WAITING: frozenset({BroughtState.ACCEPTED, BroughtState.DECLINED}),
    BroughtState.ACCEPTED: frozenset({BroughtState.ENDED}),
    BroughtState.DECLINED: frozenset(),
    BroughtState.ENDED: frozenset(),
}
ANSWER: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Answer to a referral of a person to a service",
    **all_of(
        {
            "format": one_of([f"{FORMAT}-answer"]),
            "version": {"type": "integer", "enum": [1]},
            "code": text_of(7, 1),
            "from": text_of(250),
            "to": text_of(250),
            "answer": one_of([each.value for each in BroughtState if each != "waiting"]),
            "reason": one_of(["", *Reason.values]),
            "feedback": one_of(["", *Feedback.values]),
            "answered_at": text_of(40, 1),
            "ended_at": text_of(40),
        }
    ),
}


def read_document(content: bytes) -> dict[str, Any] | list[Flaw]:
    """The referral in a file, or what is wrong with it. Never raises for what somebody sends."""
    if len(content) > MOST_BYTES:
        return [Flaw("", _("This file is larger than a referral can be."))]
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_no_number)
        # JSON can write half of a sign, which nothing can store or show.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return [Flaw("", _("This is no JSON that can be read."))]
    wrong = list(flaws_of(document, SCHEMA))
    if not wrong:
        wrong = list(_against_itself(document))
    return wrong or dict(document)


def _no_number(text: str) -> None:
    raise ValueError(text)


def _against_itself(document: Mapping[str, Any]) -> list[Flaw]:
    """What the schema cannot say."""
    found = []
    for name in sorted(set(document["content"]) - set(document["categories"])):
        found.append(
            Flaw(f"content.{name}", _("This kind is not among the categories that may be told."))
        )
    is_vital = document["basis"] == LegalBasis.VITAL_INTEREST
    if is_vital and document["urgency"] != Urgency.EMERGENCY:
        found.append(Flaw("basis", _("Danger to life is a ground only for an emergency.")))
    if "\\u0000" in json.dumps(document):
        found.append(Flaw("", _("There are signs in it that no text has.")))
    return found


def check_brought_move(now: BroughtState, to: BroughtState) -> None:
    """Raise RuleBroken("brought.move")."""
    if to not in BROUGHT_MOVES[now]:
        raise RuleBroken(
            "brought.move",
            _("What is “%(now)s” cannot become “%(to)s”.") % {"now": now.label, "to": to.label},
            _("Look at the page again: somebody may have been faster."),
        )


def check_answer(to: BroughtState, reason: str, feedback: str) -> None:
    """Raise RuleBroken("brought.reason" or "brought.feedback") for an answer that says too little
    or too much."""
    if (to is BroughtState.DECLINED) != bool(reason) or (reason and reason not in Reason.values):
        raise RuleBroken("brought.reason", _("Say why it is declined, and only then."))
    told = set(Feedback.values) - {Feedback.NO_NEWS.value}
    if (to is BroughtState.ENDED) != bool(feedback) or (feedback and feedback not in told):
        raise RuleBroken("brought.feedback", _("Say what came of it, when it has come to an end."))


def are_words_open(state: BroughtState, urgency: str, basis: str) -> bool:
    """Whether what was written for the service opens: accepted, or before in danger to life."""
    if state in {BroughtState.ACCEPTED, BroughtState.ENDED}:
        return True
    return state is BroughtState.WAITING and is_emergency(urgency, basis)


def check_words_open(is_open: bool) -> None:
    """Raise RuleBroken("brought.closed")."""
    if not is_open:
        raise RuleBroken(
            "brought.closed",
            _("What was written for the service opens when the referral is accepted."),
            _("Decide by what you see here."),
        )


def check_answered(state: BroughtState) -> None:
    """Raise RuleBroken("brought.unanswered") where there is nothing to tell the sender yet."""
    if state is BroughtState.WAITING:
        raise RuleBroken(
            "brought.unanswered",
            _("This referral has no answer yet."),
            _("Accept or decline it first."),
        )


def written_answer(document: Mapping[str, Any]) -> str:
    """The file with the answer. Raises ValueError for one that is not as its schema says."""
    if wrong := list(flaws_of(dict(document), ANSWER)):
        raise ValueError(f"An answer that its own schema refuses: {wrong[0].place}")
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
