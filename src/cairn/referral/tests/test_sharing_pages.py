"""Pages of shares: both sides from the offer to the end, nothing sealed, constant queries."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.referral.models import ShareAgreement
from cairn.referral.queries import today as duty
from cairn.referral.rules.sharing import ShareState
from cairn.referral.tests.consent_factories import in_days
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.protocols_made import other
from cairn.referral.tests.test_sharing import MORE, WORDS, Sides, active, proposed
from cairn.referral.tests.test_sharing import at as at

OPENING = {"purpose": "assistance", "reason": REASON}
SHARES = "/shares/"


def as_user(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def address(share: ShareAgreement, name: str = "share", *more: str) -> str:
    return reverse(f"referral:{name}", args=[share.code, *more])


def _body(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_from_the_offer_to_the_end_through_the_pages(at: Sides) -> None:
    giver, taker = as_user(at.giver), as_user(at.taker)
    new = reverse("referral:share-new", args=[at.person.code])
    assert new in _body(giver, at.person.get_absolute_url())
    sent = {
        "taker": str(other().pk),
        "purpose": "assistance",
        "expires_on": in_days(20).isoformat(),
        "words_need": WORDS,
    }
    assert giver.post(new, sent).status_code == 302
    share = ShareAgreement.objects.get()
    assert share.categories == ["need"]
    assert {group.key for group in duty.today(at.taker)} == {"shares"}
    page = _body(taker, address(share))
    assert WORDS not in page
    assert at.person.code not in page
    assert _body(taker, address(share, "share-say", "accept"))
    assert taker.post(address(share, "share-say", "accept"), {"version": 1}).status_code == 302
    page = taker.post(address(share, "share-open"), OPENING).content.decode()
    assert WORDS in page
    assert WORDS not in _body(taker, address(share))
    assert giver.post(address(share, "share-say", "revoke"), {"version": 1}).status_code == 302
    assert WORDS not in taker.post(address(share, "share-open"), OPENING).content.decode()
    assert {group.key for group in duty.today(at.taker)} == {"ended-shares"}
    assert taker.post(address(share, "share-say", "purged"), {"version": 1}).status_code == 302
    assert duty.today(at.taker) == []
    share.refresh_from_db()
    assert share.state == ShareState.PURGED


@pytest.mark.django_db(transaction=True)
def test_what_is_shared_is_changed_on_its_page(at: Sides) -> None:
    share = active(at)
    giver = as_user(at.giver)
    sent = {
        "purpose": "assistance",
        "expires_on": in_days(10).isoformat(),
        "stays": ["need"],
        "words_health": MORE,
        "reason": REASON,
    }
    assert giver.post(address(share, "share-amend"), sent).status_code == 302
    share.refresh_from_db()
    assert (share.state, share.categories) == (ShareState.PROPOSED, ["health", "need"])
    page = giver.post(address(share, "share-open"), OPENING).content.decode()
    assert WORDS in page
    assert MORE in page


@pytest.mark.django_db
def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(at: Sides) -> None:
    sent = {
        "taker": str(other().pk),
        "purpose": "assistance",
        "expires_on": in_days(31).isoformat(),
        "words_need": WORDS,
    }
    new = reverse("referral:share-new", args=[at.person.code])
    answer = as_user(at.giver).post(new, sent)
    assert answer.status_code == 409
    assert WORDS in answer.content.decode()
    assert "expires_on" in answer.context["form"].errors
    assert not ShareAgreement.objects.exists()


@pytest.mark.django_db
def test_a_caseworker_sees_shares_and_does_not_agree_on_them(at: Sides) -> None:
    share = active(at)
    worker = as_user(actor_of(user_with_role("service-provider", name="worker-there", at=other())))
    page = _body(worker, address(share))
    assert "/say/" not in page
    assert worker.get(address(share, "share-say", "purged")).status_code == 403
    assert worker.get(address(share, "share-say", "nothing")).status_code == 404
    assert share.code in _body(worker, SHARES)


@pytest.mark.django_db
def test_lists_and_panels_ask_as_much_for_many_as_for_few(at: Sides) -> None:
    counts = []
    giver, taker = as_user(at.giver), as_user(at.taker)
    for more in (1, 5):
        for _number in range(more):
            share = proposed(at)
        for client, where in (
            (giver, f"{SHARES}?side=given"),
            (taker, SHARES),
            (taker, address(share)),
            (giver, at.person.get_absolute_url()),
        ):
            client.get(where)
            with CaptureQueriesContext(connection) as asked:
                assert share.code in _body(client, where)
            counts.append(len(asked))
    assert counts[:4] == counts[4:]
