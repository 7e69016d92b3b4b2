"""What is noted about a person: who may, what is refused, what the log says, what is sealed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure, carry_out, place_hold
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.models import Erasure, Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions import SealedTexts, change_person, close_person, enter_person
from cairn.referral.actions.matching import forget_keys
from cairn.referral.actions.persons_identity import open_identity, write_identity
from cairn.referral.actions.persons_rows import (
    NewFinding,
    NewGuardian,
    appoint_guardian,
    assess_needs,
    assess_risk,
    end_alias,
    end_guardian,
    find_best_interests,
    note_alias,
    open_rows,
)
from cairn.referral.models import (
    Alias,
    BestInterests,
    Conflict,
    Guardian,
    Identity,
    MatchFeatures,
    NeedsAssessment,
    Person,
    RiskAssessment,
)
from cairn.referral.queries import persons as noted
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import (
    AliasKind,
    ContactRule,
    PanelKind,
    RiskFactor,
    RiskLevel,
)
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.referral.subjects.persons_rows import (
    ALIAS,
    CHILD_INTERESTS,
    GUARDIAN,
    IDENTITY,
    KINDS,
    NEEDS,
    RISK,
)
from cairn.referral.tests.factories import REASON, actor_of, facts, person, provider
from cairn.vault import keyring

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
WHO = {
    "given": "Zarquil",
    "family": "Inventeria",
    "birth": "1998-04",
    "nationality": "NPL",
    "documents": [{"kind": "passport", "number": "ZQ 1"}],
}
GUARDIAN_OF = NewGuardian("Guardia Quibble", "Tel. 000", "Court of Inventia", TODAY)


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def made(worker: Actor) -> Person:
    return person(worker, age_band=AgeBand.CHILD)


def finding(**changes: Any) -> NewFinding:
    plain: dict[str, Any] = {
        "kind": PanelKind.ASSESSMENT,
        "question": Question.FAMILY,
        "outcome": BestOutcome.YES,
        "decided_by": "Caseworker and guardian",
        "decided_on": TODAY,
        "options": "Optiona Quibble",
        "view": "Viewa Quibble",
    }
    return NewFinding(**plain | changes)


def fill(actor: Actor, code: str) -> None:
    """One of everything."""
    write_identity(actor, code, WHO)
    note_alias(actor, code, kind=AliasKind.WORK, name="Aliasa Quibble")
    appoint_guardian(actor, code, GUARDIAN_OF)
    assess_risk(actor, code, level=RiskLevel.HIGH, assessed_on=TODAY, note="Riska Quibble")
    assess_needs(actor, code, needs={"health": "urgent"}, assessed_on=TODAY, note="Needa Quibble")
    find_best_interests(actor, code, finding())


ACTS = {
    "identity": lambda actor, code: write_identity(actor, code, WHO),
    "alias": lambda actor, code: note_alias(actor, code, kind=AliasKind.WORK, name="N"),
    "guardian": lambda actor, code: appoint_guardian(actor, code, GUARDIAN_OF),
    "risk": lambda actor, code: assess_risk(actor, code, level=RiskLevel.LOW, assessed_on=TODAY),
    "needs": lambda actor, code: assess_needs(actor, code, needs={}, assessed_on=TODAY),
    "interests": lambda actor, code: find_best_interests(actor, code, finding()),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_for_others_the_person_does_not_exist_and_a_closed_record_stays(
    act: Any, worker: Actor, made: Person
) -> None:
    stranger = provider("elsewhere", at=organisation("Invented Other"))
    with pytest.raises(Person.DoesNotExist):
        act(stranger, made.code)
    break_glass(stranger, "person", made.code, "A life is in danger, invented.")
    with pytest.raises(PermissionDenied):
        act(stranger, made.code)
    close_person(worker, made.code, closed_on=TODAY)
    with pytest.raises(RuleBroken) as refused:
        act(worker, made.code)
    assert refused.value.code == "person.is-closed"


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_every_act_is_in_the_log_without_a_word_of_it(
    act: Any, worker: Actor, made: Person
) -> None:
    before = AuditEntry.objects.count()
    act(worker, made.code)
    entries = AuditEntry.objects.order_by("sequence")[before:]
    assert len(entries) == 1
    assert entries[0].subject_id == str(made.pk)
    assert "Quibble" not in str(entries[0].facts)
    assert "Zarquil" not in str(entries[0].facts)


def test_everything_is_sealed_and_opened_with_a_reason(worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    with connection.cursor() as cursor:
        for table in ("identity", "alias", "guardian", "riskassessment", "bestinterests"):
            cursor.execute(f"SELECT * FROM referral_{table}")  # noqa: S608 - names from above
            kept = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
            assert "Quibble" not in kept
            assert "Zarquil" not in kept
    opened = open_rows(worker, made.code, KINDS[:-1], Purpose.ASSISTANCE, REASON)
    values = " ".join(str(value) for each in opened for value in each.values.values())
    for word in ("Zarquil", "Aliasa", "Guardia", "Riska", "Needa", "Optiona", "Viewa"):
        assert word in values
    assert Reading.objects.count() == len(KINDS) - 1


def test_nothing_to_open_is_said(worker: Actor, made: Person) -> None:
    with pytest.raises(RuleBroken) as refused:
        open_rows(worker, made.code, [IDENTITY, ALIAS], Purpose.ASSISTANCE, REASON)
    assert refused.value.code == "person.nothing-sealed"
    assert not Reading.objects.exists()


def test_rows_are_numbered_and_their_codes_are_never_typed(worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    note_alias(worker, made.code, kind=AliasKind.PAPERS, name="N")
    codes = [each.code for each in Alias.objects.order_by("number")]
    assert codes == [f"{made.code.lower()}.a1", f"{made.code.lower()}.a2"]


@pytest.mark.parametrize("model", [RiskAssessment, NeedsAssessment, BestInterests])
def test_what_was_assessed_is_never_changed(model: Any, worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    row = model.objects.get()
    change: Callable[[], Any]
    for change in (
        lambda: row.save(),
        lambda: row.delete(),
        lambda: model.objects.update(number=2),
        lambda: model.objects.all().delete(),
    ):
        with pytest.raises(TypeError):
            change()


def test_a_name_out_of_use_stays_for_whoever_hears_it(worker: Actor, made: Person) -> None:
    note_alias(worker, made.code, kind=AliasKind.WORK, name="Aliasa Quibble")
    end_alias(worker, made.code, 1)
    assert Alias.objects.get().ended_on == TODAY
    opened = open_rows(worker, made.code, [ALIAS], Purpose.ASSISTANCE, REASON)
    assert opened[0].values == {"name": "Aliasa Quibble"}
    with pytest.raises(RuleBroken) as refused:
        end_alias(worker, made.code, 1)
    assert refused.value.code == "alias.ended"


# -- children ------------------------------------------------------------------------------------


def test_a_child_is_guarded_from_the_first_to_the_last_day(worker: Actor, made: Person) -> None:
    assert not noted.guarded(made, TODAY)
    appoint_guardian(worker, made.code, GUARDIAN_OF)
    assert noted.guarded(made, TODAY)
    end_guardian(worker, made.code, 1, ends_on=TODAY)
    assert noted.guarded(made, TODAY)
    assert not noted.guarded(made, TODAY + timedelta(days=1))
    assert Guardian.objects.get().ends_on == TODAY


def test_an_adult_is_asked_nothing_of_that(worker: Actor, django_assert_num_queries: Any) -> None:
    adult = person(worker)
    with django_assert_num_queries(0):
        assert noted.guarded(adult, TODAY)
        assert noted.best_interests(adult, Question.RETURN, TODAY)
    with pytest.raises(RuleBroken) as refused:
        find_best_interests(worker, adult.code, finding())
    assert refused.value.code == "interests.child"


def test_a_return_waits_for_a_panel(worker: Actor, made: Person) -> None:
    with pytest.raises(RuleBroken) as refused:
        find_best_interests(worker, made.code, finding(question=Question.RETURN))
    assert refused.value.code == "interests.kind"
    assert not noted.best_interests(made, Question.RETURN, TODAY)
    panel = finding(question=Question.RETURN, kind=PanelKind.DETERMINATION)
    find_best_interests(worker, made.code, panel)
    assert noted.best_interests(made, Question.RETURN, TODAY)
    assert not noted.best_interests(made, Question.TRANSFER, TODAY)


def test_a_child_becomes_an_adult_with_a_ground_that_the_log_keeps(
    worker: Actor, made: Person
) -> None:
    with pytest.raises(RuleBroken) as refused:
        change_person(worker, made.code, facts(), SealedTexts())
    assert refused.value.code == "person.adult"
    assert Person.objects.get().age_band == AgeBand.CHILD
    change_person(worker, made.code, facts(), SealedTexts(), adult_ground="papers")
    assert Person.objects.get().age_band == AgeBand.ADULT
    assert AuditEntry.objects.latest("sequence").facts["adult_ground"] == "papers"


def test_a_doubt_about_the_age_needs_no_ground(worker: Actor) -> None:
    adult = person(worker)
    change_person(worker, adult.code, facts(age_band=AgeBand.AGE_DISPUTED), SealedTexts())
    assert Person.objects.get().age_band == AgeBand.AGE_DISPUTED


# -- danger and needs ----------------------------------------------------------------------------


def test_the_danger_that_stands_is_looked_at_again(worker: Actor, made: Person) -> None:
    assert noted.risk(made) is None
    assess_risk(
        worker, made.code, level=RiskLevel.HIGH, factors=[RiskFactor.NEAR], assessed_on=TODAY
    )
    standing = noted.risk(made)
    assert standing is not None
    assert (standing.level, standing.factors) == ("high", ("near",))
    assert standing.review_on == TODAY + timedelta(days=7)


def test_two_who_assess_at_the_same_time_leave_the_greater_danger(
    worker: Actor, made: Person
) -> None:
    assess_risk(worker, made.code, level=RiskLevel.MEDIUM, assessed_on=TODAY)
    assess_risk(worker, made.code, level=RiskLevel.EXTREME, assessed_on=TODAY, seen=1)
    assess_risk(worker, made.code, level=RiskLevel.LOW, assessed_on=TODAY, seen=1)
    standing = noted.risk(made)
    assert standing is not None
    assert (standing.level, standing.is_open) == ("extreme", True)
    # Nobody claims to have seen what was not written yet.
    last = assess_risk(worker, made.code, level=RiskLevel.LOW, assessed_on=TODAY, seen=99)
    assert last.seen == 3
    standing = noted.risk(made)
    assert standing is not None
    assert (standing.level, standing.is_open) == ("low", False)


def test_the_newest_word_on_needs_counts(worker: Actor, made: Person) -> None:
    assert noted.needs(made) == {}
    assess_needs(worker, made.code, needs={"health": "urgent"}, assessed_on=TODAY)
    assess_needs(worker, made.code, needs={"legal": "routine"}, assessed_on=TODAY)
    assert noted.needs(made) == {"legal": "routine"}


# -- identity ------------------------------------------------------------------------------------


def test_an_identity_has_a_key_of_its_own(worker: Actor) -> None:
    made = enter_person(worker, facts(), SealedTexts(), identity=WHO)
    identity = Identity.objects.get()
    assert identity.data_key != made.data_key
    opened = open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values["facts"] == WHO
    assert MatchFeatures.objects.filter(person=made).exists()


def test_nobody_needs_an_identity(worker: Actor) -> None:
    made = enter_person(worker, facts(), SealedTexts(), identity={"given": "  "})
    assert not Identity.objects.exists()
    assert write_identity(worker, made.code, {}) is None
    with pytest.raises(Identity.DoesNotExist):
        open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)


def test_a_wrong_identity_keeps_the_whole_record_out(worker: Actor) -> None:
    with pytest.raises(RuleBroken) as refused:
        enter_person(worker, facts(), SealedTexts(), identity={"birth": "2999"})
    assert refused.value.code == "identity.birth"
    assert not Person.objects.exists()


def test_an_identity_is_changed_by_who_has_read_it(worker: Actor, made: Person) -> None:
    write_identity(worker, made.code, WHO)
    write_identity(worker, made.code, WHO | {"given": "Other"}, seen=1)
    opened = open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values["facts"]["given"] == "Other"
    assert Identity.objects.get().version == 2


def test_two_identities_written_at_once_are_both_kept(worker: Actor, made: Person) -> None:
    write_identity(worker, made.code, WHO)
    write_identity(worker, made.code, WHO | {"given": "First"}, seen=1)
    write_identity(worker, made.code, WHO | {"given": "Second"}, seen=1)
    opened = open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values["facts"]["given"] == "First"
    conflict = Conflict.objects.get()
    assert conflict.field == "identity"
    assert conflict.data_key == Identity.objects.get().data_key


def test_a_record_that_came_from_elsewhere_is_found_from_its_first_opening_on(
    worker: Actor,
) -> None:
    made = enter_person(worker, facts(), SealedTexts(), identity=WHO)
    other = organisation("Invented Other")
    Person.objects.filter(pk=made.pk).update(organisation=other)
    forget_keys(made)
    there = provider("elsewhere", at=other)
    open_identity(there, made.code, Purpose.ASSISTANCE, REASON)
    assert MatchFeatures.objects.get(person=made).organisation_id == other.pk


# -- emergency and erasure -----------------------------------------------------------------------


def test_an_emergency_opens_all_that_belongs_to_the_person(worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    stranger = provider("elsewhere", at=organisation("Invented Other"))
    with pytest.raises(Person.DoesNotExist):
        open_rows(stranger, made.code, [IDENTITY], Purpose.SAFETY, REASON)
    access = break_glass(stranger, "person", made.code, "A life is in danger, invented.")
    kinds = [IDENTITY, ALIAS, GUARDIAN, RISK, NEEDS, CHILD_INTERESTS]
    opened = open_rows(stranger, made.code, kinds, Purpose.SAFETY, REASON)
    assert len(opened) == len(kinds)
    assert {each.basis_id for each in Reading.objects.all()} == {access.pk}
    other = person(worker)
    note_alias(worker, other.code, kind=AliasKind.WORK, name="N")
    with pytest.raises(Person.DoesNotExist):
        open_rows(stranger, other.code, [ALIAS], Purpose.SAFETY, REASON)


def desk() -> Actor:
    return actor_of(user_with_role("data-protection-officer"))


def test_erasing_a_person_destroys_both_keys_and_empties_what_is_clear(
    worker: Actor, made: Person
) -> None:
    fill(worker, made.code)
    key, own = made.data_key, Identity.objects.get().data_key
    asked = ask_erasure(worker, "person", made.code, REASON)
    done = approve_erasure(desk(), asked.pk)
    assert not keyring.exists([key, own])
    assert done.values >= 10
    opened = [
        value
        for each in open_rows(worker, made.code, KINDS[:-1], Purpose.ASSISTANCE, REASON)
        for value in each.values.values()
        if value
    ]
    assert set(opened) == {Unreadable("erased")}
    kept = Person.objects.get()
    assert (kept.displacement, kept.languages) == ("", [])
    assert kept.contact_rule == ContactRule.NONE
    assert RiskAssessment.objects.get().factors == []
    assert NeedsAssessment.objects.get().needs == {}
    assert Guardian.objects.get().appointed_by == ""
    assert not MatchFeatures.objects.exists()
    assert {each.recorded_by for each in Alias.objects.all()} == {None}


def test_an_erasure_is_brought_to_its_end_and_done_once(worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    own = Identity.objects.get().data_key
    asked = ask_erasure(worker, "person", made.code, REASON)
    officer = desk()
    done = approve_erasure(officer, asked.pk)
    again = carry_out(officer, Erasure.objects.get(pk=done.pk))
    assert (again.erased_at, again.values) == (done.erased_at, done.values)
    assert not keyring.exists([own])


def test_a_legal_hold_keeps_the_identity_too(worker: Actor, made: Person) -> None:
    fill(worker, made.code)
    place_hold(desk(), "person", made.code, REASON, None)
    with pytest.raises(RuleBroken) as refused:
        ask_erasure(worker, "person", made.code, REASON)
    assert refused.value.code == "erasure.held"
    assert keyring.exists([made.data_key, Identity.objects.get().data_key])


@pytest.mark.parametrize("kind", [each.key for each in KINDS])
def test_rows_are_neither_found_nor_erased_by_themselves(
    kind: str, worker: Actor, made: Person
) -> None:
    fill(worker, made.code)
    for typed in (f"{made.code}.A1", f"{made.code}.a1", f"{made.code}.id"):
        with pytest.raises(Exception, match="matching query does not exist"):
            ask_erasure(worker, kind, typed, REASON)


def test_the_day_of_entering_is_a_day(worker: Actor) -> None:
    made = person(worker, opened_on=date(2026, 1, 15))
    assert (made.version, made.contact_rule) == (1, ContactRule.NOT_ASKED)
