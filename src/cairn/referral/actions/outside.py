"""The link of a recipient without an account: made, opened with its number, answered, ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.referral.actions.referrals_answers import OUTSIDE, Answer, answer_outside
from cairn.referral.actions.referrals_delivery import mark_delivered
from cairn.referral.models.outside import OneTimeLink
from cairn.referral.models.referrals import Referral
from cairn.referral.rules import outside as rules
from cairn.referral.rules.referrals import ANSWERED_IN, not_open
from cairn.referral.subjects.referrals import why_lapsed
from cairn.vault.handed import (
    Altered,
    HandedKey,
    KeyGone,
    RootError,
    covered,
    mark_of,
    new_number,
    new_token,
    posted,
    uncovered,
)

PROOF, CONTENT, ANSWER, LATCH = "proof", "content", "answer", "latch"


@transaction.atomic
def make_link(actor: Actor, referral: Referral, content: Mapping[str, str]) -> tuple[str, str]:
    """(token, number) of a new link; an older one of the same referral ends. Neither is kept.

    `content`: {category: text}, sealed under a key of both and once more under the referral's own,
    so that an erasure ends it in old copies too. In the caller's transaction.
    """
    end_link(referral)
    now, token, number = clock.now(), new_token(), new_number()
    link = OneTimeLink(
        referral=referral,
        mark=mark_of(token),
        made_at=now,
        made_by=actor.user_id,
        expires_at=now + rules.LIVES,
    )
    key = HandedKey(token, number, link.pk)
    words = json.dumps(dict(content), sort_keys=True).encode()
    link.slot, latch = key.new_box()
    link.proof = _covered(link, key.seal(b"\1", PROOF), PROOF)
    link.content = _covered(link, key.seal(words, CONTENT), CONTENT)
    link.latch = _covered(link, latch, LATCH)
    link.save(force_insert=True)
    audit.record(actor, "referral.link_made", referral)
    return token, number


def _covered(link: OneTimeLink, sealed: bytes, what: str) -> bytes:
    """Sealed once more under the key of its referral."""
    return covered(link.referral.data_key, sealed, link.pk, what)


def _uncovered(link: OneTimeLink, what: str) -> bytes:
    """What a link holds, sealed for its token and number only.

    Raises RuleBroken: "link.dead" where the key of the referral was destroyed, "link.away" while
    keys are out of reach.
    """
    cover = bytes(getattr(link, what) or b"")
    try:
        return uncovered(link.referral.data_key, cover, link.pk, what)
    except (KeyGone, Altered):
        raise rules.dead() from None
    except RootError:
        raise rules.away() from None


def end_link(referral: Referral) -> int:
    """End what lives of a referral's links, and destroy what they hold; returns how many."""
    rows = OneTimeLink.objects.filter(referral=referral, ended_at=None)
    return rows.update(ended_at=clock.now(), content=None, answer=None)


def take_back_link(referral: Referral) -> bool:
    """The person wants no more told: what a link holds is destroyed. One that was never opened
    ends; one that was says so from now on, and still takes the outcome, because help goes on.

    Returns whether somebody without an account has seen something, and has to be told.
    """
    rows = OneTimeLink.objects.filter(referral=referral, ended_at=None)
    rows.filter(opened_at=None).update(ended_at=clock.now(), content=None, answer=None)
    rows.update(content=None, answer=None)
    return OneTimeLink.objects.filter(referral=referral).exclude(opened_at=None).exists()


def end_lapsed() -> int:
    """End the links whose days are over, and destroy what they hold; returns how many."""
    rows = OneTimeLink.objects.filter(ended_at=None, expires_at__lte=clock.now())
    return rows.update(ended_at=F("expires_at"), content=None, answer=None)


@dataclass(frozen=True, slots=True)
class Held:
    """A link that its number opened. `content` waits as long as it was not shown."""

    link: OneTimeLink
    key: HandedKey

    @property
    def referral(self) -> Referral:
        return self.link.referral


def open_link(token: str, typed: str) -> Held:
    """Check link and number. A wrong number counts, at once and for good; the fifth ends the link.

    Not inside a transaction. Raises RuleBroken ("link.dead", "link.away", "link.number",
    "link.wrong").
    """
    link = _live(token)
    number = rules.check_number(typed)
    proof = _uncovered(link, PROOF)
    # Counted before it is looked at, so that many at once get no more tries.
    counted = OneTimeLink.objects.filter(
        pk=link.pk, ended_at=None, attempts__lt=rules.MOST_ATTEMPTS
    ).update(attempts=F("attempts") + 1)
    if not counted:
        raise rules.dead()
    key = HandedKey(token, number, link.pk)
    try:
        key.unseal(proof, PROOF)
    except Altered:
        raise rules.wrong_number(_after_wrong(link)) from None
    now = clock.now()
    is_first = link.opened_at is None
    OneTimeLink.objects.filter(pk=link.pk).update(
        attempts=F("attempts") - 1, opened_at=link.opened_at or now
    )
    if is_first:
        with transaction.atomic():
            audit.record(OUTSIDE, "referral.link_opened", link.referral)
        mark_delivered(link.referral_id, is_seen=True)
        link.referral.refresh_from_db()
    return Held(link, key)


def _live(token: str) -> OneTimeLink:
    rows = OneTimeLink.objects.select_related("referral", "referral__organisation")
    link: OneTimeLink | None = rows.filter(mark=mark_of(token)).first()
    if link is None or not link.is_live(clock.now()) or link.attempts >= rules.MOST_ATTEMPTS:
        raise rules.dead()
    return link


@transaction.atomic
def _after_wrong(link: OneTimeLink) -> int:
    """How many tries are left; after the last the link ends, and the sender sees it."""
    link.refresh_from_db(fields=["attempts"])
    left = max(0, rules.MOST_ATTEMPTS - link.attempts)
    audit.record(OUTSIDE, "referral.link_wrong", link.referral, left=left)
    if not left:
        end_link(link.referral)
    return left


def show_content(held: Held) -> dict[str, str]:
    """What the referral tells, once: {category: text}. Afterwards it is destroyed here.

    Not inside a transaction: that it was shown is committed first. Raises RuleBroken("link.dead")
    when it is not to be opened now, or was shown before, RuleBroken("link.away") while keys are
    out of reach, RuleBroken("referral.lapsed") when what it stood on has run out.
    """
    referral = held.referral
    if referral.is_content_open and (why := why_lapsed(referral)) is not None:
        raise not_open(why)
    with transaction.atomic():
        rows = OneTimeLink.objects.select_for_update().filter(pk=held.link.pk, ended_at=None)
        link = rows.first()
        if link is None or link.content is None or not referral.is_content_open:
            raise rules.dead()
        sealed = _uncovered(link, CONTENT)
        rows.update(content=None, shown_at=clock.now())
        audit.record(OUTSIDE, "referral.link_shown", referral)
    found: dict[str, str] = json.loads(held.key.unseal(sealed, CONTENT))
    return found


def leave_answer(referral: Referral, text: str) -> bool:
    """Seal the sender's answer for whoever holds the link; an earlier one makes way.

    In the caller's transaction. False where no link lives that takes one: it is told by other ways.
    """
    rows = OneTimeLink.objects.select_for_update().filter(referral=referral, ended_at=None)
    link = rows.exclude(slot=None).first()
    if link is None or not link.is_live(clock.now()):
        return False
    sealed = posted(bytes(link.slot or b""), link.pk, text.encode(), ANSWER)
    rows.update(answer=_covered(link, sealed, ANSWER))
    return True


def read_answer(held: Held) -> str:
    """The sender's newest answer to whoever holds the link, as long as it may decide; else ""."""
    rows = OneTimeLink.objects.select_related("referral")
    link = rows.filter(pk=held.link.pk, ended_at=None).first()
    if link is None or link.answer is None or held.referral.state not in ANSWERED_IN:
        return ""
    latch, post = _uncovered(link, LATCH), _uncovered(link, ANSWER)
    return held.key.taken(latch, post, ANSWER).decode()


def answer_by_link(held: Held, given: Answer, *, client_id: UUID | None = None) -> Referral:
    """Answer the referral of a link. Raises as `referrals_answers.answer`."""
    return answer_outside(held.link.referral_id, given, client_id=client_id)
