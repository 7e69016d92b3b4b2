"""Kits: what leaves, what comes back, and what is refused with which words."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.oversight.models import Reading
from cairn.training.actions import kits, kits_check_in
from cairn.training.actions.steps import check_kept_here
from cairn.training.bundles import container
from cairn.training.bundles.envelopes import Envelope
from cairn.training.models import (
    AttendanceMark,
    Enrolment,
    KitCheckout,
    KitReturn,
    Practitioner,
    ReceivedRecord,
    RefusedRecord,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.queries.kits_shapes import BY_KIND
from cairn.training.queries.kits_values import REMOVED, envelope_of
from cairn.training.rules.states import CheckoutState
from cairn.training.tests import factories
from cairn.training.tests.kits_scene import REASON, Laptop, Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(db: None) -> Scene:
    return scene()


class Refused:
    """Asserts that a block is refused with one code, in words."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, problem: Any, trace: Any) -> bool:
        assert isinstance(problem, RuleBroken), problem
        assert problem.code == self.code
        assert problem.message
        assert problem.remedy
        return True


def came_in(scene: Scene, *records: Envelope, **options: Any) -> KitReturn:
    file = scene.laptop.bundle(records, **options)
    return kits_check_in.check_in(scene.actor, scene.checkout_id, file)


def counts(done: KitReturn) -> tuple[int, int, int, int]:
    return done.accepted, done.repeated, done.refused, done.parked


def test_a_laptop_is_enrolled_by_its_card_and_the_mark_on_its_screen() -> None:
    actor, laptop = factories.officer(), Laptop()
    with Refused("kits.mark"):
        kits.enrol_kit(actor, factories.agency(), "Laptop", laptop.card.text, Laptop().card.mark)
    kit = laptop.enrolled(actor)
    assert (kit.recipient, kit.verifier) == (laptop.card.recipient, laptop.card.signer.hex())
    with Refused("kits.known"):
        laptop.enrolled(actor)
    with Refused("kits.card"):
        kits.enrol_kit(actor, factories.agency(), "Laptop", "nonsense", laptop.card.mark)


def test_only_who_may_take_kits_along_enrols_them() -> None:
    event = factories.event()
    with pytest.raises(PermissionDenied):
        Laptop().enrolled(factories.trainer(event))


@pytest.mark.django_db(transaction=True)
def test_names_leave_only_where_asked_for_and_each_reading_is_kept() -> None:
    with_names = scene(with_names=True)
    _header, records = with_names.laptop.take_in(with_names.out)
    people = [each.content for each in records if each.kind == "practitioner"]
    assert {each["name"] for each in people} == {
        "Invented Kit Person 0",
        "Invented Kit Person 1",
    }
    assert not {"contact", "service_number", "user_id"} & set(people[0])
    reading = Reading.objects.get()
    assert reading.purpose == "training"
    assert set(reading.fields) == {"name", "name_latin"}
    left = AuditEntry.objects.get(code="kit.checked_out")
    assert (left.facts["persons"], left.facts["names"]) == (2, 2)
    assert "Invented Kit Person" not in with_names.out.filename


def test_without_names_no_name_is_opened_and_none_leaves(out: Scene) -> None:
    _header, records = out.laptop.take_in(out.out)
    people = [each.content for each in records if each.kind == "practitioner"]
    assert [each["name"] for each in people] == ["", ""]
    assert not Reading.objects.exists()


def test_only_people_of_the_event_leave_and_every_parent_leaves_before_its_child(
    out: Scene,
) -> None:
    factories.enrolment(factories.event("K02"))
    _header, records = out.laptop.take_in(out.out)
    sent: set[UUID] = set()
    for each in records:
        assert set(each.needs) <= sent, each.kind
        sent.add(each.id)
    people = {each.id for each in records if each.kind == "practitioner"}
    assert people == {each.practitioner_id for each in out.enrolments}


def test_while_it_is_out_the_event_is_not_edited_here_and_not_checked_out_twice(
    out: Scene,
) -> None:
    with Refused("kit.checked-out"):
        check_kept_here(out.event)
    other = Laptop()
    other.enrolled(out.actor)
    with Refused("kit.checked-out"):
        kits.check_out(out.actor, other.code, "K01", with_names=False, reason=REASON)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": "closed"}, "kits.event-state"),
        ({"participation": "aggregate"}, "kits.aggregate"),
    ],
)
def test_what_cannot_be_run_on_a_kit_is_not_checked_out(values: Any, code: str) -> None:
    actor, laptop = factories.officer(), Laptop()
    factories.event("K03", **values)
    laptop.enrolled(actor)
    with Refused(code):
        kits.check_out(actor, laptop.code, "K03", with_names=False, reason=REASON)
    with Refused("kits.reason"):
        kits.check_out(actor, laptop.code, "K03", with_names=False, reason="why")


def test_marks_come_in_once_however_often_they_are_brought(out: Scene) -> None:
    marks = [out.laptop.mark(each, out.session) for each in out.enrolments]
    assert counts(came_in(out, *marks)) == (2, 0, 0, 0)
    assert counts(came_in(out, *marks)) == (0, 2, 0, 0)
    assert AttendanceMark.objects.count() == 2
    assert set(AttendanceMark.objects.values_list("pk", flat=True)) == {each.id for each in marks}


def test_the_same_file_twice_is_one_return_with_the_same_figures(out: Scene) -> None:
    file = out.laptop.bundle([out.laptop.mark(out.enrolments[0], out.session)])
    first = kits_check_in.check_in(out.actor, out.checkout_id, file)
    again = kits_check_in.check_in(out.actor, out.checkout_id, io.BytesIO(file.getvalue()))
    assert (first.pk, counts(again)) == (again.pk, (1, 0, 0, 0))
    assert AuditEntry.objects.filter(code="kit.bundle_merged").count() == 1


def test_an_altered_byte_changes_nothing_here(out: Scene) -> None:
    content = bytearray(
        out.laptop.bundle([out.laptop.mark(out.enrolments[0], out.session)]).getvalue()
    )
    content[len(content) // 2] ^= 1
    with Refused("bundle.altered"):
        kits_check_in.check_in(out.actor, out.checkout_id, io.BytesIO(bytes(content)))
    assert not KitReturn.objects.exists()
    assert not AttendanceMark.objects.exists()


def test_a_bundle_of_another_kit_or_another_event_is_refused(out: Scene) -> None:
    stranger = Laptop(code=out.laptop.code, route=out.laptop.route, home=out.laptop.home)
    with Refused("bundle.signature"):
        kits_check_in.check_in(out.actor, out.checkout_id, stranger.bundle([]))
    with Refused("bundle.other-event"):
        came_in(out, event=uuid4())


def test_a_record_whose_parent_has_not_come_waits_and_is_listed_and_comes_in_later(
    out: Scene,
) -> None:
    person = factories.practitioner("Invented Walk-in", organisation=out.event.organisation)
    enrolment = factories.enrolment(out.event, person)
    entered = out.laptop.version(enrolment, 1)
    mark = out.laptop.mark(enrolment, out.session)
    enrolment.delete()
    assert counts(came_in(out, mark)) == (0, 0, 0, 1)
    listed = RefusedRecord.objects.get()
    assert (listed.is_parked, listed.origin) == (True, out.laptop.code)
    assert listed.reason
    assert counts(came_in(out, entered)) == (1, 0, 0, 0)
    assert AttendanceMark.objects.get().enrolment_id == entered.id
    listed.refresh_from_db()
    assert not listed.is_parked
    assert listed.resolved_at is not None


def test_a_walk_in_comes_home_with_a_name_that_is_sealed_here(out: Scene) -> None:
    content: dict[str, Any] = {
        "code": "K7Q-M2R",
        "organisation": str(uuid4()),
        "agency": None,
        "country": "NPL",
        "area": "",
        "sex": "female",
        "profession": "police",
        "languages": [],
        "is_highly_sensitive": False,
        "entered_on": "2026-03-03",
        "keep_until": None,
        "name": "Invented Walk-in Person",
        "name_latin": "",
    }
    person = envelope_of(BY_KIND["practitioner"], uuid4(), content, out.laptop.code, 1)
    assert counts(came_in(out, person)) == (1, 0, 0, 0)
    made = Practitioner.objects.get(pk=person.id)
    assert (made.code, made.sex, bool(made.name)) == ("K7Q-M2R", "female", True)
    assert made.organisation == out.event.organisation
    ledger = ReceivedRecord.objects.get(record_id=person.id)
    assert "Invented Walk-in" not in str(ledger.__dict__)


def test_people_of_home_are_read_only_on_a_kit(out: Scene) -> None:
    person = out.enrolments[0].practitioner
    done = came_in(out, out.laptop.version(person, 1, sex="male", name="Another Invented Name"))
    assert counts(done) == (0, 0, 1, 0)
    listed = RefusedRecord.objects.get()
    assert listed.reason_code == "record.read-only"
    assert "Another Invented Name" not in str(listed.content)


def test_agenda_and_enrolment_follow_the_kit_while_it_holds_the_event(out: Scene) -> None:
    before = out.enrolments[0]
    done = came_in(
        out,
        out.laptop.version(out.session, 1, title="Moved on the kit", room="Tent 2"),
        out.laptop.version(before, 1, state="started"),
        out.laptop.version(out.event, 1, state="running", reference="OTHER"),
    )
    assert counts(done) == (3, 0, 0, 0)
    out.session.refresh_from_db()
    event = TrainingEvent.objects.get(pk=out.event.pk)
    assert (out.session.title, out.session.room) == ("Moved on the kit", "Tent 2")
    assert Enrolment.objects.get(pk=before.pk).state == "started"
    assert (event.state, event.reference) == ("running", "K01")


def test_an_older_version_that_comes_late_does_not_undo_a_newer_one(out: Scene) -> None:
    newer = out.laptop.version(out.session, 2, title="Second")
    older = out.laptop.version(out.session, 1, title="First")
    came_in(out, newer)
    assert counts(came_in(out, older)) == (0, 1, 0, 0)
    out.session.refresh_from_db()
    assert out.session.title == "Second"


def test_a_session_that_was_removed_on_the_kit_is_removed_here_unless_something_hangs_on_it(
    out: Scene,
) -> None:
    gone = Envelope("session", out.session.pk, out.laptop.code, 1, {REMOVED: True})
    came_in(out, out.laptop.mark(out.enrolments[0], out.session))
    assert counts(came_in(out, gone)) == (0, 0, 1, 0)
    spare = factories.session(out.event, 2)
    assert counts(
        came_in(out, Envelope("session", spare.pk, out.laptop.code, 1, {REMOVED: True}))
    ) == (1, 0, 0, 0)
    assert list(TrainingSession.objects.filter(event=out.event)) == [out.session]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "dancing"}, "record.invalid"),
        ({"received_at": "yesterday"}, "record.invalid"),
        ({"device": "x" * 41}, "record.invalid"),
        ({"kind": "void"}, "record.contradicts"),
    ],
)
def test_a_faulty_record_is_listed_with_its_reason_and_the_rest_goes_on(
    out: Scene, changes: Any, code: str
) -> None:
    faulty = out.laptop.mark(out.enrolments[0], out.session, **changes)
    good = out.laptop.mark(out.enrolments[1], out.session)
    assert counts(came_in(out, faulty, good)) == (1, 0, 1, 0)
    listed = RefusedRecord.objects.get()
    assert (listed.reason_code, listed.record_id) == (code, faulty.id)
    assert AttendanceMark.objects.get().pk == good.id


def test_a_mark_for_another_event_or_of_another_machine_is_refused(out: Scene) -> None:
    other = factories.event("K09")
    elsewhere = factories.enrolment(other)
    foreign = out.laptop.mark(elsewhere, factories.session(other))
    mixed = out.laptop.mark(elsewhere, out.session)
    posing = Laptop(code="C3D-F4G").mark(out.enrolments[0], out.session)
    assert counts(came_in(out, foreign, mixed, posing)) == (0, 0, 3, 0)
    codes = set(RefusedRecord.objects.values_list("reason_code", flat=True))
    assert codes == {"record.event", "record.not-owner"}


def test_a_mark_that_its_phone_also_sent_here_counts_once(out: Scene) -> None:
    mark = out.laptop.mark(out.enrolments[0], out.session)
    content = dict(mark.content)
    AttendanceMark.objects.create(
        pk=mark.id,
        event=out.event,
        session=out.session,
        enrolment=out.enrolments[0],
        kind="in",
        means="code",
        at=content["at"],
        device="invented-phone",
        sequence=1,
        received_at=timezone.now(),
    )
    assert counts(came_in(out, mark)) == (0, 1, 0, 0)
    changed = out.laptop.mark(out.enrolments[1], out.session, id=mark.id)
    assert counts(came_in(out, changed)) == (0, 0, 1, 0)
    assert AttendanceMark.objects.get().enrolment == out.enrolments[0]


def test_the_last_bundle_gives_the_event_back_and_later_ones_bring_only_what_is_appended(
    out: Scene,
) -> None:
    starts, ends = out.session.starts_at, out.session.ends_at
    first = out.enrolments[0]
    came_in(
        out,
        out.laptop.mark(first, out.session, at=starts),
        out.laptop.mark(first, out.session, at=ends, kind="out", sequence=2),
        is_last=True,
    )
    first.refresh_from_db()
    assert first.minutes_present == out.session.minutes
    checkout = KitCheckout.objects.get()
    assert checkout.state == CheckoutState.RETURNED
    check_kept_here(out.event)
    late = came_in(
        out,
        out.laptop.mark(out.enrolments[0], out.session),
        out.laptop.version(out.session, 5, title="Too late"),
    )
    assert counts(late) == (1, 0, 1, 0)
    assert RefusedRecord.objects.get().reason_code == "record.not-owner"


def test_what_a_recalled_kit_brings_is_refused_and_the_event_is_edited_here_again(
    out: Scene,
) -> None:
    with Refused("kits.reason"):
        kits.recall(out.actor, out.checkout_id, "lost")
    kits.recall(out.actor, out.checkout_id, "The laptop was stolen on the way.")
    check_kept_here(out.event)
    with Refused("kits.recalled"):
        came_in(out, out.laptop.mark(out.enrolments[0], out.session))
    assert not AttendanceMark.objects.exists()
    with Refused("kits.not-out"):
        kits.recall(out.actor, out.checkout_id, "The laptop was stolen on the way.")
    assert KitCheckout.objects.get().ended_reason.startswith("The laptop")


def test_a_revoked_kit_gets_nothing_and_brings_nothing(out: Scene) -> None:
    kits.revoke_kit(out.actor, out.laptop.code, "The laptop was stolen on the way.")
    assert KitCheckout.objects.get().state == CheckoutState.RECALLED
    with Refused("kits.revoked"):
        came_in(out)
    with Refused("kits.revoked"):
        kits.check_out(out.actor, out.laptop.code, "K01", with_names=False, reason=REASON)


def test_a_kit_five_hours_ahead_is_measured_and_its_marks_are_put_right(out: Scene) -> None:
    ahead, now = timedelta(hours=5), timezone.now()
    mark = out.laptop.mark(out.enrolments[0], out.session, at=now + ahead)
    session = out.laptop.version(
        out.session, 1, marks_open_from=(now + ahead).isoformat(), marks_open_until=None
    )
    notes = {"imported_at": (now + ahead + timedelta(minutes=1)).isoformat()}
    done = came_in(out, mark, session, made_at=now + ahead, notes=notes)
    assert done.offset_low is not None
    assert done.offset_high is not None
    assert done.offset_low <= 5 * 3600 <= done.offset_high
    made = AttendanceMark.objects.get()
    assert made.offset_seconds is not None
    assert abs(made.offset_seconds - 5 * 3600) < 120
    assert made.at == now + ahead  # as the device said it; the offset stands beside
    out.session.refresh_from_db()
    assert out.session.marks_open_from is not None
    assert abs(out.session.marks_open_from - now) < timedelta(minutes=2)


def test_the_receipt_names_every_record_by_its_hash_and_is_for_this_kit_alone(
    out: Scene,
) -> None:
    good = out.laptop.mark(out.enrolments[0], out.session)
    faulty = out.laptop.mark(out.enrolments[1], out.session, kind="dancing")
    done = came_in(out, good, faulty, is_last=True)
    content, name = kits_check_in.receipt(out.actor, done.pk)
    assert name.startswith("K01-")
    assert out.laptop.home is not None
    verify = out.laptop.home.signer
    from cairn.training.actions.kits_keys import verifier

    with container.opening(
        io.BytesIO(content), str(out.laptop.identity), verifier(verify)
    ) as bundle:
        answers = {each.content["hash"]: each.content["outcome"] for each in bundle.records}
        assert bundle.header.notes == {"is_last": True}
    assert answers == {good.hash: "accepted", faulty.hash: "refused"}


def test_an_organisation_of_a_kit_that_is_known_here_keeps_its_id_here(out: Scene) -> None:
    known = factories.agency("Invented Border Agency")
    theirs = uuid4()
    content = {
        "slug": "other-slug",
        "name": "INVENTED border agency",
        "short_name": "",
        "kind": "state-body",
        "country": "",
        "is_demo": False,
    }
    organisation = envelope_of(BY_KIND["organisation"], theirs, content, out.laptop.code, 1)
    enrolment = out.laptop.version(out.enrolments[0], 1, agency=str(theirs))
    assert counts(came_in(out, organisation, enrolment)) == (2, 0, 0, 0)
    assert not Organisation.objects.filter(pk=theirs).exists()
    assert Enrolment.objects.get(pk=out.enrolments[0].pk).agency == known


def test_strangers_neither_check_in_nor_recall(out: Scene) -> None:
    def by(actor: Actor) -> None:
        kits_check_in.check_in(actor, out.checkout_id, out.laptop.bundle([]))

    elsewhere = factories.officer("invented-other-officer", at=factories.agency("Other Agency"))
    with pytest.raises(KitCheckout.DoesNotExist):
        by(elsewhere)
    with pytest.raises(PermissionDenied):
        by(factories.trainer(out.event))
    with pytest.raises(KitCheckout.DoesNotExist):
        kits.recall(elsewhere, out.checkout_id, "The laptop was stolen on the way.")


def test_the_file_can_be_made_again_and_says_the_same(out: Scene) -> None:
    _header, first = out.laptop.take_in(out.out)
    again = kits.write_again(out.actor, out.checkout_id, with_names=False, reason=REASON)
    _header, second = out.laptop.take_in(again)
    assert {each.hash for each in first} == {each.hash for each in second}
    assert not Staffing.objects.exists()
