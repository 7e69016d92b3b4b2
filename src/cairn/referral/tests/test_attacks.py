"""What insiders with the source in hand tried: to read unseen, for longer, or into a file."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import member, organisation, sign_in, user_with_role
from cairn.core import limits
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.actions.alerts import decide_alert
from cairn.oversight.actions.break_glass import break_glass, end_break_glass, review_break_glass
from cairn.oversight.actions.exports import ask_export, decide_export, take_export
from cairn.oversight.models import Alert, BreakGlass, ReadingSubject
from cairn.oversight.queries.people import names
from cairn.oversight.rules import AlertState, Purpose, ReviewState
from cairn.referral.actions import assign_caseworker, open_duty_list, open_person
from cairn.referral.models import Person
from cairn.referral.tests.factories import NAME, REASON, actor_of, person, provider, unit

pytestmark = pytest.mark.django_db


def officer(name: str = "") -> Actor:
    return actor_of(user_with_role("data-protection-officer", name=name))


def elsewhere() -> Any:
    return organisation("Another Agency")


def is_own() -> bool:
    return ReadingSubject.objects.latest("reading__at").is_own_caseload


def test_taking_a_record_over_first_does_not_make_a_look_at_it_ones_own_work() -> None:
    colleague, curious = provider("colleague"), provider("curious")
    made = person(colleague)
    assign_caseworker(curious, made.code, None)  # over a stopover, so that nobody is before
    assign_caseworker(curious, made.code, curious.user_id)
    open_person(curious, made.code, Purpose.ASSISTANCE, REASON)
    assert not is_own()
    open_duty_list(curious, [Person.objects.get(pk=made.pk)], REASON)
    assert not is_own()
    assign_caseworker(curious, made.code, colleague.user_id)
    open_person(colleague, made.code, Purpose.ASSISTANCE, REASON)
    assert is_own(), "who had it before has it again"


def test_a_record_that_was_nobodys_or_was_handed_over_is_ones_own_work_at_once() -> None:
    colleague, worker = provider("colleague"), provider("worker")
    free, given = person(colleague, is_mine=False), person(colleague)
    assign_caseworker(worker, free.code, worker.user_id)
    assign_caseworker(colleague, given.code, worker.user_id)
    for each in (free, given):
        open_person(worker, each.code, Purpose.ASSISTANCE, REASON)
        assert is_own()


def alter(made: Person, blob: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referral_person SET name = %s", [blob])


def test_a_value_altered_again_after_the_desk_decided_is_a_new_alert() -> None:
    worker = provider()
    made = person(worker)
    alter(made, b"\x01" + bytes(40))
    open_person(worker, made.code, Purpose.ASSISTANCE, REASON)
    open_person(worker, made.code, Purpose.ASSISTANCE, REASON)
    decide_alert(officer(), Alert.objects.get().pk, AlertState.EXPLAINED, REASON)
    open_person(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert Alert.objects.count() == 1, "the same alteration, decided about already"
    alter(made, b"\x01" + bytes(41))
    open_person(worker, made.code, Purpose.ASSISTANCE, REASON)
    assert list(Alert.objects.order_by("first_at").values_list("state", flat=True)) == [
        AlertState.EXPLAINED,
        AlertState.OPEN,
    ]


def approved(asking: Actor, fields: list[str], at: Any) -> Any:
    asked = ask_export(asking, "person", at.pk, fields, REASON)
    return decide_export(officer(), asked.pk, approve=True)


@pytest.mark.parametrize("fields", [[], ["name"]])
def test_no_file_holds_what_an_emergency_access_shows(fields: list[str]) -> None:
    other = unit("Other Unit")
    far = person(provider("far"), unit=other)
    worker = provider("near", unit=unit("Own Unit"))
    near = person(worker, unit=unit("Own Unit"))
    break_glass(worker, "person", far.code, REASON)
    assert set(Person.objects.visible_to(worker)) == {far, near}
    lines = "".join(take_export(worker, approved(worker, fields, organisation()).pk))
    assert near.code in lines
    assert far.code not in lines


def test_an_approved_file_is_empty_for_whoever_has_left_that_place_meanwhile() -> None:
    user = user_with_role("service-provider")
    asking = actor_of(user)
    made = person(asking)
    export = approved(asking, ["name"], organisation())
    user.memberships.all().delete()
    member(user, "service-provider", at=elsewhere())
    lines = "".join(take_export(actor_of(user), export.pk))
    assert made.code not in lines
    assert NAME not in lines


def twice(worker: Actor, code: str) -> list[BreakGlass]:
    """Two accesses, as when two requests come at one moment."""
    first = break_glass(worker, "person", code, REASON)
    second = BreakGlass.objects.get(pk=first.pk)
    second.pk, second.data_key, second.reason = None, None, REASON
    second._state.adding = True
    second.id = type(first)._meta.pk.get_default()
    second.review_note = ""
    second.save(force_insert=True)
    return [first, second]


def test_ending_an_emergency_access_leaves_no_second_one_open() -> None:
    made = person(provider("far", at=elsewhere()), organisation=elsewhere())
    worker = provider("near")
    first, _second = twice(worker, made.code)
    end_break_glass(officer(), first.pk)
    assert not Person.objects.visible_to(worker).exists()


def test_an_emergency_access_that_was_not_justified_ends_with_the_review() -> None:
    made = person(provider("far", at=elsewhere()), organisation=elsewhere())
    worker = provider("near")
    access = break_glass(worker, "person", made.code, REASON)
    reviewed = review_break_glass(officer(), access.pk, ReviewState.NOT_JUSTIFIED, REASON)
    assert reviewed.ended_at is not None
    with pytest.raises(Person.DoesNotExist):
        open_person(worker, made.code, Purpose.ASSISTANCE, REASON)


def test_an_emergency_access_is_worth_nothing_once_the_role_is_gone() -> None:
    made = person(provider("far", at=elsewhere()), organisation=elsewhere())
    user = user_with_role("service-provider", name="near")
    break_glass(actor_of(user), "person", made.code, REASON)
    user.memberships.update(
        starts_on=timezone.localdate() - timedelta(days=9),
        ends_on=timezone.localdate() - timedelta(days=1),
    )
    with pytest.raises(Person.DoesNotExist):
        open_person(actor_of(user), made.code, Purpose.ASSISTANCE, REASON)


def test_a_colleagues_name_taken_as_ones_own_hides_nobody_from_the_desk() -> None:
    users = [user_with_role("service-provider", name=name) for name in ("first", "second")]
    other = user_with_role("trainer", name="third")
    User.objects.filter(pk=users[1].pk).update(display_name=users[0].display_name.upper())
    shown = names(user.pk for user in [*users, other])
    assert [shown[user.pk] for user in users] == [
        "Invented first (first)",
        "INVENTED FIRST (second)",
    ]
    assert shown[other.pk] == "Invented third"


FLOODS = {
    "/oversight/incidents/new/": 30,
    "/persons/export/": 20,
    "/persons/{code}/links/new/": 20,
    "/oversight/erasures/new/person/{code}/": 30,
}


@pytest.mark.parametrize(("address", "most"), FLOODS.items())
def test_nobody_buries_the_desk(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, most: int
) -> None:
    user = user_with_role("service-provider")
    sign_in(client, user)
    place = address.format(code=person(actor_of(user)).code)
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_795_000_000.0))
    answers = [client.post(place).status_code for _ in range(most + 1)]
    assert set(answers[:most]) == {200}, "the form again, as nothing was written in it"
    assert answers[most] == 429


def test_what_an_address_holds_does_not_get_into_the_log(client: Client) -> None:
    sign_in(client, user_with_role("data-protection-officer"))
    answer = client.get(f"/oversight/readings/export.csv?code=K7Q-M2R&{NAME.split()[0]}=1")
    assert answer.status_code == 200
    assert AuditEntry.objects.get(code="readings.exported").facts["filters"] == ["code"]
