"""Two colleagues change one record: what they wrote comes together, or waits for somebody."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.oversight.tests.factories import both_at_once
from cairn.referral.actions import Facts, SealedTexts, change_person, open_person
from cairn.referral.actions.persons import Base
from cairn.referral.actions.persons_conflicts import Choice, resolve_fact, resolve_text
from cairn.referral.actions.persons_identity import open_identity, write_identity
from cairn.referral.actions.persons_rows import open_rows
from cairn.referral.models import Conflict, Person
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import ContactRule
from cairn.referral.subjects.persons_rows import CONFLICT
from cairn.referral.tests.factories import (
    NAME,
    NOTE,
    REASON,
    actor_of,
    facts,
    person,
    provider,
    unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def colleague() -> Actor:
    return provider("colleague")


@pytest.fixture
def made(worker: Actor) -> Person:
    return person(worker)


def seen(made: Person) -> Base:
    return Base.of(Person.objects.get(pk=made.pk))


def both(
    made: Person, first: tuple[Actor, Facts], second: tuple[Actor, Facts], texts: Any = None
) -> Person:
    """Two who began with the same page send their changes one after the other."""
    base = seen(made)
    for actor, changed in (first, second):
        change_person(actor, made.code, changed, texts or SealedTexts(), base=base)
    return Person.objects.get(pk=made.pk)


def test_changes_of_different_facts_come_together(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    kept = both(made, (worker, facts(country="SEN")), (colleague, facts(sex="female")))
    assert (kept.country, kept.sex, kept.version) == ("SEN", "female", 3)
    assert not Conflict.objects.exists()


def test_the_same_change_made_twice_is_one(worker: Actor, colleague: Actor, made: Person) -> None:
    kept = both(made, (worker, facts(country="SEN")), (colleague, facts(country="SEN")))
    assert (kept.country, kept.version) == ("SEN", 2)
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_opposites_the_one_that_protects_stands(
    is_first: bool, worker: Actor, colleague: Actor, made: Person
) -> None:
    pair = [(worker, facts(contact_rule="any")), (colleague, facts(contact_rule="none"))]
    kept = both(made, *(pair if is_first else reversed(pair)))
    assert kept.contact_rule == ContactRule.NONE
    conflict = Conflict.objects.get()
    assert (conflict.base, conflict.values, conflict.standing) == (
        "not-asked",
        ["any", "none"],
        "none",
    )
    assert AuditEntry.objects.filter(code="person.conflicted").get().facts == {
        "number": 1,
        "field": "contact_rule",
    }


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_plain_claims_neither_is_taken(
    is_first: bool, worker: Actor, colleague: Actor, made: Person
) -> None:
    pair = [(worker, facts(country="SEN")), (colleague, facts(country="MLI"))]
    kept = both(made, *(pair if is_first else reversed(pair)))
    assert kept.country == "NPL"
    assert Conflict.objects.get().values == ["MLI", "SEN"]


def test_a_third_who_had_not_seen_it_adds_to_the_same_conflict(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    base = seen(made)
    for actor, country in ((worker, "SEN"), (colleague, "MLI"), (worker, "KEN")):
        change_person(actor, made.code, facts(country=country), SealedTexts(), base=base)
    assert Conflict.objects.get().values == ["KEN", "MLI", "SEN"]
    assert Person.objects.get().country == "NPL"


def test_who_has_seen_the_conflict_resolves_it_instead(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    with pytest.raises(RuleBroken) as refused:
        change_person(worker, made.code, facts(country="KEN"), SealedTexts(), base=seen(made))
    assert refused.value.code == "person.conflict"
    change_person(worker, made.code, facts(sex="male"), SealedTexts(), base=seen(made))
    assert Person.objects.get().sex == "male"


def test_a_child_and_an_adult_at_once_is_a_child(worker: Actor, colleague: Actor) -> None:
    made = person(worker, age_band=AgeBand.AGE_DISPUTED)
    base = seen(made)
    change_person(worker, made.code, facts(), SealedTexts(), base=base, adult_ground="papers")
    child = facts(age_band=AgeBand.CHILD)
    change_person(colleague, made.code, child, SealedTexts(), base=base)
    assert Person.objects.get().age_band == AgeBand.CHILD
    with pytest.raises(RuleBroken) as refused:
        resolve_fact(worker, made.code, 1, "adult")
    assert refused.value.code == "person.adult"
    resolve_fact(worker, made.code, 1, "adult", adult_ground="decided")
    assert Person.objects.get().age_band == AgeBand.ADULT


def test_somebody_says_what_holds_once(worker: Actor, colleague: Actor, made: Person) -> None:
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    for wrong, code in (("KEN", "conflict.value"),):
        with pytest.raises(RuleBroken) as refused:
            resolve_fact(worker, made.code, 1, wrong)
        assert refused.value.code == code
    resolve_fact(worker, made.code, 1, "SEN")
    kept, conflict = Person.objects.get(), Conflict.objects.get()
    assert kept.country == "SEN"
    assert (conflict.resolved_by, conflict.resolved_as) == (worker.user_id, "SEN")
    with pytest.raises(RuleBroken) as refused:
        resolve_fact(colleague, made.code, 1, "MLI")
    assert refused.value.code == "conflict.resolved"
    assert Person.objects.get().country == "SEN"


def test_after_that_the_fact_is_changed_as_before(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    resolve_fact(worker, made.code, 1, "NPL")
    change_person(worker, made.code, facts(country="KEN"), SealedTexts(), base=seen(made))
    assert Person.objects.get().country == "KEN"
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    assert [each.number for each in Conflict.objects.order_by("number")] == [1, 2]


def test_a_place_is_one_fact(worker: Actor, colleague: Actor, made: Person) -> None:
    here, there = unit("Here"), unit("There")
    kept = both(made, (worker, facts(unit=here)), (colleague, facts(unit=there)))
    assert kept.unit is None
    conflict = Conflict.objects.get()
    resolve_fact(worker, made.code, 1, [str(organisation().pk), str(there.pk)])
    assert (conflict.field, Person.objects.get().unit) == ("place", there)


def test_for_strangers_there_is_no_conflict(worker: Actor, colleague: Actor, made: Person) -> None:
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    stranger = provider("elsewhere", at=organisation("Invented Other"))
    assert not Conflict.objects.visible_to(stranger).exists()
    with pytest.raises(Person.DoesNotExist):
        resolve_fact(stranger, made.code, 1, "SEN")
    with pytest.raises((PermissionDenied, Person.DoesNotExist)):
        resolve_fact(actor_of(user_with_role("donor")), made.code, 1, "SEN")


# -- sealed texts --------------------------------------------------------------------------------


def texts_at_once(worker: Actor, colleague: Actor, made: Person, field: str, *two: Any) -> None:
    base = seen(made)
    for actor, text in zip((worker, colleague), two, strict=True):
        change_person(actor, made.code, facts(), SealedTexts(**{field: text}), base=base)


def standing(actor: Actor, made: Person, field: str) -> Any:
    return open_person(actor, made.code, Purpose.ASSISTANCE, REASON).values[field]


def test_of_two_texts_none_is_lost(worker: Actor, colleague: Actor, made: Person) -> None:
    texts_at_once(worker, colleague, made, "note", "Firsta", "Seconda")
    assert standing(worker, made, "note") == "Firsta"
    other = open_rows(worker, made.code, [CONFLICT], Purpose.ASSISTANCE, REASON)
    assert other[0].values == {"content": "Seconda"}
    assert Person.objects.get().name  # what nobody wrote stays as well


@pytest.mark.parametrize(
    ("choice", "holds"),
    [
        (Choice.STANDING, "Firsta"),
        (Choice.OTHER, "Seconda"),
        (Choice.BOTH, "Firsta\n\nSeconda"),
    ],
)
def test_which_text_holds_is_said_with_a_reason(
    choice: Choice, holds: str, worker: Actor, colleague: Actor, made: Person
) -> None:
    texts_at_once(worker, colleague, made, "note", "Firsta", "Seconda")
    with pytest.raises(RuleBroken) as refused:
        resolve_text(worker, made.code, 1, choice, "short")
    assert refused.value.code == "oversight.reason"
    resolve_text(worker, made.code, 1, choice, REASON)
    assert Reading.objects.count() == 2
    assert standing(worker, made, "note") == holds
    with pytest.raises(RuleBroken) as refused:
        resolve_text(worker, made.code, 1, Choice.OTHER, REASON)
    assert refused.value.code == "conflict.resolved"
    # What was not chosen does not lie about any more.
    opened = open_rows(worker, made.code, [CONFLICT], Purpose.ASSISTANCE, REASON)
    assert opened[0].values == {"content": ""}


def test_two_lists_of_whom_to_avoid_both_hold(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    texts_at_once(worker, colleague, made, "do_not_contact", ["Brother"], ["Former boss"])
    assert standing(worker, made, "do_not_contact") == ["Brother"]
    resolve_text(worker, made.code, 1, Choice.BOTH, REASON)
    assert standing(worker, made, "do_not_contact") == ["Brother", "Former boss"]


def test_a_list_is_emptied_by_who_has_seen_it(worker: Actor, made: Person) -> None:
    change_person(worker, made.code, facts(), SealedTexts(do_not_contact=[" Brother ", ""]))
    assert standing(worker, made, "do_not_contact") == ["Brother"]
    change_person(worker, made.code, facts(), SealedTexts(do_not_contact=[]), base=seen(made))
    assert not Person.objects.get().do_not_contact


def test_a_third_text_meanwhile_is_not_overwritten(
    worker: Actor, colleague: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts_at_once(worker, colleague, made, "note", "Firsta", "Seconda")
    from cairn.referral.actions import persons_conflicts as conflicts

    plain = conflicts._opened

    def slow(*given: Any) -> Any:
        found = plain(*given)
        change_person(colleague, made.code, facts(), SealedTexts(note="Thirda"))
        return found

    monkeypatch.setattr(conflicts, "_opened", slow)
    with pytest.raises(RuleBroken) as refused:
        resolve_text(worker, made.code, 1, Choice.OTHER, REASON)
    assert refused.value.code == "conflict.changed"
    assert standing(worker, made, "note") == "Thirda"
    assert Conflict.objects.get().resolved_at is None


def test_which_identity_holds(worker: Actor, colleague: Actor, made: Person) -> None:
    write_identity(worker, made.code, {"given": "Zarquil"})
    write_identity(worker, made.code, {"given": "Firsta"}, seen=1)
    write_identity(colleague, made.code, {"given": "Seconda"}, seen=1)
    with pytest.raises(RuleBroken) as refused:
        resolve_text(worker, made.code, 1, Choice.BOTH, REASON)
    assert refused.value.code == "conflict.both"
    resolve_text(worker, made.code, 1, Choice.OTHER, REASON)
    opened = open_identity(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values["facts"] == {"given": "Seconda"}


# -- at the same moment --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_lose_nothing(worker: Actor, colleague: Actor) -> None:
    made = person(worker)
    base = seen(made)

    def change(actor: Actor, changed: Facts, text: str) -> Person:
        return change_person(actor, made.code, changed, SealedTexts(note=text), base=base)

    got = both_at_once(
        lambda: change(worker, facts(country="SEN", contact_rule="any"), "Firsta"),
        lambda: change(colleague, facts(sex="male", contact_rule="in-person"), "Seconda"),
    )
    assert all(isinstance(each, Person) for each in got), got
    kept = Person.objects.get()
    assert (kept.country, kept.sex, kept.contact_rule) == ("SEN", "male", "in-person")
    assert sorted(Conflict.objects.values_list("field", flat=True)) == ["contact_rule", "note"]
    other = open_rows(worker, made.code, [CONFLICT], Purpose.ASSISTANCE, REASON)
    texts = {standing(worker, made, "note"), *(each.values["content"] for each in other)}
    assert texts == {"Firsta", "Seconda"}


@pytest.mark.django_db(transaction=True)
def test_two_who_resolve_at_the_same_moment_are_one(worker: Actor, colleague: Actor) -> None:
    made = person(worker)
    both(made, (worker, facts(country="SEN")), (colleague, facts(country="MLI")))
    got = both_at_once(
        lambda: resolve_fact(worker, made.code, 1, "SEN"),
        lambda: resolve_fact(colleague, made.code, 1, "MLI"),
    )
    done = [each for each in got if isinstance(each, Conflict)]
    assert len(done) == 1, got
    assert Person.objects.get().country == done[0].resolved_as
    assert AuditEntry.objects.filter(code="person.conflict_resolved").count() == 1


# -- on the pages --------------------------------------------------------------------------------


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(actor.user_id)))
    return client


def sent(page: str, **changes: Any) -> dict[str, Any]:
    """What the form of a change holds, with `changes`."""
    base = re.search(r'name="base" value="([^"]+)"', page)
    assert base is not None
    return {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "age_band": "adult",
        "opened_on": "2026-01-15",
        "contact_rule": "not-asked",
        "base": base.group(1),
        **changes,
    }


def test_two_forms_that_lie_open_at_once(worker: Actor, colleague: Actor, made: Person) -> None:
    first, second = signed_in(worker), signed_in(colleague)
    address = f"/persons/{made.code}/"
    pages = [each.get(f"{address}edit/").content.decode() for each in (first, second)]
    first.post(f"{address}edit/", sent(pages[0], country="SEN", contact_rule="any"))
    answer = second.post(
        f"{address}edit/", sent(pages[1], sex="male", contact_rule="none"), follow=True
    )
    text = answer.content.decode()
    assert "A colleague changed the same meanwhile." in text
    assert "1 thing was written by two colleagues at the same time." in text
    assert "No contact: the person comes to us" in text
    kept = Person.objects.get()
    assert (kept.country, kept.sex, kept.contact_rule) == ("SEN", "male", "none")
    listed = second.get(f"{address}conflicts/").content.decode()
    assert f"{address}conflicts/1/" in listed
    page = second.get(f"{address}conflicts/1/").content.decode()
    assert "Any way that the person gave" in page
    answer = second.post(f"{address}conflicts/1/", {"value": "0"}, follow=True)
    assert Person.objects.get().contact_rule == "any"
    assert "It is resolved." in answer.content.decode()


def test_a_form_without_its_base_changes_what_is_there_now(worker: Actor, made: Person) -> None:
    client = signed_in(worker)
    page = client.get(f"/persons/{made.code}/edit/").content.decode()
    client.post(f"/persons/{made.code}/edit/", sent(page, base="tampered", country="SEN"))
    assert Person.objects.get().country == "SEN"
    assert NOTE not in page
    assert NAME not in page


def test_a_sealed_conflict_is_resolved_on_its_page(
    worker: Actor, colleague: Actor, made: Person
) -> None:
    texts_at_once(worker, colleague, made, "note", "Firsta", "Seconda")
    client = signed_in(worker)
    address = f"/persons/{made.code}/conflicts/"
    for page in (client.get(address), client.get(f"{address}1/")):
        assert "Seconda" not in page.content.decode()
    opened = client.post(address, {"purpose": "assistance", "reason": REASON})
    assert "Seconda" in opened.content.decode()
    wrong = client.post(f"{address}1/", {"choice": "other", "reason": ""})
    assert wrong.status_code == 422
    client.post(f"{address}1/", {"choice": "other", "reason": REASON})
    assert standing(worker, made, "note") == "Seconda"
