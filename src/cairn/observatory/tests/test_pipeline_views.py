"""The pages of releases: what each person finds there, and what never stands on them."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.actor import Actor
from cairn.observatory.actions import releases
from cairn.observatory.models import Release, Signature
from cairn.observatory.rules.pipeline import ReleaseState, Way
from cairn.observatory.tests.pipeline_scene import (
    FIRST,
    Records,
    actor,
    built,
    last_digest,
    plan,
    published,
    source_of,
    usual,
)

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db(databases=["default", "keys"]), pytest.mark.once]


@pytest.fixture
def records() -> Iterator[Records]:
    with source_of(Records(usual(f_child_a=3), usual(f_child_a=3))) as found:
        yield found


@pytest.fixture
def builder() -> Actor:
    return actor(name="builder")


@pytest.fixture
def signer() -> User:
    return user_with_role("statistics-officer", name="signer")


@pytest.fixture
def page(client: Client, signer: User) -> Client:
    sign_in(client, signer)
    return client


def test_whoever_signs_sees_the_hash_and_signs_it(
    records: Records, builder: Actor, page: Client, signer: User
) -> None:
    release = built(builder, plan())
    digest = last_digest(release)
    shown = page.get(f"/releases/{release.code}/sign/").content.decode()
    assert digest in shown
    wrong = page.post(f"/releases/{release.code}/sign/", {"seen": "0" * 64, "agrees": "on"})
    assert wrong.status_code == 409
    assert not Signature.objects.exists()
    done = page.post(f"/releases/{release.code}/sign/", {"seen": digest, "agrees": "on"})
    assert done.status_code == 302
    assert Signature.objects.get().signed_by == signer.pk


def test_the_builder_is_told_that_others_sign(
    records: Records, page: Client, signer: User, builder: Actor
) -> None:
    release = built(actor_for(signer, today=timezone.localdate()), plan())
    shown = page.get(f"/releases/{release.code}/").content.decode()
    assert "two others sign it" in shown
    assert f"/releases/{release.code}/sign/" not in shown


def test_no_page_shows_exact_counts(records: Records, builder: Actor, page: Client) -> None:
    # No sum of these is a multiple of five, so that none is a rounded figure by chance.
    records.counts = {codes: 1_237 for codes in records.counts} | {("m", "child", "b"): 1_238}
    release = built(builder, plan())
    for address in ("", "figures/", "figures/?by=sex,age,area", "sign/"):
        shown = page.get(f"/releases/{release.code}/{address}").content.decode()
        for exact in ("1,237", "1237", "55,666", "55666"):
            assert exact not in shown


def test_figures_are_shown_only_after_the_attack(
    records: Records, builder: Actor, page: Client
) -> None:
    release = releases.begin(builder, plan())
    address = f"/releases/{release.code}/figures/"
    assert page.get(address).status_code == 404
    releases.build(builder, release.code)
    shown = page.get(address + "?by=sex,age,area").content.decode()
    assert "area a" in shown
    assert "hidden" in shown
    releases.refuse(builder, release.code, "Too much is hidden.")
    assert page.get(address).status_code == 404


def test_a_refusal_is_told_in_words(records: Records, builder: Actor, page: Client) -> None:
    records.early = {codes: 40 for codes in usual()}
    records.counts = {codes: 90 for codes in usual()} | {("m", "child", "b"): 43}
    others = [actor(name="first"), actor("data-protection-officer", "second")]
    first = published(builder, others, plan(Way.TABLE, FIRST))
    release = built(builder, plan(Way.TABLE))
    assert release.state == ReleaseState.REFUSED
    shown = page.get(f"/releases/{release.code}/").content.decode()
    assert "Small groups can be worked out" in shown
    assert f"in {release.code} less" in shown
    assert first.code in shown
    assert "exactly" in shown


def test_a_release_is_begun_on_the_page(records: Records, page: Client) -> None:
    address = "/releases/new/?source=test"
    form = page.get(address).context["form"]
    sent = {
        "title": "Invented figures",
        "period": "2025-01-01/2025-12-31",
        "way": "cube",
        "columns": ["sex", "age"],
    }
    assert "2025-01-01/2025-12-31" in form.offered
    assert page.post(address, sent | {"columns": []}).status_code == 422
    assert page.post(address, sent).status_code == 302
    made = Release.objects.get()
    assert (made.columns, made.state) == ([["sex", "age"]], ReleaseState.DRAFT)
    again = page.post(address, sent)
    assert again.status_code == 409
    assert "is not finished" in again.content.decode()
    assert page.post(f"/releases/{made.code}/build/").status_code == 302


def test_the_list_asks_the_same_however_many_there_are(
    records: Records,
    builder: Actor,
    page: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _each in range(4):
        made = releases.begin(builder, plan())
        releases.refuse(builder, made.code, "Only begun for the list.")
    with django_assert_max_num_queries(12):
        assert page.get("/releases/").status_code == 200
    with django_assert_max_num_queries(22):
        assert page.get(f"/releases/{made.code}/").status_code == 200


def test_the_ledger_says_whether_its_chain_holds(
    records: Records, builder: Actor, page: Client
) -> None:
    others = [actor(name="first"), actor("data-protection-officer", "second")]
    release = published(builder, others, plan())
    assert "was verified just now" in page.get("/releases/ledger/").content.decode()
    release.ledger.update(what="Something else")
    assert "does not hold from entry 1" in page.get("/releases/ledger/").content.decode()
