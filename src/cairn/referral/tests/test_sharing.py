"""Shares: every step of either side, what opens when, and what ends at once on both sides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Notice
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.sharing import (
    Terms,
    accept_share,
    amend_share,
    confirm_purge,
    expire_shares,
    open_share,
    preview_share,
    propose_share,
    reject_share,
    revoke_share,
)
from cairn.referral.models import Person, Protocol, ShareAgreement, ShareStep, ShareVersion
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import Said
from cairn.referral.rules.sharing import (
    OPEN,
    SHARE_MOVES,
    ShareSide,
    ShareState,
    check_days,
    check_share_move,
)
from cairn.referral.subjects.sharing import forget_all, keys
from cairn.referral.tests.consent_factories import answered, in_days
from cairn.referral.tests.factories import REASON, actor_of, person
from cairn.referral.tests.protocols_made import agreed, both, editor, other, risk
from cairn.referral.tests.referrals_made import refused

pytestmark = pytest.mark.django_db
S = ShareState
WORDS, MORE = "Blimberquat needs rest", "Fever of Troskle"


@dataclass(frozen=True, slots=True)
class Sides:
    """Who gives, who takes, what the person agreed to."""

    giver: Actor
    taker: Actor
    person: Person
    consent: int


def chief(name: str, **place: Any) -> Actor:
    return actor_of(user_with_role("case-supervisor", name=name, **place))


@pytest.fixture
def at() -> Sides:
    giver, taker = chief("giver"), chief("taker", at=other())
    made = person(giver)
    agreed(both())
    consent = answered(giver, made, recipient=other(), categories=["need", "contact", "health"])
    return Sides(giver, taker, made, consent.number)


def terms(**changes: Any) -> Terms:
    plain = Terms(Purpose.ASSISTANCE, ["need", "contact"], in_days(20), {"need": WORDS})
    return replace(plain, **changes)


def proposed(at: Sides, **changes: Any) -> ShareAgreement:
    return propose_share(at.giver, at.person.code, other(), terms(**changes))


def active(at: Sides, **changes: Any) -> ShareAgreement:
    made = proposed(at, **changes)
    preview_share(at.taker, made.code)
    return accept_share(at.taker, made.code, made.version)


def opened(actor: Actor, share: ShareAgreement) -> Any:
    return open_share(actor, share.code, ReadingPurpose.ASSISTANCE, REASON).values["content"]


def told(actor: Actor) -> list[str]:
    send_outbox({})
    rows = Notice.objects.visible_to(actor).filter(code__startswith="share.")
    return list(rows.order_by("at", "pk").values_list("code", flat=True))


# -- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ShareSide)
@pytest.mark.parametrize("after", S)
@pytest.mark.parametrize("before", S)
def test_every_move_is_in_the_table_or_refused(before: S, after: S, side: ShareSide) -> None:
    if side in SHARE_MOVES[before].get(after, ()):
        check_share_move(before, after, side)
        return
    with refused("share.move"):
        check_share_move(before, after, side)


def test_whatever_is_open_can_be_ended_by_the_giver_and_by_the_clock() -> None:
    for state in OPEN:
        check_share_move(state, S.REVOKED, ShareSide.GIVER)
        check_share_move(state, S.REVOKED, ShareSide.CLOCK)
        check_share_move(state, S.EXPIRED, ShareSide.CLOCK)
    for state in set(S) - OPEN:
        assert not set(SHARE_MOVES[state]) & OPEN


def test_nothing_is_shared_for_longer_than_a_year() -> None:
    check_days(in_days(0), in_days(366))
    for last in (in_days(367), in_days(-1)):
        with refused("share.days"):
            check_days(in_days(0), last)


# -- one share, from both sides ------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_other_side_opens_it_from_acceptance_until_it_is_revoked(at: Sides) -> None:
    share = proposed(at)
    assert opened(at.giver, share) == {"need": WORDS}
    with refused("share.closed"):
        opened(at.taker, share)
    preview_share(at.taker, share.code)
    with refused("share.closed"):
        opened(at.taker, share)
    accept_share(at.taker, share.code, 1)
    assert opened(at.taker, share) == {"need": WORDS}
    revoke_share(at.giver, share.code)
    for side in (at.taker, at.giver):
        with refused("share.closed"):
            opened(side, share)
    confirm_purge(at.taker, share.code)
    states = ShareStep.objects.filter(share=share).values_list("after", flat=True)
    assert list(states) == [S.PROPOSED, S.PREVIEWED, S.ACTIVE, S.REVOKED, S.PURGED]
    assert told(at.taker) == ["share.offered", "share.over"]
    assert told(at.giver) == ["share.accepted", "share.purged"]


def test_what_is_ended_is_not_in_the_database_any_more(at: Sides) -> None:
    share = active(at)
    before = _stored(share)
    revoke_share(at.giver, share.code)
    assert before
    assert not _stored(share)
    share.refresh_from_db()
    assert not share.content


def _stored(share: ShareAgreement) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM referral_shareagreement WHERE code = %s", [share.code])
        return cursor.fetchone()[0]


def test_terms_are_looked_at_before_they_are_accepted(at: Sides) -> None:
    share = proposed(at)
    with refused("share.move"):
        accept_share(at.taker, share.code, 1)
    preview_share(at.taker, share.code)
    with refused("share.changed"):
        accept_share(at.taker, share.code, 2)


def test_a_no_destroys_what_was_offered(at: Sides) -> None:
    share = proposed(at)
    reject_share(at.taker, share.code)
    share.refresh_from_db()
    assert share.state == S.REJECTED
    assert not share.content
    assert told(at.giver) == ["share.rejected"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"categories": ["need", "account"]}, "referral.categories"),
        ({"categories": []}, "share.content"),
        ({"content": {}}, "share.content"),
        ({"content": {"health": MORE}}, "share.content"),
        ({"expires_on": in_days(31)}, "share.outlasts"),
        ({"expires_on": in_days(-1)}, "share.days"),
        ({"purpose": Purpose.RETURN}, "referral.no-basis"),
    ],
)
def test_no_more_is_offered_than_was_agreed(at: Sides, changes: Any, code: str) -> None:
    with refused(code):
        proposed(at, **changes)
    assert not ShareAgreement.objects.exists()


def test_nothing_is_offered_to_oneself_or_to_whom_nobody_is_referred(at: Sides) -> None:
    with refused("share.self"):
        propose_share(at.giver, at.person.code, organisation(), terms())
    risk(editor("editor-third"))
    with refused("referral.excluded"):
        proposed(at)


# -- who may ---------------------------------------------------------------------------------


def _steps(at: Sides) -> dict[str, Callable[[Actor, ShareAgreement], object]]:
    return {
        "preview": lambda who, share: preview_share(who, share.code),
        "accept": lambda who, share: accept_share(who, share.code, 1),
        "reject": lambda who, share: reject_share(who, share.code),
        "revoke": lambda who, share: revoke_share(who, share.code),
        "purge": lambda who, share: confirm_purge(who, share.code),
    }


def test_each_side_makes_its_own_steps_and_nobody_else_sees_it(at: Sides) -> None:
    share = proposed(at)
    workers = [
        actor_of(user_with_role("service-provider", name="worker")),
        actor_of(user_with_role("service-provider", name="worker-there", at=other())),
    ]
    third = chief("third", at=organisation("Invented Third Agency"))
    for name, step in _steps(at).items():
        wrong = at.taker if name == "revoke" else at.giver
        for who in (wrong, *workers):
            with pytest.raises(PermissionDenied):
                step(who, share)
        with pytest.raises(ShareAgreement.DoesNotExist):
            step(third, share)
    with pytest.raises(PermissionDenied):
        propose_share(workers[0], at.person.code, other(), terms())
    share.refresh_from_db()
    assert share.state == S.PROPOSED


# -- changes ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_less_holds_at_once_and_more_waits_for_the_other_side(at: Sides) -> None:
    share = active(at, categories=["need", "contact"], content={"need": WORDS, "contact": MORE})
    less = terms(categories=["need"], expires_on=in_days(10), content={})
    amend_share(at.giver, share.code, less, REASON)
    assert opened(at.taker, share) == {"need": WORDS}
    more = terms(categories=["need", "health"], expires_on=in_days(10), content={"health": MORE})
    amend_share(at.giver, share.code, more, REASON)
    with refused("share.closed"):
        opened(at.taker, share)
    preview_share(at.taker, share.code)
    accept_share(at.taker, share.code, 3)
    assert opened(at.taker, share) == {"need": WORDS, "health": MORE}
    kept = ShareVersion.objects.filter(share=share).values_list("number", "categories")
    assert list(kept) == [
        (1, ["contact", "need"]),
        (2, ["need"]),
        (3, ["health", "need"]),
    ]


# -- ends ----------------------------------------------------------------------------------------


def test_a_consent_taken_back_ends_what_stands_on_it_at_once(at: Sides) -> None:
    first, second = active(at), proposed(at, expires_on=in_days(5))
    withdraw(at.giver, at.person.code, at.consent, Said.IN_PERSON)
    for share in (first, second):
        share.refresh_from_db()
        assert share.state == S.REVOKED
        assert not share.content
    assert told(at.taker).count("share.over") == 2


def test_a_protocol_that_is_over_closes_what_is_open(at: Sides) -> None:
    share = active(at)
    Protocol.objects.update(ends_on=in_days(-1), starts_on=in_days(-9))
    with refused("referral.no-protocol"):
        opened(at.taker, share)


def test_the_round_ends_what_is_past_its_last_day_once(at: Sides) -> None:
    kept, over = active(at), active(at, expires_on=in_days(1))
    rows = ShareAgreement.objects.filter(pk=over.pk)
    rows.update(starts_on=in_days(-9), expires_on=in_days(-1))
    with refused("share.closed"):
        opened(at.taker, over)
    assert expire_shares({}).facts == {"expired": 1}
    assert expire_shares({}).facts == {"expired": 0}
    over.refresh_from_db()
    kept.refresh_from_db()
    assert (over.state, kept.state) == (S.EXPIRED, S.ACTIVE)
    assert not over.content


def test_the_rows_of_a_share_are_never_changed(at: Sides) -> None:
    share = proposed(at)
    for model in (ShareStep, ShareVersion):
        row = model.objects.get(share=share)
        for act in (row.save, row.delete, model.objects.all().delete):
            with pytest.raises(TypeError):
                act()
        with pytest.raises(TypeError):
            model.objects.update(number=2)


def test_a_share_goes_with_its_person(at: Sides) -> None:
    share = active(at)
    assert list(keys(at.person)) == [share.data_key]
    forget_all(at.person)
    share.refresh_from_db()
    assert (share.state, share.categories, share.accepted_by) == (S.REVOKED, [], None)
    assert list(keys(at.person)) == []


def test_each_step_is_in_the_log_without_its_words(at: Sides) -> None:
    share = active(at)
    revoke_share(at.giver, share.code)
    rows = AuditEntry.objects.filter(code__startswith="share.")
    assert list(rows.order_by("sequence").values_list("code", flat=True)) == [
        "share.proposed",
        "share.previewed",
        "share.accepted",
        "share.revoked",
    ]
    assert WORDS not in str(list(rows.values()))
