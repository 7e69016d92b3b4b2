"""The queue of reports: its order, its pages, its cost, and what the pages show to whom."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.models import User
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.identification.envelopes.format import code_of
from cairn.identification.models import ReceivingUnit, ReceptionKey, Report
from cairn.identification.queries import triage as queries
from cairn.identification.queries.triage import Filters
from cairn.identification.rules.choices import ReportState
from cairn.identification.tests.factories import REASON, actor_of
from cairn.identification.tests.intake_factories import receiver, reception_key
from cairn.identification.tests.reception import (
    IDENTITY,
    NAME,
    NOTE,
    PASSPHRASE,
    Sender,
    member,
    unit_with_key,
)
from cairn.ui.pages import PAGE_KEY

pytestmark = pytest.mark.django_db
OPENING = {"purpose": "identification", "reason": REASON, "passphrase": PASSPHRASE}


def rows(
    unit: ReceivingUnit,
    key: ReceptionKey,
    count: int,
    now: datetime,
    state: ReportState = ReportState.RECEIVED,
) -> list[Report]:
    """Bare rows, due one minute after the other from now on."""
    made = []
    for number in range(count):
        pk = uuid4()
        is_open = state in queries._OPEN
        made.append(
            Report(
                id=pk,
                code=code_of(str(pk)),
                receiver=unit,
                key=key,
                channel="web",
                profile="police",
                edition="2026-1",
                made_at=now,
                received_at=now - timedelta(minutes=number),
                digest=pk.hex * 2,
                payload=b"sealed",
                state=state,
                due_at=now + timedelta(minutes=number) if is_open else None,
            )
        )
    return Report.objects.bulk_create(made)


def walked(actor: Actor, filters: Filters) -> list[UUID]:
    """The ids of every page, by following the address of the next."""
    found: list[UUID] = []
    while True:
        queue = queries.queue(actor, filters)
        found += [row.pk for row in queue.rows]
        if not queue.next_href:
            return found
        filters = Filters.from_query(QueryDict(queue.next_href.removeprefix("?")))


@pytest.fixture
def actor() -> Actor:
    return member("reader")


def test_every_report_stands_on_one_page_of_the_queue_in_the_order_of_its_clock(
    actor: Actor,
) -> None:
    now = clock.now()
    north, south = receiver(at=organisation()), receiver(at=organisation(), name="Invented south")
    first, second = reception_key(north)[0], reception_key(south)[0]
    made = rows(north, first, 30, now) + rows(south, second, 12, now, ReportState.OPENED)
    done = rows(south, second, 28, now, ReportState.NO_CONCERN)
    same_moment = rows(north, first, 1, now)[0]
    expected = sorted([*made, same_moment], key=lambda row: (row.due_at or now, row.pk.hex))
    assert walked(actor, Filters()) == [row.pk for row in expected]
    assert len(walked(actor, Filters(unit=south.code))) == 12
    assert walked(actor, Filters(state="no-concern")) == [row.pk for row in done]
    assert walked(actor, Filters(unit="K7Q-M2R")) == []
    assert walked(member("stranger", at=organisation("Another Agency")), Filters()) == []


def test_a_page_costs_the_same_with_three_reports_and_with_very_many(actor: Actor) -> None:
    now = clock.now()
    unit = receiver(at=organisation())
    key = reception_key(unit)[0]
    costs = []
    for count in (3, 1_200):
        rows(unit, key, count, now)
        with CaptureQueriesContext(
            connection,
        ) as few:
            queue = queries.queue(actor, Filters())
        costs.append(len(few))
        assert len(queue.rows) == min(count, queries.PER_PAGE)
    assert costs[0] == costs[1] <= 6
    assert (queue.to_read.number, queue.to_read.is_floor) == (1_000, True)
    assert not any('"payload"' in query["sql"] for query in few.captured_queries)
    counts = [query["sql"] for query in few.captured_queries if "COUNT" in query["sql"]]
    assert all("LIMIT 1001" in sql for sql in counts)


@pytest.mark.parametrize("after", [False, True], ids=["its start", "a place in it"])
@pytest.mark.parametrize("state", [ReportState.RECEIVED, ReportState.LINKED])
def test_the_index_gives_the_queue_in_its_order_so_that_nothing_is_sorted(
    actor: Actor, after: bool, state: ReportState
) -> None:
    now = clock.now()
    unit = receiver(at=organisation())
    rows(unit, reception_key(unit)[0], 3, now, state)
    place = (now, uuid4()) if after else None
    part = queries._slice(unit, state, Filters(state=state.value, after=place))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # so few rows would be read from end to end
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    plan = part.explain()
    index = "report_queue" if state == ReportState.RECEIVED else "report_done"
    if connection.vendor == "sqlite":  # the other chooses by what it knows of so few rows
        assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan


def test_homes_say_how_many_wait_and_since_when_the_first_is_due(actor: Actor) -> None:
    now = clock.now()
    unit = receiver(at=organisation())
    key = reception_key(unit)[0]
    assert queries.waiting(actor) == []
    rows(unit, key, 2, now + timedelta(hours=1))
    (group,) = queries.waiting(actor)
    assert (group.count, group.label) == (2, "Reports that nobody has read")
    assert group.is_due
    rows(unit, key, 1, now - timedelta(hours=1))
    with CaptureQueriesContext(connection) as few:
        (group,) = queries.waiting(actor)
    assert (group.count, group.label) == (3, "Reports that nobody has read")
    assert group.clock == now - timedelta(hours=1)
    assert len(few) <= 4
    assert queries.waiting(actor_of(user_with_role("service-provider"))) == []


# --- Pages -----------------------------------------------------------------------------------


@pytest.fixture
def user() -> User:
    return user_with_role("identification-authority", name="opener", at=organisation())


@pytest.fixture
def browser(client: Client, user: User) -> Client:
    sign_in(client, user)
    return client


@pytest.fixture
def report(user: User) -> Report:
    unit, _key, _code = unit_with_key(actor_of(user))
    return Sender(unit).send(identity=IDENTITY, urgent=True)


def page(client: Client, address: str, **posted: str) -> tuple[int, str]:
    answer = client.post(address, posted) if posted else client.get(address)
    return answer.status_code, answer.content.decode()


def test_a_report_goes_from_the_queue_through_its_opening_to_an_outcome(
    browser: Client, report: Report
) -> None:
    status, text = page(browser, "/reports/")
    assert status == 200
    assert report.code in text
    assert "Danger now" in text
    address = report.get_absolute_url()
    assert NOTE not in page(browser, address)[1]
    status, text = page(browser, f"{address}open/", **OPENING | {"passphrase": "not the words"})
    assert status == 409
    assert "This is not your reading passphrase." in text
    assert "not the words" not in text
    status, text = page(browser, f"{address}open/", **OPENING)
    assert status == 200
    assert NOTE in text
    assert NAME not in text
    assert "No verdict, no total" in text
    assert "Invented clinic" in text
    assert NOTE not in page(browser, address)[1]
    identity = {f"identity-{name}": value for name, value in OPENING.items()}
    status, text = page(browser, f"{address}identity/", **identity)
    assert NAME in text
    again = {name: OPENING[name] for name in ("purpose", "reason")}
    assert NOTE in page(browser, f"{address}read/", **again)[1]
    status, _text = page(browser, f"{address}link/", which="new", procedure="")
    assert status == 302
    text = page(browser, address)[1]
    assert "linked the report to procedure" in text
    assert "opened the report." in text


def test_a_form_that_is_not_whole_keeps_the_page_and_shows_what_is_missing(
    browser: Client, report: Report
) -> None:
    address = report.get_absolute_url()
    browser.post(f"{address}open/", OPENING)
    status, text = page(browser, f"{address}settle/", outcome="duplicate", reason="same-person")
    assert status == 422
    assert "Say which report it repeats." in text
    status, _text = page(browser, f"{address}settle/", outcome="no-concern", reason="too-little")
    assert status == 409
    status, _text = page(browser, f"{address}link/", which="existing", procedure="K7Q-M2R")
    assert status == 409
    status, _text = page(browser, f"{address}settle/", outcome="no-concern", reason="mistaken")
    assert status == 302
    status, _text = page(browser, f"{address}again/", reason="review")
    assert status == 302
    assert Report.objects.get().state == ReportState.OPENED


def test_a_code_or_the_six_signs_lead_to_the_report(browser: Client, report: Report) -> None:
    for typed in (report.code, report.reference.lower(), report.code.replace("-", " ")):
        answer = browser.get("/reports/find/", {"code": typed})
        assert answer["Location"] == report.get_absolute_url()
    for typed in ("", "K7Q", NAME, "%", "x" * 30):
        assert browser.get("/reports/find/", {"code": typed})["Location"] == "/reports/"


def test_strangers_find_no_report_and_guessing_a_passphrase_ends_soon(
    browser: Client, report: Report
) -> None:
    stranger = Client()
    sign_in(
        stranger,
        user_with_role(
            "identification-authority", name="stranger", at=organisation("Another Agency")
        ),
    )
    address = report.get_absolute_url()
    assert page(stranger, address)[0] == 404
    assert page(stranger, f"{address}open/", **OPENING)[0] == 404
    wrong = OPENING | {"passphrase": "not the words"}
    statuses = [page(browser, f"{address}open/", **wrong)[0] for _try in range(11)]
    assert statuses == [409] * 10 + [429]


def test_the_address_of_a_page_takes_nothing_that_it_does_not_understand(
    browser: Client, report: Report
) -> None:
    for query in ("after=nonsense~x", "after=2026-01-01~" + str(uuid4()), "state=x", "unit=zz"):
        assert browser.get(f"/reports/?{query}&{PAGE_KEY}=9").status_code == 200
