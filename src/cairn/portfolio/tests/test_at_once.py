"""Several people at once: what two of them do together holds as if one had come after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from cairn.access.queries import SYSTEM
from cairn.core import audit
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.imports.actions import apply_batch, stage_file
from cairn.imports.tests.files import csv_bytes
from cairn.portfolio.actions.donors import enter_donor
from cairn.portfolio.actions.funding import (
    Money,
    record_pledge,
    record_receipt,
    sign_agreement,
    withdraw_pledge,
)
from cairn.portfolio.actions.projects import create_project, move_project
from cairn.portfolio.actions.requests import move_request, receive_request
from cairn.portfolio.models import Pledge, Project, Receipt
from cairn.portfolio.rules import RequestState, State
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 1, 15)
ONE = Money(Decimal(100))


def together(*tasks: Callable[[], Any]) -> list[str]:
    """Run `tasks` in threads of their own, at the same moment: "done", or the code of a refusal."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=10)
            task()
        except RuleBroken as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return sorted(pool.map(run, tasks))


def test_the_chain_of_entries_holds_under_several_writers() -> None:
    def write() -> None:
        for number in range(10):
            with transaction.atomic():
                audit.record(SYSTEM, "invented.done", number=number)

    assert together(write, write, write) == ["done"] * 3
    assert audit.verify().broken_at is None
    assert list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, 31)
    )


def test_the_same_pledge_sent_twice_counts_once() -> None:
    project, donor = factories.project("X01"), factories.donor()

    def send() -> None:
        record_pledge(SYSTEM, project.reference, donor, ONE, pledged="2026")

    assert together(send, send) == ["done", "pledge.twice"]
    assert Pledge.objects.count() == 1
    assert audit.verify().broken_at is None


def test_a_file_is_applied_once() -> None:
    factories.project("X01")
    rows = [("project_id", "donor", "amount_usd"), ("X01", "Norway", "100")]
    batch = stage_file(SYSTEM, "pledges", "x.csv", BytesIO(csv_bytes(rows)))
    done = together(*[lambda: apply_batch(SYSTEM, batch.pk)] * 2)
    assert done == ["done", "import.state"]
    assert Pledge.objects.count() == 1


def test_a_project_and_a_request_move_once() -> None:
    factories.project("X01", state=State.CONCEPT)
    done = together(*[lambda: move_project(SYSTEM, "X01", State.APPRAISED, basis="minutes")] * 2)
    assert done == ["done", "portfolio.move"]
    factories.request("XR1")
    done = together(*[lambda: move_request(SYSTEM, "XR1", RequestState.ASSESSED)] * 2)
    assert done == ["done", "request.move"]


def test_the_same_new_records_sent_twice_are_entered_once() -> None:
    def create() -> None:
        create_project(SYSTEM, "X01", [], {"title": "Invented"})

    assert together(create, create)[0] == "done"
    assert Project.objects.count() == 1
    done = together(*[lambda: receive_request(SYSTEM, "XR1", "a school", "help")] * 2)
    assert done == ["done", "request.reference"]
    assert together(*[lambda: enter_donor(SYSTEM, "Invented Fund")] * 2) == ["done", "done"]
    pledge = factories.pledge(Project.objects.get())
    other = factories.pledge(Project.objects.get(), factories.donor())
    done = together(
        lambda: sign_agreement(SYSTEM, pledge.pk, "A-1", ONE, signed_on=DAY),
        lambda: sign_agreement(SYSTEM, other.pk, "A-1", ONE, signed_on=DAY),
    )
    assert done == ["agreement.reference", "done"]


def test_money_does_not_come_in_on_a_pledge_that_is_being_withdrawn() -> None:
    pledge = factories.pledge(factories.project("X01"), usd=100)
    agreement = sign_agreement(SYSTEM, pledge.pk, "A-1", ONE, signed_on=DAY)
    done = together(
        lambda: withdraw_pledge(SYSTEM, pledge.pk, on=DAY, reason="invented"),
        lambda: record_receipt(SYSTEM, agreement.pk, ONE, received_on=DAY),
    )
    assert done in (["done", "pledge.received"], ["done", "pledge.withdrawn"])
    pledge.refresh_from_db()
    assert (pledge.withdrawn_on is None) == Receipt.objects.exists()


def test_a_pledge_is_withdrawn_once() -> None:
    pledge = factories.pledge(factories.project("X01"))
    withdraw_pledge(SYSTEM, pledge.pk, on=DAY, reason="the first reason")
    with pytest.raises(RuleBroken, match="withdrawn"):
        withdraw_pledge(SYSTEM, pledge.pk, on=DAY, reason="another reason")
    pledge.refresh_from_db()
    assert pledge.withdrawn_reason == "the first reason"
