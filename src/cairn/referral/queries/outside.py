"""What a recipient without an account is shown of one referral."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.referral.models.outside import OneTimeLink
from cairn.referral.models.referrals import Referral
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.referrals import RUNNING, WAITING, State, is_card_shown


@dataclass(frozen=True, slots=True)
class Page:
    """`verbs`: what may be said now; `waits`: the content can be opened.

    `was_shown`: it was opened before, and is gone. `is_taken_back`: the person wants no more told.
    """

    sender: str
    state: str
    state_code: str
    has_card: bool
    verbs: frozenset[str]
    may_accept: bool
    waits: bool
    was_shown: bool
    is_taken_back: bool
    takes_answers: bool


def page(link: OneTimeLink) -> Page:
    """What stands on the page now. One query."""
    referral = link.referral
    state = State(referral.state)
    verbs: set[str] = set()
    if state in WAITING:
        verbs |= {"decline", "ask"}
    if state in RUNNING:
        verbs |= {"goes-on", "finish"}
    held = OneTimeLink.objects.filter(pk=link.pk, ended_at=None).defer("content", "answer")
    has_content = held.filter(content__isnull=False).exists()
    return Page(
        sender=referral.organisation.display_name,
        state=referral.get_state_display(),
        state_code=f"referral_{referral.state}".replace("-", "_"),
        has_card=is_card_shown(state),
        verbs=frozenset(verbs),
        may_accept=state in WAITING,
        waits=has_content and referral.is_content_open,
        was_shown=not has_content and referral.is_content_open,
        is_taken_back=referral.taken_back_at is not None or state is State.WITHDRAWN,
        takes_answers=link.slot is not None,
    )


def takes_answers(referral: Referral, now: datetime) -> bool:
    """Whether an answer of the sender reaches a recipient without an account. One query."""
    rows = OneTimeLink.objects.filter(referral=referral, ended_at=None, expires_at__gt=now)
    return rows.exclude(slot=None).exists()


def in_words(content: Mapping[str, str]) -> list[tuple[str, str]]:
    """(kind of content in words, text), in the order of DataCategory."""
    return [
        (str(each.label), content[each.value]) for each in DataCategory if content.get(each.value)
    ]
