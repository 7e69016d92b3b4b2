"""Answer sheets on paper: keyed in twice, compared, and settled into a sitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import person
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import check_kept_here, locked_event, require_run
from cairn.training.actions.tests import assign_forms, finish
from cairn.training.models import (
    Enrolment,
    KeyedSheet,
    Response,
    TestForm,
    TestSitting,
    TestWindow,
    TrainingEvent,
)
from cairn.training.queries import tests as queries
from cairn.training.queries.tests import Place
from cairn.training.rules.choices import SittingMeans, TestWave
from cairn.training.testing import answers, double_entry, sittings
from cairn.training.testing.answers import Answer


class SheetRefused(RuleBroken):
    """Cells of a sheet that cannot be answers. `cells`: {key of the place: what is wrong}."""

    def __init__(self, cells: Mapping[str, RuleBroken]) -> None:
        first = next(iter(cells.values()))
        super().__init__(first.code, first.message, first.remedy)
        self.cells = dict(cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A participant's sheet in a wave, with what was keyed in so far (not settled)."""

    enrolment: Enrolment
    form: TestForm
    asked: list[Place]
    entries: list[KeyedSheet]

    @property
    def differences(self) -> list[tuple[Place, Answer, Answer]]:
        """Where two entries differ: (place, first, second); empty with fewer than two."""
        if len(self.entries) < 2:
            return []
        first, second = (_cells(entry) for entry in self.entries[:2])
        by_key = {place.key: place for place in self.asked}
        return [
            (by_key[each.place[0]], each.first, each.second)
            for each in double_entry.differences(first, second)
        ]


def sheet(event: TrainingEvent, wave: TestWave, personal_code: str) -> Sheet:
    """A sheet as far as it is keyed in.

    Raises Enrolment.DoesNotExist, TestWindow.DoesNotExist, RuleBroken("sheet.form") while nobody
    has divided the forms (which opening the test does).
    """
    enrolment = event.enrolments.get(personal_code=personal_code)
    window = TestWindow.objects.get(event=event, wave=wave)
    letter = queries.letter_for(enrolment, wave)
    if not letter:
        raise RuleBroken(
            "sheet.form",
            _("It is not settled yet who takes which form."),
            _("Open the test first, or print its sheets."),
        )
    form = queries.form_of(window, letter)
    entries = enrolment.keyed_sheets.filter(wave=wave, settled_at=None).order_by("entry")
    return Sheet(enrolment, form, queries.places(form), list(entries))


@transaction.atomic
def divide_forms(actor: Actor, reference: str) -> None:
    """Settle who takes which form, before sheets are printed. Safe to do twice.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken("kit.checked-out").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    if event.enrolments.filter(forms="").exists():
        check_kept_here(event)
        assign_forms(event)


@transaction.atomic
def key_sheet(
    actor: Actor,
    reference: str,
    wave: TestWave,
    personal_code: str,
    typed: Mapping[str, str],
    *,
    at: datetime | None = None,
) -> KeyedSheet:
    """Key a sheet in: the first or, when there is one, the second time, without seeing the first.

    `typed`: {key of a place: what stands on paper} in the letters of the form. A second entry that
    says the same settles the sheet. Raises TrainingEvent.DoesNotExist, PermissionDenied,
    Enrolment.DoesNotExist, TestWindow.DoesNotExist, SheetRefused, RuleBroken ("sitting.twice",
    "sheet.keyed-twice").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    user_id = person(actor)
    found = sheet(event, wave, personal_code)
    _check_not_taken(found.enrolment, wave)
    if len(found.entries) >= 2:
        raise RuleBroken(
            "sheet.keyed-twice",
            _("This sheet was keyed in twice already."),
            _("Compare both entries and decide where they differ."),
        )
    entry = KeyedSheet.objects.create(
        event=event,
        enrolment=found.enrolment,
        form=found.form,
        wave=wave,
        entry=len(found.entries) + 1,
        answers=_read(found.asked, typed),
        keyed_by=user_id,
        keyed_at=at or clock.now(),
    )
    audit.record(
        actor,
        "keyed_sheet.entered",
        entry,
        event=reference,
        wave=wave.value,
        entry=entry.entry,
        same_person=any(each.keyed_by == user_id for each in found.entries),
    )
    both = Sheet(found.enrolment, found.form, found.asked, [*found.entries, entry])
    if len(both.entries) == 2 and not both.differences:
        _settle(actor, both, wave, {}, at or clock.now())
    return entry


@transaction.atomic
def settle_sheets(
    actor: Actor,
    reference: str,
    wave: TestWave,
    personal_code: str,
    decided: Mapping[str, str],
    *,
    at: datetime | None = None,
) -> TestSitting:
    """Decide where both entries of a sheet differ, after looking at the paper again.

    `decided`: {key of the place: what stands on paper}. Raises as `key_sheet`, and RuleBroken
    ("sheet.one-entry", "sheet.open": a difference is not decided yet).
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    found = sheet(event, wave, personal_code)
    _check_not_taken(found.enrolment, wave)
    if len(found.entries) < 2:
        raise RuleBroken(
            "sheet.one-entry",
            _("This sheet was keyed in only once."),
            _("Key it in a second time, best by somebody else."),
        )
    open_keys = [place.key for place, _first, _second in found.differences]
    if missing := [key for key in open_keys if key not in decided]:
        labels = ", ".join(place.label for place in found.asked if place.key in missing)
        raise RuleBroken(
            "sheet.open",
            _("It is not decided yet what stands at: %(places)s.") % {"places": labels},
            _("Look at the paper and choose."),
        )
    chosen = _read([place for place in found.asked if place.key in open_keys], decided)
    return _settle(actor, found, wave, chosen, at or clock.now())


def _settle(
    actor: Actor, found: Sheet, wave: TestWave, chosen: Mapping[str, Any], now: datetime
) -> TestSitting:
    first, second = (_cells(entry) for entry in found.entries[:2])
    stands = double_entry.settled(
        first, second, {(key, ""): answer for key, answer in chosen.items()}
    )
    sitting = TestSitting.objects.create(
        event_id=found.enrolment.event_id,
        enrolment=found.enrolment,
        form=found.form,
        wave=wave,
        means=SittingMeans.PAPER,
        language=found.enrolment.language,
        started_at=found.entries[0].keyed_at,
        saved_at=now,
    )
    Response.objects.bulk_create(
        Response(
            sitting=sitting,
            item=place.form_item,
            part=place.item.code,
            answer=stands.get((place.key, "")),
            answered_at=now,
        )
        for place in found.asked
    )
    finish(sitting, found.asked, now)
    KeyedSheet.objects.filter(pk__in=[each.pk for each in found.entries]).update(settled_at=now)
    audit.record(
        actor,
        "keyed_sheet.settled",
        sitting,
        wave=wave.value,
        differed=len(found.differences),
    )
    return sitting


def _read(asked: list[Place], typed: Mapping[str, str]) -> dict[str, Any]:
    """{key: answer}, every place of a sheet. Raises SheetRefused with each cell that is none."""
    read: dict[str, Any] = {}
    refused: dict[str, RuleBroken] = {}
    for place in asked:
        try:
            read[place.key] = answers.from_sheet(place.item, typed.get(place.key, ""))
        except RuleBroken as refusal:
            refused[place.key] = refusal
    if refused:
        raise SheetRefused(refused)
    return read


def _cells(entry: KeyedSheet) -> dict[tuple[str, str], Answer]:
    return {(key, ""): answer for key, answer in entry.answers.items()}


def _check_not_taken(enrolment: Enrolment, wave: TestWave) -> None:
    """Raise RuleBroken("sitting.twice") when there is a sitting, on a phone or from paper."""
    taken = TestSitting.objects.filter(enrolment=enrolment, wave=wave).first()
    if taken is None:
        return
    if taken.handed_in_at is None:
        raise RuleBroken(
            "sitting.twice",
            _("This participant has begun the same test on a phone."),
            _("Let it be handed in there; a test counts once."),
        )
    sittings.check_not_handed_in(taken.handed_in_at)
