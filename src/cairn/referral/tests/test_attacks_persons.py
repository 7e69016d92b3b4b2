"""Attacks on records: moving one past the gates, making its keys anew, asking who is known."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from cairn.access.models import User
from cairn.access.tests.factories import member, organisation
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.rules import Purpose
from cairn.referral.actions import SealedTexts, change_person, enter_person
from cairn.referral.actions.matching import forget_keys, look_for
from cairn.referral.actions.persons_conflicts import resolve_fact
from cairn.referral.actions.persons_identity import open_identity
from cairn.referral.models import Conflict, MatchFeatures, MatchKey, Person
from cairn.referral.queries.persons import has_keys
from cairn.referral.tests.factories import REASON, actor_of, facts, provider, unit

pytestmark = pytest.mark.django_db

WHO = {"given": "Zarquila", "family": "Vexomarnic", "birth": "1998-04-03", "mother": "Quibbla"}


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def made(worker: Actor) -> Person:
    return enter_person(worker, facts(), SealedTexts(), identity=WHO)


def of_both(worker: Actor, other: Any) -> Actor:
    user = User.objects.get(pk=str(worker.user_id))
    member(user, "service-provider", at=other)
    return actor_of(user)


def test_whoever_has_roles_in_two_organisations_takes_no_file_along_by_an_edit(
    worker: Actor, made: Person
) -> None:
    """The gates of a hand-over (ground, protocol, guardian, who is left out) stand before that."""
    other = organisation("Invented Other")
    both = of_both(worker, other)
    with pytest.raises(RuleBroken) as refused:
        change_person(both, made.code, facts(organisation=other), SealedTexts())
    assert refused.value.code == "person.elsewhere"
    made.refresh_from_db()
    assert made.organisation_id == organisation().pk


def test_no_file_goes_elsewhere_by_what_two_wrote_at_once(worker: Actor, made: Person) -> None:
    other = organisation("Invented Other")
    conflict = conflict_of_places(made, [str(other.pk), ""])
    with pytest.raises(RuleBroken) as refused:
        resolve_fact(of_both(worker, other), made.code, conflict.number, [str(other.pk), ""])
    assert refused.value.code == "person.elsewhere"


def test_nobody_puts_a_file_into_a_unit_of_others_by_resolving(made: Person) -> None:
    here, there = unit("Here"), unit("There")
    Person.objects.filter(pk=made.pk).update(unit=here)
    place = [str(organisation().pk), str(there.pk)]
    conflict = conflict_of_places(made, place)
    of_here = provider("of-here", unit=here)
    with pytest.raises(PermissionDenied):
        resolve_fact(of_here, made.code, conflict.number, place)


def conflict_of_places(made: Person, other: list[str]) -> Conflict:
    own = [str(made.organisation_id), ""]
    row = Conflict(
        data_key=made.data_key,
        person=made,
        number=1,
        code=f"{made.code.lower()}.x1",
        recorded_at=AuditEntry.objects.latest("sequence").at,
        field="place",
        base=own,
        values=[other, own],
        standing=own,
    )
    row.save(force_insert=True)
    return row


def test_an_opening_beside_an_erasure_makes_no_keys_of_it_anew(
    worker: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_keys(made)

    def erased_meanwhile(person: Person) -> bool:
        """As if the erasure were committed after the words had been opened."""
        today = made.opened_on
        Person.objects.filter(pk=made.pk).update(
            erased_on=today, closed_on=today, keep_until=None, caseworker=None
        )
        return has_keys(person)

    monkeypatch.setattr("cairn.referral.actions.persons_identity.has_keys", erased_meanwhile)
    open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert not MatchKey.objects.exists()
    assert not MatchFeatures.objects.exists()


def test_whoever_asks_after_one_named_person_leaves_the_codes_that_were_shown(
    worker: Actor, made: Person
) -> None:
    """The desk can tell who was found by whom, without a name and without asking anybody."""
    assert [each.code for each in look_for(worker, WHO, organisation())] == [made.code]
    entry = AuditEntry.objects.get(code="person.looked-for")
    assert entry.facts == {"found": 1, "shown": [made.code]}
