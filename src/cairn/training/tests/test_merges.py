"""Two records of one person: joined with two fields that agree, parted again exactly."""

import pytest
from django.test import Client
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.models import Reading
from cairn.training.actions import merges
from cairn.training.actions import people as actions
from cairn.training.actions.people import PersonFacts
from cairn.training.models import MergeDecision, NotSamePerson, Practitioner
from cairn.training.queries import duplicates
from cairn.training.queries import people as people_queries
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
REASON = "An invented reason, long enough."


@pytest.fixture
def user() -> User:
    return user_with_role("training-officer", name="the-officer", at=factories.agency())


@pytest.fixture
def actor(user: User) -> Actor:
    return factories.acting(user)


def enter(
    actor: Actor, name: str, agency: str = "Invented Border Guard", **facts: object
) -> Practitioner:
    given = {"country": "NPL", "agency": factories.agency(agency)} | facts
    return actions.enter_practitioner(actor, factories.agency(), PersonFacts(name, **given))  # type: ignore[arg-type]


def same_person(actor: Actor) -> tuple[Practitioner, Practitioner]:
    return enter(actor, "Ousmane Traoré"), enter(actor, "عثمان تراوري")


def test_doubles_are_listed_by_code_with_what_agrees_and_no_name_is_opened(actor: Actor) -> None:
    left, right = same_person(actor)
    enter(actor, "Vexoma Thorpian")

    found = duplicates.pairs(actor)

    assert [{pair.left.code, pair.right.code} for pair in found] == [{left.code, right.code}]
    assert found[0].sameness.sentence.endswith("Same: agency.")
    assert not Reading.objects.exists()


def test_a_name_alone_or_another_agency_is_not_offered(actor: Actor) -> None:
    enter(actor, "Ousmane Traoré")
    enter(actor, "Traore Othman", agency="Invented Customs")

    assert duplicates.pairs(actor) == []
    assert len(duplicates.pairs(actor, only_mergeable=False)) == 1


def test_the_same_service_number_and_agency_are_offered_under_any_name(actor: Actor) -> None:
    enter(actor, "Vexoma Thorpian", service_number="INV 77-8")
    enter(actor, "Quibble Maldurek", service_number="inv778")

    (found,) = duplicates.pairs(actor)
    assert found.sameness.sentence == "Same: service number, agency."


def test_joining_moves_what_the_other_has_and_parting_gives_back_exactly_that(
    actor: Actor,
) -> None:
    kept, other = same_person(actor)
    both = factories.event("N01")
    factories.enrolment(both, kept)
    stays = factories.enrolment(both, other)
    only = factories.enrolment(factories.event("N02"), other)
    own = factories.enrolment(factories.event("N03"), kept)
    account = factories.officer("other-officer").user_id
    Practitioner.objects.filter(pk=other.pk).update(user_id=account)

    decision = merges.merge_people(actor, kept.code, other.code, REASON)

    for row in (stays, only, own):
        row.refresh_from_db()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (only.practitioner, own.practitioner, stays.practitioner) == (kept, kept, other)
    assert (other.merged_into, kept.user_id, other.user_id) == (kept, account, None)
    assert decision.agreed_on == ["name", "agency"]
    assert Reading.objects.count() == 1

    merges.undo_merge(actor, decision.pk, "They are brothers.")

    for row in (stays, only, own):
        row.refresh_from_db()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (only.practitioner, own.practitioner, stays.practitioner) == (other, kept, other)
    assert (other.merged_into, other.user_id, kept.user_id) == (None, account, None)
    assert other.affiliations.count() == 1
    decision.refresh_from_db()
    assert (decision.undone_by, decision.undo_reason) == (actor.user_id, "They are brothers.")
    with pytest.raises(RuleBroken) as refusal:
        merges.undo_merge(actor, decision.pk, "Again.")
    assert refusal.value.code == "merge.undone"


def test_two_names_that_sound_alike_but_differ_are_not_joined_once_opened(actor: Actor) -> None:
    left, right = enter(actor, "Hassan Ali"), enter(actor, "Hussein Ali")
    assert len(duplicates.pairs(actor)) == 1

    with pytest.raises(RuleBroken) as refusal:
        merges.merge_people(actor, left.code, right.code, REASON)

    assert refusal.value.code == "merge.fields"
    assert not MergeDecision.objects.exists()


def test_both_names_go_on_finding_the_person_who_was_kept(actor: Actor) -> None:
    kept, other = enter(actor, "Marie Uwimana"), enter(actor, "Marie Claire Uwimana Keza")
    merges.merge_people(actor, kept.code, other.code, REASON)

    (found,) = people_queries.by_name(actor, "Keza Claire")

    assert found.practitioner == kept
    assert found.stands_for == other.code


def test_a_joined_record_is_joined_or_changed_no_more(actor: Actor) -> None:
    kept, other = same_person(actor)
    third = enter(actor, "Traore Othman")
    merges.merge_people(actor, kept.code, other.code, REASON)

    with pytest.raises(RuleBroken) as refusal:
        merges.merge_people(actor, third.code, other.code, REASON)
    assert refusal.value.code == "person.merged"
    with pytest.raises(RuleBroken):
        actions.change_practitioner(actor, other.code, sex="male")


def test_a_chain_is_parted_from_its_end(actor: Actor) -> None:
    first, second = same_person(actor)
    third = enter(actor, "Traore Othman")
    early = merges.merge_people(actor, second.code, first.code, REASON)
    late = merges.merge_people(actor, third.code, second.code, REASON)
    first.refresh_from_db()
    assert first.merged_into == third

    with pytest.raises(RuleBroken) as refusal:
        merges.undo_merge(actor, early.pk, "Wrong.")
    assert refusal.value.code == "merge.chain"
    merges.undo_merge(actor, late.pk, "Wrong.")
    first.refresh_from_db()
    assert first.merged_into == second
    merges.undo_merge(actor, early.pk, "Wrong.")


def test_a_pair_that_is_two_people_is_not_offered_again(actor: Actor) -> None:
    left, right = same_person(actor)
    merges.keep_apart(actor, right.code, left.code, "Born in other years.")
    merges.keep_apart(actor, left.code, right.code, "Born in other years.")

    assert NotSamePerson.objects.count() == 1
    assert duplicates.pairs(actor) == []
    assert people_queries.similar_to(actor, left) == []


def test_somebody_elsewhere_neither_sees_nor_joins(actor: Actor) -> None:
    left, right = same_person(actor)
    elsewhere = factories.officer("elsewhere", at=factories.agency("Other Agency"))

    assert duplicates.pairs(elsewhere) == []
    with pytest.raises(Practitioner.DoesNotExist):
        merges.merge_people(elsewhere, left.code, right.code, REASON)


def test_a_reviewer_compares_joins_and_undoes_on_the_pages(user: User, actor: Actor) -> None:
    kept, other = same_person(actor)
    client = Client()
    client.force_login(user)
    listed = client.get(reverse("training:duplicates")).content.decode()
    codes = sorted([kept.code, other.code])
    pair = reverse("training:pair", args=codes)
    assert pair in listed

    seen = client.get(pair).content.decode()
    assert "Ousmane" not in seen
    sent = {"keep": kept.code, "reason": REASON}
    compared = client.post(pair, sent | {"compare": "1"}).content.decode()
    assert "Ousmane Traoré" in compared
    assert "Same sound, written in another script." in compared
    assert client.post(pair, sent).status_code == 302
    decision = MergeDecision.objects.get()
    page = client.get(kept.get_absolute_url()).content.decode()
    assert reverse("training:merge-undo", args=[decision.pk]) in page
    stands = client.get(other.get_absolute_url()).content.decode()
    assert kept.code in stands
    undone = client.post(
        reverse("training:merge-undo", args=[decision.pk]), {"reason": "Two people."}
    )
    assert undone.status_code == 302
