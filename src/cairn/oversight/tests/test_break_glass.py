"""Emergency access: one record, a day, told at once, reviewed by another."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, transaction

from cairn.access.models import Membership
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.identification.tests import factories as identification
from cairn.oversight.actions.break_glass import (
    break_glass,
    end_break_glass,
    review_break_glass,
)
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.actions.readings import read
from cairn.oversight.actions.watch import watch_emergencies
from cairn.oversight.models import Alert, BreakGlass, Notice
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.rules import Purpose, ReviewState
from cairn.oversight.tests.conftest import Wait
from cairn.oversight.tests.factories import (
    NOTE,
    REASON,
    both_at_once,
    elsewhere,
    entries,
    officer,
    refused,
)
from cairn.referral.models import Person
from cairn.referral.tests.factories import NAME, person, provider, unit

pytestmark = pytest.mark.django_db
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def owner() -> Actor:
    return provider()


@pytest.fixture
def made(owner: Actor) -> Person:
    return person(owner)


@pytest.fixture
def stranger() -> Actor:
    return elsewhere()


def test_the_way_to_one_record_is_open_for_a_day(made: Person, stranger: Actor, wait: Wait) -> None:
    visible = Person.objects.visible_to(stranger)
    assert not visible.exists()
    access = break_glass(stranger, "person", f" {made.code.lower()} ", REASON)
    assert access.expires_at - access.opened_at == timedelta(hours=24)
    assert list(Person.objects.visible_to(stranger)) == [made]
    assert read(stranger, [made], ["name"], Purpose.SAFETY, REASON)[0].values["name"] == NAME
    wait(24 * HOUR - 60 * SECOND)
    assert list(Person.objects.visible_to(stranger)) == [made]
    wait(60 * SECOND)
    assert not Person.objects.visible_to(stranger).exists()
    with pytest.raises(PermissionDenied):
        read(stranger, [made], ["name"], Purpose.SAFETY, REASON)


def test_it_opens_the_way_to_nobody_else_and_to_nothing_else(
    owner: Actor, made: Person, stranger: Actor
) -> None:
    other = person(owner)
    break_glass(stranger, "person", made.code, REASON)
    assert list(Person.objects.visible_to(stranger)) == [made]
    colleague = elsewhere("colleague")
    assert not Person.objects.visible_to(colleague).exists()
    assert other not in Person.objects.visible_to(stranger)


def test_owners_and_reviewers_are_told_in_the_same_breath_and_the_actor_is_not(
    owner: Actor, made: Person, stranger: Actor
) -> None:
    reviewer, bystander = officer(), elsewhere("bystander")
    access = break_glass(stranger, "person", made.code, REASON)
    told = Notice.objects.filter(code="glass.broken", subject_id=access.pk)
    assert set(told.values_list("user_id", flat=True)) == {owner.user_id, reviewer.user_id}
    assert bystander.user_id not in told.values_list("user_id", flat=True)
    assert access.told == 2
    assert {str(notice.facts) for notice in told} == {str({"pseudonym": made.code})}
    assert not Alert.objects.exists()


def test_with_nobody_there_to_be_told_the_desk_gets_an_alert(
    owner: Actor, made: Person, stranger: Actor
) -> None:
    Membership.objects.filter(user=owner.user_id).update(confirmed_at=None)
    access = break_glass(stranger, "person", made.code, REASON)
    assert access.told == 0
    alert = Alert.objects.get()
    assert (alert.kind, alert.actor_id) == (AlertKind.NOBODY_TOLD, stranger.user_id)
    assert not Notice.objects.exists()


def test_the_log_tells_of_it_by_ids_and_the_reason_is_sealed(made: Person, stranger: Actor) -> None:
    access = break_glass(stranger, "person", made.code, f" {REASON} ")
    (entry,) = entries("glass.broken")
    assert (entry.actor_id, entry.subject_id) == (str(stranger.user_id), str(made.pk))
    assert entry.facts == {"access": str(access.pk), "told": 1}
    kept = BreakGlass.objects.get()
    assert REASON not in str(kept.reason)
    assert open_notes(officer(), [kept], ["reason"])[0]["reason"] == REASON


def test_used_again_it_is_the_same_access_and_nobody_is_told_twice(
    made: Person, stranger: Actor
) -> None:
    first = break_glass(stranger, "person", made.code, REASON)
    assert break_glass(stranger, "person", made.code, "Another invented reason.") == first
    assert BreakGlass.objects.count() == Notice.objects.count() == len(entries("glass.broken")) == 1


def test_after_it_ended_it_is_asked_for_anew_and_told_anew(
    made: Person, stranger: Actor, wait: Wait
) -> None:
    first = break_glass(stranger, "person", made.code, REASON)
    wait(25 * HOUR)
    second = break_glass(stranger, "person", made.code, REASON)
    assert second != first
    assert Notice.objects.filter(code="glass.broken").count() == 2


def test_an_unknown_code_opens_nothing(made: Person, stranger: Actor) -> None:
    for code in ("ZZZ-999", "", made.code[:-1]):
        with pytest.raises(ObjectDoesNotExist):
            break_glass(stranger, "person", code, REASON)
    assert not BreakGlass.objects.exists()


def test_ones_own_record_needs_no_emergency(owner: Actor, made: Person) -> None:
    refused("break-glass.not-needed", lambda: break_glass(owner, "person", made.code, REASON))
    assert not Notice.objects.exists()


def test_there_is_no_emergency_in_another_zone(stranger: Actor) -> None:
    procedure = identification.procedure(identification.authority())
    for actor in (stranger, officer()):
        for kind in ("procedure", "decision"):
            refused(
                "break-glass.kind",
                lambda actor=actor, kind=kind: break_glass(actor, kind, procedure.code, REASON),  # type: ignore[misc]
            )
    with pytest.raises(LookupError):
        break_glass(stranger, "no-such-kind", procedure.code, REASON)


def test_who_helps_nobody_has_no_emergency(made: Person) -> None:
    for actor in (officer(), identification.authority(), PUBLIC):
        with pytest.raises(PermissionDenied):
            break_glass(actor, "person", made.code, REASON)
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("reason", ["", "danger", "x" * 1001])
def test_a_danger_is_said_in_words(made: Person, stranger: Actor, reason: str) -> None:
    refused("oversight.reason", lambda: break_glass(stranger, "person", made.code, reason))
    assert not BreakGlass.objects.exists()


def test_it_can_be_given_back_once(made: Person, stranger: Actor) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    end_break_glass(stranger, access.pk)
    assert not Person.objects.visible_to(stranger).exists()
    assert entries("glass.ended")[0].actor_id == str(stranger.user_id)
    refused("break-glass.over", lambda: end_break_glass(stranger, access.pk))


def test_the_desk_ends_it_and_nobody_else_does(owner: Actor, made: Person, stranger: Actor) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    for actor in (owner, elsewhere("other")):
        with pytest.raises(BreakGlass.DoesNotExist):
            end_break_glass(actor, access.pk)
    end_break_glass(officer(), access.pk)
    assert not Person.objects.visible_to(stranger).exists()


def test_what_is_over_by_itself_is_not_ended(made: Person, stranger: Actor, wait: Wait) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    wait(24 * HOUR)
    refused("break-glass.over", lambda: end_break_glass(stranger, access.pk))


@pytest.mark.parametrize("verdict", [ReviewState.JUSTIFIED, ReviewState.NOT_JUSTIFIED])
def test_another_person_says_whether_it_was_justified(
    made: Person, stranger: Actor, verdict: ReviewState
) -> None:
    reviewer = officer()
    access = break_glass(stranger, "person", made.code, REASON)
    review_break_glass(reviewer, access.pk, verdict, f" {NOTE} ")
    access.refresh_from_db()
    assert (access.review, access.reviewed_by) == (verdict, reviewer.user_id)
    assert access.reviewed_at is not None
    assert open_notes(reviewer, [access], ["review_note"])[0]["review_note"] == NOTE
    (entry,) = entries("glass.reviewed")
    assert entry.facts == {"verdict": verdict.value}
    notice = Notice.objects.get(code="glass.reviewed")
    assert (notice.user_id, notice.subject_id) == (stranger.user_id, access.pk)
    refused(
        "oversight.move",
        lambda: review_break_glass(officer("second"), access.pk, ReviewState.JUSTIFIED, NOTE),
    )


def test_an_access_that_was_not_justified_ends_with_the_review(
    made: Person, stranger: Actor
) -> None:
    reviewer = officer()
    access = break_glass(stranger, "person", made.code, REASON)
    review_break_glass(reviewer, access.pk, ReviewState.NOT_JUSTIFIED, NOTE)
    assert not Person.objects.visible_to(stranger).exists()


def test_an_access_that_was_justified_holds_until_its_time(made: Person, stranger: Actor) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    review_break_glass(officer(), access.pk, ReviewState.JUSTIFIED, NOTE)
    assert Person.objects.visible_to(stranger).exists()


def test_nobody_reviews_their_own_access(made: Person, stranger: Actor) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    both = Actor(
        user_id=stranger.user_id,
        roles=stranger.roles,
        permissions=stranger.permissions | officer().permissions,
        scopes=stranger.scopes,
    )
    refused(
        "oversight.second-person",
        lambda: review_break_glass(both, access.pk, ReviewState.JUSTIFIED, NOTE),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        BreakGlass.objects.filter(pk=access.pk).update(reviewed_by=stranger.user_id)


def test_a_review_needs_a_reviewer_a_verdict_and_words(
    owner: Actor, made: Person, stranger: Actor
) -> None:
    access = break_glass(stranger, "person", made.code, REASON)
    with pytest.raises(BreakGlass.DoesNotExist):
        review_break_glass(owner, access.pk, ReviewState.JUSTIFIED, NOTE)
    with pytest.raises(PermissionDenied):
        review_break_glass(stranger, access.pk, ReviewState.JUSTIFIED, NOTE)
    reviewer = officer()
    refused(
        "oversight.reason",
        lambda: review_break_glass(reviewer, access.pk, ReviewState.JUSTIFIED, "fine"),
    )
    refused(
        "oversight.move",
        lambda: review_break_glass(reviewer, access.pk, ReviewState.WAITING, NOTE),
    )
    access.refresh_from_db()
    assert access.review == ReviewState.WAITING


def test_a_late_review_is_asked_for_again_each_day(
    made: Person, stranger: Actor, wait: Wait
) -> None:
    reviewer = officer()
    access = break_glass(stranger, "person", made.code, REASON)
    reminded = Notice.objects.filter(code="glass.unreviewed", subject_id=access.pk)
    watch_emergencies({})
    assert not reminded.exists()
    wait(24 * HOUR + SECOND)
    for _ in range(2):
        watch_emergencies({})
    assert [notice.user_id for notice in reminded] == [reviewer.user_id]
    assert entries("glass.expired")[0].actor_id == "system"
    review_break_glass(reviewer, access.pk, ReviewState.JUSTIFIED, NOTE)
    wait(25 * HOUR)
    watch_emergencies({})
    assert reminded.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_one_moment_it_can_still_be_ended_for_good(
    made: Person, stranger: Actor
) -> None:
    def ask() -> BreakGlass:
        return break_glass(stranger, "person", made.code, REASON)

    got = both_at_once(ask, ask)
    accesses = [each for each in got if isinstance(each, BreakGlass)]
    assert len(accesses) == 2, got
    end_break_glass(stranger, accesses[0].pk)
    assert not Person.objects.visible_to(stranger).exists()


def test_owners_of_another_organisation_are_not_told(made: Person, stranger: Actor) -> None:
    apart = user_with_role("service-provider", name="apart", at=organisation("Invented Third"))
    break_glass(stranger, "person", made.code, REASON)
    assert not Notice.objects.filter(user_id=apart.pk).exists()


def test_a_colleague_of_another_unit_is_not_the_one_who_is_told_of_it(owner: Actor) -> None:
    narrow = provider("other-unit", unit=unit("Invented Other Unit"))
    made = person(owner)
    access = break_glass(narrow, "person", made.code, REASON)
    told = Notice.objects.filter(code="glass.broken").values_list("user_id", flat=True)
    assert (list(told), access.told) == ([owner.user_id], 1)
    Membership.objects.filter(user=owner.user_id).update(confirmed_at=None)
    unseen = break_glass(narrow, "person", person(owner).code, REASON)
    assert unseen.told == 0
    assert Alert.objects.get().kind == AlertKind.NOBODY_TOLD
