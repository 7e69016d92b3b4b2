"""Links between two zones: sealed to both sides, read in their scope, ended from either side."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, connection, transaction

from cairn.access.tests.factories import organisation
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.models import Procedure
from cairn.identification.rules.procedures import State
from cairn.identification.subjects import PROCEDURE
from cairn.identification.tests import factories as identification
from cairn.oversight.actions.links import (
    grant_link,
    other_side,
    read_through_link,
    revoke_link,
    shown_through_links,
)
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.models import LinkGrant, Reading
from cairn.oversight.queries.access import links_of
from cairn.oversight.queries.records import links
from cairn.oversight.rules import Basis, LinkBasis, Purpose
from cairn.oversight.tests.conftest import Wait
from cairn.oversight.tests.factories import REASON, elsewhere, entries, officer, refused
from cairn.referral.models import Person
from cairn.referral.subjects import PERSON
from cairn.referral.tests.factories import CONTACT, person, provider
from cairn.vault import keyring
from cairn.vault.errors import VaultError

pytestmark = pytest.mark.django_db
PURPOSE = "An invented handing over"
DAY = timedelta(days=1)


@pytest.fixture
def giver() -> Actor:
    return provider()


@pytest.fixture
def reader() -> Actor:
    return identification.authority(at=organisation("Invented Authority"))


@pytest.fixture
def given(giver: Actor) -> Person:
    return person(giver)


@pytest.fixture
def own(reader: Actor) -> Procedure:
    return identification.procedure(reader, at=organisation("Invented Authority"))


def grant(giver: Actor, given: Person, own: Procedure, **changes: Any) -> LinkGrant:
    wishes: dict[str, Any] = {
        "basis": LinkBasis.CONSENT,
        "purpose": PURPOSE,
        "scope": ["safe_contact"],
        "ends_on": None,
    }
    kind, code = changes.pop("kind", "procedure"), changes.pop("code", own.code)
    return grant_link(giver, given, kind, code, **(wishes | changes))


def test_a_link_holds_for_ninety_days_and_says_on_what_ground(
    giver: Actor, given: Person, own: Procedure
) -> None:
    made = grant(giver, given, own, purpose=f" {PURPOSE} ", code=f" {own.code.lower()} ")
    kept = LinkGrant.objects.get()
    assert (kept.left_zone, kept.right_zone) == ("identification", "protection")
    assert (kept.basis, kept.purpose, kept.scope) == ("consent", PURPOSE, ["safe_contact"])
    assert kept.authorised_by == giver.user_id
    assert kept.ends_on == clock.now().date() + 90 * DAY
    (entry,) = entries("link.granted")
    assert (entry.subject_id, entry.actor_id) == (str(made.pk), str(giver.user_id))
    assert entry.facts == {
        "left": "identification",
        "right": "protection",
        "basis": "consent",
        "scope": ["safe_contact"],
    }


def test_what_is_stored_names_neither_record(giver: Actor, given: Person, own: Procedure) -> None:
    grant(giver, given, own)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM oversight_linkgrant")
        stored = repr(cursor.fetchall())
    entry = AuditEntry.objects.get(code="link.granted")
    told = stored + str(entry.facts) + entry.subject_id
    for record in (given, own):
        for name in (str(record.pk), record.pk.hex, record.code, str(record.data_key)):
            assert name not in told


def test_each_side_reads_the_pair_with_the_keys_of_its_own_zone(
    giver: Actor, given: Person, own: Procedure
) -> None:
    made = grant(giver, given, own)
    assert other_side(PROCEDURE, made) == (PERSON, given.pk)
    assert other_side(PERSON, made) == (PROCEDURE, own.pk)
    made.left_sealed, made.right_sealed = made.right_sealed, made.left_sealed
    for side in (PROCEDURE, PERSON):
        with pytest.raises(VaultError):
            other_side(side, made)


def test_each_side_finds_it_by_its_own_record_only(
    giver: Actor, given: Person, own: Procedure
) -> None:
    made = grant(giver, given, own)
    assert list(links_of(PERSON.zone, given.pk)) == [made]
    assert list(links_of(PROCEDURE.zone, own.pk)) == [made]
    assert not links_of(PROCEDURE.zone, given.pk)
    assert not links_of(PERSON.zone, person(giver).pk)


def test_the_other_side_reads_the_scope_and_nothing_else(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    made = grant(giver, given, own)
    opened = read_through_link(reader, own, made.pk, REASON)
    assert opened.record == given
    assert opened.values == {"safe_contact": CONTACT}
    reading = Reading.objects.get()
    assert (reading.actor_id, reading.kind, reading.fields) == (
        reader.user_id,
        "person",
        ["safe_contact"],
    )
    assert (reading.basis, reading.basis_id, reading.purpose) == (
        Basis.LINK,
        made.pk,
        Purpose.ASSISTANCE,
    )
    assert not Person.objects.visible_to(reader).exists()


def test_who_gives_reads_nothing_through_it(giver: Actor, given: Person, own: Procedure) -> None:
    made = grant(giver, given, own)
    with pytest.raises(LinkGrant.DoesNotExist):
        read_through_link(giver, given, made.pk, REASON)
    assert not Procedure.objects.visible_to(giver).exists()


def test_without_a_reason_nothing_is_read_through_it(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    made = grant(giver, given, own)
    refused("oversight.reason", lambda: read_through_link(reader, own, made.pk, "why"))
    assert not Reading.objects.exists()


def test_it_is_read_from_its_own_record_by_who_may_open_that(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    made = grant(giver, given, own)
    second = identification.procedure(reader, at=organisation("Invented Authority"))
    with pytest.raises(LinkGrant.DoesNotExist):
        read_through_link(reader, second, made.pk, REASON)
    for stranger in (identification.authority("apart"), officer(), giver):
        with pytest.raises(PermissionDenied):
            read_through_link(stranger, own, made.pk, REASON)
    assert not Reading.objects.exists()


def test_from_the_day_after_its_last_nothing_is_read(
    giver: Actor, given: Person, reader: Actor, own: Procedure, wait: Wait
) -> None:
    made = grant(giver, given, own, ends_on=clock.now().date() + DAY)
    wait(DAY)
    assert read_through_link(reader, own, made.pk, REASON).values
    wait(DAY)
    with pytest.raises(LinkGrant.DoesNotExist):
        read_through_link(reader, own, made.pk, REASON)
    assert [each.state for each in links(PROCEDURE, own)] == ["ended"]


def test_either_side_ends_it_at_once(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    for actor, record, zone in ((giver, given, "protection"), (reader, own, "identification")):
        made = grant(giver, given, own)
        revoke_link(actor, record, made.pk)
        made.refresh_from_db()
        assert made.revoked_by == actor.user_id
        assert entries("link.revoked")[-1].facts == {"side": zone}
        with pytest.raises(LinkGrant.DoesNotExist):
            read_through_link(reader, own, made.pk, REASON)
        refused(
            "link.revoked",
            lambda actor=actor, record=record, made=made: revoke_link(actor, record, made.pk),  # type: ignore[misc]
        )
    assert {each.state for each in links(PERSON, given)} == {"revoked"}


def test_a_link_of_other_records_is_not_ended(giver: Actor, given: Person, own: Procedure) -> None:
    made = grant(giver, given, own)
    with pytest.raises(LinkGrant.DoesNotExist):
        revoke_link(giver, person(giver), made.pk)
    with pytest.raises(PermissionDenied):
        revoke_link(elsewhere(), given, made.pk)
    made.refresh_from_db()
    assert made.revoked_at is None


def test_who_does_not_own_the_record_joins_it_with_nothing(
    given: Person, own: Procedure, reader: Actor
) -> None:
    for stranger in (elsewhere(), reader, officer()):
        with pytest.raises(PermissionDenied):
            grant(stranger, given, own)
    assert not LinkGrant.objects.exists()


def test_wishes_that_a_link_cannot_have_are_refused(
    giver: Actor, given: Person, own: Procedure
) -> None:
    today = clock.now().date()
    wishes: list[tuple[str, dict[str, Any]]] = [
        ("link.same-zone", {"kind": "person", "code": person(giver).code}),
        ("link.scope", {"scope": []}),
        ("link.scope", {"scope": ["name", "code"]}),
        ("link.scope", {"scope": ["summary"]}),
        ("link.purpose", {"purpose": "short"}),
        ("link.purpose", {"purpose": "x" * 201}),
        ("link.expiry", {"ends_on": today - DAY}),
        ("link.expiry", {"ends_on": today + 367 * DAY}),
    ]
    for code, wish in wishes:
        refused(code, lambda wish=wish: grant(giver, given, own, **wish))  # type: ignore[misc]
    with pytest.raises(ObjectDoesNotExist):
        grant(giver, given, own, code="ZZZ-999")
    with pytest.raises(LookupError):
        grant(giver, given, own, kind="no-such-kind")
    assert not LinkGrant.objects.exists()


def test_two_records_are_joined_once_at_a_time(
    giver: Actor, given: Person, own: Procedure, wait: Wait
) -> None:
    first = grant(giver, given, own)
    refused("link.held", lambda: grant(giver, given, own))
    wait(91 * DAY)
    second = grant(giver, given, own)
    assert [(each.id, each.state) for each in links(PERSON, given)] == [
        (second.pk, "live"),
        (first.pk, "ended"),
    ]


def test_the_database_itself_refuses_a_link_inside_one_zone_and_a_second_live_one(
    giver: Actor, given: Person, own: Procedure
) -> None:
    made = grant(giver, given, own)
    with pytest.raises(IntegrityError), transaction.atomic():
        LinkGrant.objects.filter(pk=made.pk).update(left_zone="protection")
    made.pk = None
    made.id = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_after_the_other_record_is_erased_the_link_tells_so(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    made = grant(giver, given, own)
    keyring.destroy(given.data_key)
    opened = read_through_link(reader, own, made.pk, REASON)
    assert opened.values == {"safe_contact": Unreadable("erased")}


def test_each_side_is_told_what_may_be_read_in_words(
    giver: Actor, given: Person, own: Procedure
) -> None:
    grant(giver, given, own)
    (theirs,), (ours,) = links(PERSON, given), links(PROCEDURE, own)
    assert theirs.scope == ours.scope == ["Safe way to make contact"]
    assert (theirs.is_ours_to_read, ours.is_ours_to_read) == (False, True)
    assert theirs.basis == "Consent of the person"


def test_the_desk_sees_that_there_are_links_and_owners_find_theirs_by_their_record(
    giver: Actor, given: Person, own: Procedure
) -> None:
    grant(giver, given, own)
    assert LinkGrant.objects.visible_to(officer()).count() == 1
    assert not LinkGrant.objects.visible_to(elsewhere()).exists()


def test_rights_are_shown_through_a_link_without_opening_anything_until_it_is_revoked(
    giver: Actor, given: Person, reader: Actor, own: Procedure
) -> None:
    today = clock.now().date()
    assert shown_through_links(PERSON, given, today) == []
    identification.decide(reader, own, State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    made = grant_link(
        reader,
        own,
        "person",
        given.code,
        basis=LinkBasis.CONSENT,
        purpose=PURPOSE,
        scope=["rights"],
        ends_on=None,
    )
    (seen,) = shown_through_links(PERSON, given, today)
    holding = {each.words for each in seen.facts if each.holds}
    assert {"Assistance", "No removal from the country"} <= holding
    assert Reading.objects.count() == 0
    with pytest.raises(RuleBroken, match="sealed"):
        read_through_link(giver, given, made.pk, REASON)
    (line,) = links(PERSON, given)
    assert (line.scope, line.holds_sealed) == (["Rights and their days"], False)
    # The other side of the same link shows nothing of the person.
    assert shown_through_links(PROCEDURE, own, today) == []
    revoke_link(reader, own, made.pk)
    assert shown_through_links(PERSON, given, today) == []
