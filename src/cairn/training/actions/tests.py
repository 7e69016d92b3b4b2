"""Tests of an event: which forms, opening, closing, releasing, and sittings on phones."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core import audit, clock, pseudonyms
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import check_kept_here, locked_event, require_run
from cairn.training.models import (
    Enrolment,
    QuestionVersion,
    Response,
    TestForm,
    TestSitting,
    TestWindow,
    TrainingEvent,
)
from cairn.training.queries import tests as queries
from cairn.training.queries.tests import Place
from cairn.training.rules.choices import Participation, SittingMeans, TestWave
from cairn.training.testing import answers, scoring, sittings
from cairn.training.testing.crossing import Member, Order, crossed

_TRIES = 10


@transaction.atomic
def set_test(
    actor: Actor, reference: str, wave: TestWave, blueprint_id: UUID, edition: int = 1
) -> TestWindow:
    """Say which pair of forms an event uses in a wave, before it is opened.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, TestBlueprint.DoesNotExist, RuleBroken
    ("window.forms": the pair is not complete, "window.begun", "window.counts", "kit.checked-out").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    check_kept_here(event)
    if event.participation != Participation.NAMED:
        raise RuleBroken(
            "window.counts",
            _("This event keeps counts only, so nobody can take a test in it."),
            _("Report its results by counts."),
        )
    blueprint = queries.blueprints(actor).get(pk=blueprint_id)
    pair = blueprint.forms.filter(edition=edition)
    if set(pair.values_list("letter", flat=True)) != {"A", "B"}:
        raise RuleBroken(
            "window.forms",
            _("This test has no two forms yet."),
            _("Draw forms A and B first."),
        )
    window = TestWindow.objects.filter(event=event, wave=wave).first()
    if window is not None and TestSitting.objects.filter(event=event, wave=wave).exists():
        raise RuleBroken(
            "window.begun", _("Somebody has begun this test, so its forms cannot change any more.")
        )
    window = window or TestWindow(event=event, wave=wave)
    window.blueprint, window.form_edition = blueprint, edition
    window.save()
    audit.record(
        actor, "test_window.set", window, wave=wave.value, event=reference, edition=edition
    )
    return window


@transaction.atomic
def open_window(
    actor: Actor, reference: str, wave: TestWave, *, at: datetime | None = None
) -> TestWindow:
    """Open a test to the participants of an event; once more after it was closed.

    Its forms and questions are frozen, participants without an order of forms get theirs, and the
    event a code to join by. Raises TrainingEvent.DoesNotExist, PermissionDenied,
    TestWindow.DoesNotExist, RuleBroken ("window.open", "window.released", "kit.checked-out").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    check_kept_here(event)
    window = _locked_window(event, wave)
    sittings.check_open(queries.state_of(window))
    now = at or clock.now()
    window.opened_at, window.closed_at = window.opened_at or now, None
    window.save(update_fields=["opened_at", "closed_at"])
    forms = TestForm.objects.filter(blueprint=window.blueprint_id, edition=window.form_edition)
    forms.filter(frozen_at=None).update(frozen_at=now)
    QuestionVersion.objects.filter(items__form__in=forms, frozen_at=None).update(frozen_at=now)
    give_join_code(event)
    assign_forms(event)
    audit.record(actor, "test_window.opened", window, wave=wave.value, event=reference)
    return window


@transaction.atomic
def close_window(
    actor: Actor, reference: str, wave: TestWave, *, at: datetime | None = None
) -> TestWindow:
    """Close a test: nobody begins it any more; who has begun may finish for an hour.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, TestWindow.DoesNotExist, RuleBroken
    ("window.not-open", "kit.checked-out").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    check_kept_here(event)
    window = _locked_window(event, wave)
    sittings.check_close(queries.state_of(window))
    window.closed_at = at or clock.now()
    window.save(update_fields=["closed_at"])
    audit.record(actor, "test_window.closed", window, wave=wave.value, event=reference)
    return window


@transaction.atomic
def release(
    actor: Actor, reference: str, wave: TestWave, *, at: datetime | None = None
) -> TestWindow:
    """Let every participant see their own result of a test.

    Sittings that were begun and never handed in are handed in as they are. Raises as
    `close_window`, and RuleBroken ("window.still-open", "window.waiting", "window.released").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    check_kept_here(event)
    window = _locked_window(event, wave)
    state = queries.state_of(window)
    if state == sittings.WindowState.CLOSED:
        for sitting in TestSitting.objects.filter(event=event, wave=wave, handed_in_at=None):
            finish(sitting, queries.places(sitting.form), at or clock.now())
    sittings.check_release(state, waiting=queries.waiting_for_marks(event, wave).count())
    window.released_at = at or clock.now()
    window.save(update_fields=["released_at"])
    audit.record(actor, "test_window.released", window, wave=wave.value, event=reference)
    return window


def give_join_code(event: TrainingEvent) -> str:
    """The code by which participants join an event, drawn when it has none (locked by caller)."""
    if event.join_code:
        return event.join_code
    for _attempt in range(_TRIES):
        code = pseudonyms.drawn()
        if not TrainingEvent.objects.filter(join_code=code).exists():
            event.join_code = code
            event.save(update_fields=["join_code"])
            return code
    raise RuntimeError("Ten codes in a row are taken.")


def assign_forms(event: TrainingEvent) -> None:
    """Give everybody without one an order of forms, in the caller's transaction (event locked).

    Those who have one keep it, so that it does not matter when somebody comes.
    """
    enrolments = list(queries.participants(event))
    already = {str(each.pk): Order(each.forms) for each in enrolments if each.forms}
    members = [
        Member(str(each.pk), str(each.agency_id or ""), each.sex)
        for each in sorted(enrolments, key=lambda each: str(each.pk))
    ]
    orders = crossed(event.reference, members, already)
    new = [each for each in enrolments if not each.forms]
    for enrolment in new:
        enrolment.forms = orders[str(enrolment.pk)].value
    Enrolment.objects.bulk_update(new, ["forms"], batch_size=200)


@transaction.atomic
def begin_sitting(
    enrolment: Enrolment,
    wave: TestWave,
    *,
    language: str = "",
    has_consented: bool = False,
    at: datetime | None = None,
) -> TestSitting:
    """Begin a test on a phone, or go on with it: the sitting that is there is given back.

    Whoever holds the personal code acts; there is no account. Raises TestWindow.DoesNotExist,
    RuleBroken ("sitting.twice", "sitting.not-open", "sitting.closed", "sitting.consent").
    """
    # The event is locked: two taps at once make one sitting, and orders are given one by one.
    event = TrainingEvent.objects.select_for_update(of=("self",)).get(pk=enrolment.event_id)
    window = TestWindow.objects.get(event=event, wave=wave)
    sitting = TestSitting.objects.filter(enrolment=enrolment, wave=wave).first()
    sittings.check_begin(
        queries.state_of(window),
        sitting.handed_in_at if sitting else None,
        is_begun=sitting is not None,
        has_consented=has_consented,
    )
    if sitting is not None:
        return sitting
    if not enrolment.forms:
        assign_forms(event)
        enrolment.refresh_from_db(fields=["forms"])
    now = at or clock.now()
    sitting = TestSitting.objects.create(
        event=event,
        enrolment=enrolment,
        form=queries.form_of(window, queries.letter_for(enrolment, wave)),
        wave=wave,
        means=SittingMeans.PHONE,
        language=language[:8],
        started_at=now,
        consented_at=now,
    )
    audit.record(
        PUBLIC, "test_sitting.begun", sitting, wave=wave.value, means=SittingMeans.PHONE.value
    )
    return sitting


@transaction.atomic
def save_answer(
    sitting: TestSitting, place: Place, answer: Any, *, at: datetime | None = None
) -> Response:
    """Keep the answer to one place; the last one before handing in counts.

    `answer`: as testing.answers describes, None to take it back. Not an entry of the log: the
    answers themselves are the record. Raises RuleBroken ("sitting.twice", "sitting.over", and
    those of an answer that cannot be).
    """
    locked = _locked_sitting(sitting)
    now = at or clock.now()
    is_late = sittings.check_answer(locked.handed_in_at, _closed_at(locked), now=now)
    response, _made = Response.objects.update_or_create(
        sitting=locked,
        item=place.form_item,
        part=place.item.code,
        defaults={"answer": answers.checked(place.item, answer), "answered_at": now},
    )
    locked.saved_at, locked.is_late = now, locked.is_late or is_late
    locked.save(update_fields=["saved_at", "is_late"])
    return response


@transaction.atomic
def set_language(sitting: TestSitting, language: str) -> None:
    """Go on in another language; answers stay, since their codes are the same in each."""
    locked = _locked_sitting(sitting)
    sittings.check_not_handed_in(locked.handed_in_at)
    locked.language = language[:8]
    locked.save(update_fields=["language"])


@transaction.atomic
def hand_in(sitting: TestSitting, *, at: datetime | None = None) -> TestSitting:
    """Hand a test in: it is scored by its key, and never changes again.

    Raises RuleBroken ("sitting.twice", "sitting.over").
    """
    locked = _locked_sitting(sitting)
    now = at or clock.now()
    is_late = sittings.check_answer(locked.handed_in_at, _closed_at(locked), now=now)
    locked.is_late = locked.is_late or is_late
    finish(locked, queries.places(locked.form), now)
    audit.record(
        PUBLIC,
        "test_sitting.handed_in",
        locked,
        wave=locked.wave,
        is_late=locked.is_late,
        waits=locked.needs_marking,
    )
    return locked


def finish(sitting: TestSitting, asked: list[Place], now: datetime) -> None:
    """Score a sitting by its key and close it, in the caller's transaction.

    What was not answered becomes a response of its own, without an answer and with no mark.
    """
    given = {(each.item_id, each.part): each for each in sitting.responses.all()}
    missing = []
    for place in asked:
        response = given.get(place.response_key)
        if response is None:
            response = Response(
                sitting=sitting, item=place.form_item, part=place.item.code, answered_at=now
            )
            given[place.response_key] = response
            missing.append(response)
        response.mark = scoring.score(place.item, response.answer)
    Response.objects.bulk_create(missing, batch_size=200)
    known = [each for each in given.values() if each not in missing]
    Response.objects.bulk_update(known, ["mark"], batch_size=200)
    sitting.handed_in_at = now
    settle_score(sitting, asked, given)


def settle_score(
    sitting: TestSitting,
    asked: list[Place],
    given: Mapping[tuple[UUID, str], Response] | None = None,
) -> None:
    """Add up a sitting from its responses and keep the sum, or that it waits for marks."""
    responses = given or {(each.item_id, each.part): each for each in sitting.responses.all()}
    total = scoring.total(
        (place.item, response.answer, response.mark)
        for place in asked
        if (response := responses.get(place.response_key)) is not None
    )
    sitting.mark, sitting.needs_marking = total.mark, total.waiting > 0
    sitting.maximum = sum((place.item.max_mark for place in asked), Decimal(0))
    sitting.save()


def _closed_at(sitting: TestSitting) -> datetime | None:
    window = TestWindow.objects.filter(event=sitting.event_id, wave=sitting.wave)
    return window.values_list("closed_at", flat=True).first()


def _locked_window(event: TrainingEvent, wave: TestWave) -> TestWindow:
    return TestWindow.objects.select_for_update(of=("self",)).get(event=event, wave=wave)


def _locked_sitting(sitting: TestSitting) -> TestSitting:
    rows = TestSitting.objects.select_for_update(of=("self",)).select_related("form")
    return rows.get(pk=sitting.pk)
