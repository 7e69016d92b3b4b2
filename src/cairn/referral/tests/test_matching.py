"""Records found again by keyed hashes: keys, questions, pairs, decisions, pages, attacks."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.classification import Zone
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Reading
from cairn.oversight.outcomes import Finding
from cairn.oversight.rules import Purpose
from cairn.referral.actions import matching as actions
from cairn.referral.actions.matching import decide_pair, look_for, refresh_keys, undo_pair
from cairn.referral.actions.matching_rounds import find_all_pairs, find_pairs
from cairn.referral.matching.scoring import MOST_SHOWN
from cairn.referral.models import MatchFeatures, MatchKey, Pair, PairDecision, Person
from cairn.referral.queries import matching as queries
from cairn.referral.rules.matching import PairReason, PairState, PairStep
from cairn.referral.tests.factories import REASON, actor_of, unit
from cairn.referral.tests.matching_made import (  # noqa: F401 - a fixture
    AGAIN,
    FIRST,
    STRANGER,
    found,
    known,
    pair_of,
    plain_caseworkers,
    supervisor,
)
from cairn.vault import blind, keyring
from cairn.vault.errors import Altered

pytestmark = pytest.mark.django_db

# -- questions -------------------------------------------------------------------------------------


def test_a_person_who_comes_back_under_another_spelling_is_found() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    known(actor, STRANGER)
    [candidate] = look_for(actor, AGAIN, organisation())
    assert candidate.code == made.code
    assert candidate.is_likely
    assert candidate.address == made.get_absolute_url()
    assert "same birth year only" in [str(words) for words, _often in candidate.reasons]


def test_nobody_like_it_gives_nobody_and_no_facts_give_nobody() -> None:
    actor = supervisor()
    known(actor, FIRST)
    assert found(actor, STRANGER) == []
    assert found(actor, {}) == []


def test_a_question_opens_no_identity_and_is_written_down_without_a_name() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    found(actor, AGAIN)
    assert not Reading.objects.exists()
    entry = AuditEntry.objects.get(code="person.looked-for")
    assert entry.facts == {"found": 1, "shown": [made.code]}
    assert "Sarkila" not in json.dumps([entry.facts, entry.subject_id])


def test_at_most_twenty_are_shown_the_likeliest_first() -> None:
    actor = supervisor()
    for _each in range(MOST_SHOWN + 3):
        known(actor, AGAIN)
    best = known(actor, FIRST)
    shown = found(actor, FIRST)
    assert len(shown) == MOST_SHOWN
    assert shown[0] == best.code


def test_one_record_is_left_out_of_its_own_answer() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    assert look_for(actor, FIRST, organisation(), without=made.pk) == []


def test_other_organisations_and_other_units_stay_unseen() -> None:
    other = organisation("Another Invented House")
    elsewhere = supervisor("elsewhere", at=other)
    known(elsewhere, FIRST, organisation=other)
    actor = supervisor()
    assert found(actor, FIRST) == []
    assert found(actor, FIRST, other) == []
    own = unit("First Invented Unit")
    known(supervisor("of-all"), FIRST, unit=unit("Second Invented Unit"))
    assert found(supervisor("of-one", unit=own), FIRST) == []


def test_whoever_sees_no_persons_cannot_ask() -> None:
    editor = actor_of(user_with_role("directory-editor", name="editor"))
    with pytest.raises(PermissionDenied):
        look_for(editor, FIRST, organisation())
    assert not AuditEntry.objects.filter(code="person.looked-for").exists()


def test_a_question_asks_the_database_the_same_whoever_is_stored(
    django_assert_max_num_queries: Any,
) -> None:
    actor = supervisor()
    known(actor, FIRST)
    look_for(actor, AGAIN, organisation())
    with django_assert_max_num_queries(14) as few:
        look_for(actor, AGAIN, organisation())
    for _each in range(8):
        known(actor, AGAIN)
    with django_assert_max_num_queries(14) as many:
        assert len(look_for(actor, AGAIN, organisation())) == 9
    assert len(many) == len(few)


# -- keys ------------------------------------------------------------------------------------------


def test_a_changed_identity_is_found_by_what_it_is_now() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    with transaction.atomic():
        refresh_keys(made, STRANGER)
    assert found(actor, FIRST) == []
    assert found(actor, STRANGER) == [made.code]
    assert MatchFeatures.objects.count() == 1


def test_an_emptied_identity_has_no_keys() -> None:
    made = known(supervisor(), FIRST)
    with transaction.atomic():
        refresh_keys(made, {})
    assert not MatchKey.objects.exists()
    assert not MatchFeatures.objects.exists()


def test_keys_and_undecided_pairs_go_with_an_erased_record() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    asked = ask_erasure(actor, "person", pair.first.code, REASON)
    officer = actor_of(user_with_role("data-protection-officer", name="officer"))
    approve_erasure(officer, asked.pk)
    assert not MatchKey.objects.filter(person=pair.first).exists()
    assert not MatchFeatures.objects.filter(person=pair.first).exists()
    assert not Pair.objects.exists()
    assert MatchKey.objects.filter(person=pair.second).exists()


def test_a_decided_pair_tells_no_more_what_was_alike_when_one_of_both_is_erased() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    assert (pair.reasons != [], pair.score > 0) == (True, True)
    decide_pair(actor, pair.pk, PairStep.DIFFERENT, PairReason.PAPERS)
    asked = ask_erasure(actor, "person", pair.second.code, REASON)
    approve_erasure(actor_of(user_with_role("data-protection-officer", name="officer")), asked.pk)
    pair.refresh_from_db()
    assert (pair.reasons, pair.score) == ([], 0)
    assert pair.decisions.count() == 1


def test_the_night_removes_keys_of_records_that_moved() -> None:
    actor = supervisor()
    made = known(actor, FIRST)
    Person.objects.filter(pk=made.pk).update(organisation=organisation("Another Invented House"))
    find_pairs({})
    assert not MatchKey.objects.exists()
    assert not MatchFeatures.objects.exists()


def test_a_row_of_features_says_nothing_in_the_place_of_another() -> None:
    actor = supervisor()
    first, second = known(actor, FIRST), known(actor, STRANGER)
    rows = {row.person_id: bytes(row.marks) for row in MatchFeatures.objects.all()}
    keys = queries.batch(organisation().pk)
    assert keys.uncover(rows[first.pk], first.pk.bytes)
    with pytest.raises(Altered):
        keys.uncover(rows[first.pk], second.pk.bytes)


# -- attacks ---------------------------------------------------------------------------------------


def dictionary() -> list[dict[str, Any]]:
    """What somebody with the stolen tables would try: the true person among others."""
    others = [{**FIRST, "given": f"Guess{number}"} for number in range(40)]
    return [FIRST, AGAIN, STRANGER, *others]


def hits(keys: Any) -> int:
    """Marks of guessed persons that stand in the table."""
    stored = set(MatchKey.objects.values_list("mark", flat=True))
    return sum(mark in stored for each in dictionary() for mark in queries.hashed(keys, each).marks)


def test_the_database_alone_gives_no_names_to_a_dictionary() -> None:
    actor = supervisor()
    known(actor, FIRST)
    right = queries.batch(organisation().pk)
    assert hits(right) > 5  # the same guesses with the key: the test looks in the right place
    wrong = blind.Batch(Zone.PROTECTION, "another purpose", str(organisation().pk))
    assert hits(wrong) == 0
    assert hits(blind.Batch(Zone.IDENTIFICATION, queries.PURPOSE, str(organisation().pk))) == 0
    assert hits(queries.batch(organisation("Another Invented House").pk)) == 0
    covered = bytes(MatchFeatures.objects.get().marks)
    with pytest.raises(Altered):
        wrong.uncover(covered, MatchFeatures.objects.get().person_id.bytes)


def test_two_organisations_cannot_tell_that_they_know_the_same_person() -> None:
    other = organisation("Another Invented House")
    known(supervisor(), FIRST)
    known(supervisor("elsewhere", at=other), FIRST, organisation=other)
    marks = list(MatchKey.objects.values_list("mark", flat=True))
    assert len(marks) == len(set(marks)) > 10


def test_no_table_holds_a_name_or_a_mark_of_a_single_name() -> None:
    known(supervisor(), FIRST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_matchkey")
        stored = repr(cursor.fetchall())
        cursor.execute("SELECT * FROM referral_matchfeatures")
        stored += repr([[bytes(v) if isinstance(v, memoryview) else v for v in row]
                        for row in cursor.fetchall()])  # fmt: skip
    assert not [word for word in ("Zarquila", "zarquila", "Vexomar", "Q1234567") if word in stored]
    keys = queries.batch(organisation().pk)
    marks = set(MatchKey.objects.values_list("mark", flat=True))
    for kind in range(1, 9):
        for word in ("zarquila", "sArkl", "zArkl", "vexomar", "vAXmr", "bIXnr"):
            assert keys.mark(f"block\0{kind}\0{word}") not in marks
            assert keys.mark(f"feature\0{kind}\0{word}") not in marks


def test_keys_are_derived_once_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[UUID] = []
    raw_key = keyring.raw_key

    def counted(key: UUID) -> bytes:
        asked.append(key)
        return raw_key(key)

    monkeypatch.setattr(keyring, "raw_key", counted)
    keys = queries.batch(uuid4())
    for each in dictionary():
        queries.hashed(keys, each)
    assert len(asked) == 1


# -- the night -------------------------------------------------------------------------------------


def test_the_night_suggests_once_and_looks_again_only_at_what_changed() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    assert pair.state == PairState.SUGGESTED
    assert pair.first_id.hex < pair.second_id.hex
    assert pair.score >= 17
    assert find_pairs({}).facts == {"looked_at": 0, "pairs": 0}
    with transaction.atomic():
        refresh_keys(pair.first, FIRST if pair.score else AGAIN)
    assert find_pairs({}).finding is Finding.FOUND  # the undecided one went with the old keys
    assert Pair.objects.count() == 1


def test_the_night_changes_no_record_and_opens_none() -> None:
    pair = pair_of(supervisor())
    assert Person.objects.filter(closed_on=None).count() == 2
    assert not Reading.objects.exists()
    assert not PairDecision.objects.exists()
    assert pair.first.version == pair.second.version


def test_what_was_decided_survives_the_next_night() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    decide_pair(actor, pair.pk, PairStep.DIFFERENT, PairReason.RELATIVES)
    MatchFeatures.objects.update(looked_at=None)
    assert find_pairs({}).facts == {"looked_at": 2, "pairs": 0}
    with transaction.atomic():
        refresh_keys(pair.first, FIRST)
    find_pairs({})
    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT


def test_without_the_extra_the_whole_register_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert find_all_pairs({}).facts == {"engine": "none"}


def test_with_the_extra_the_whole_register_is_compared_and_twins_stay_apart() -> None:
    pytest.importorskip("splink", reason="the extra `linkage` is not installed")
    actor = supervisor()
    mother = {"mother": "Salma"}
    first, again = known(actor, FIRST | mother), known(actor, FIRST | mother)
    known(actor, {**FIRST, **mother, "given": "Widad", "documents": []})
    known(actor, STRANGER)
    assert find_all_pairs({}).facts == {"engine": "splink", "pairs": 1}
    assert {Pair.objects.get().first_id, Pair.objects.get().second_id} == {first.pk, again.pk}


# -- decisions -------------------------------------------------------------------------------------


def test_a_decision_is_made_taken_back_and_stays_in_the_history() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    decide_pair(actor, pair.pk, PairStep.SAME, PairReason.TOLD)
    assert Pair.objects.get().state == PairState.SAME
    undo_pair(actor, pair.pk)
    decide_pair(actor, pair.pk, PairStep.DIFFERENT, PairReason.RECORDS)
    rows = PairDecision.objects.order_by("number").values_list("number", "step", "decided_by")
    assert list(rows) == [
        (1, "same", actor.user_id),
        (2, "undone", actor.user_id),
        (3, "different", actor.user_id),
    ]
    told = AuditEntry.objects.filter(code__startswith="pair.").order_by("sequence")
    assert [each.code for each in told] == [
        code for code in ("pair.same", "pair.undone", "pair.different") for _side in (1, 2)
    ]
    assert Person.objects.count() == 2


@pytest.mark.parametrize("now", PairState)
@pytest.mark.parametrize("step", PairStep)
def test_only_listed_steps_are_allowed(now: PairState, step: PairStep) -> None:
    actor = supervisor()
    pair = pair_of(actor)
    Pair.objects.filter(pk=pair.pk).update(state=now)
    allowed = (now is PairState.SUGGESTED) != (step is PairStep.UNDONE)
    if allowed:
        assert decide_pair(actor, pair.pk, step, PairReason.TOLD).state != now
        return
    with pytest.raises(RuleBroken) as refused:
        decide_pair(actor, pair.pk, step, PairReason.TOLD)
    assert refused.value.code == "pair.step"
    assert not PairDecision.objects.exists()


@pytest.mark.parametrize("reason", [PairReason.RELATIVES, PairReason.MISTAKE])
def test_a_reason_for_two_persons_is_none_for_one(reason: PairReason) -> None:
    actor = supervisor()
    pair = pair_of(actor)
    with pytest.raises(RuleBroken) as refused:
        decide_pair(actor, pair.pk, PairStep.SAME, reason)
    assert refused.value.code == "pair.reason"


@pytest.mark.usefixtures("plain_caseworkers")
def test_a_caseworker_does_not_decide_and_a_stranger_does_not_see() -> None:
    pair = pair_of(supervisor())
    caseworker = actor_of(user_with_role("service-provider", name="caseworker"))
    with pytest.raises(PermissionDenied):
        decide_pair(caseworker, pair.pk, PairStep.SAME, PairReason.TOLD)
    stranger = supervisor("stranger", at=organisation("Another Invented House"))
    with pytest.raises(Pair.DoesNotExist):
        decide_pair(stranger, pair.pk, PairStep.SAME, PairReason.TOLD)
    assert not PairDecision.objects.exists()


def test_decisions_are_never_changed_or_removed() -> None:
    actor = supervisor()
    decide_pair(actor, pair_of(actor).pk, PairStep.SAME, PairReason.TOLD)
    row = PairDecision.objects.get()
    for act in (row.save, row.delete, PairDecision.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        PairDecision.objects.update(step=PairStep.DIFFERENT)


def test_a_pair_exists_once_and_in_order() -> None:
    pair = pair_of(supervisor())
    for first, second in ((pair.second, pair.first), (pair.first, pair.first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Pair.objects.create(
                organisation=pair.organisation, first=first, second=second, score=1,
                found_at=pair.found_at,
            )  # fmt: skip


def test_both_identities_are_opened_with_a_reason_that_is_kept() -> None:
    actor = supervisor()
    pair = pair_of(actor)
    both = actions.open_pair(actor, pair.pk, Purpose.ASSISTANCE, REASON)
    assert [one.pk for one, _parts in both] == [pair.first_id, pair.second_id]
    assert all(part.values["name"] for _one, [part] in both)
    assert Reading.objects.count() == 1
