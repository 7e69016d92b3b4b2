"""Projects as aid data: three layers of the standard, money to the cent, nothing withheld."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from cairn.core.tables import read_table
from cairn.portfolio.exports import iati
from cairn.portfolio.iati.codes import TransactionType
from cairn.portfolio.iati.parsing import Document
from cairn.portfolio.iati.standard import Standard
from cairn.portfolio.iati.structure import ACTIVITY
from cairn.portfolio.models import (
    Agreement,
    BudgetLine,
    Expenditure,
    Measurement,
    Project,
    ProjectSubject,
    Receipt,
)
from cairn.portfolio.queries import iati as queries
from cairn.portfolio.rules import Publication, State
from cairn.portfolio.tests import factories
from cairn.portfolio.tests.iati_files import STANDARD, needs_standard

NOW = datetime(2026, 3, 1, tzinfo=UTC)
# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def tree(parts: Iterator[bytes]) -> Any:
    return etree.fromstring(b"".join(parts))


def activities() -> Any:
    return tree(iati.every_activity(now=NOW))


def only() -> Any:
    [found] = activities()
    return found


def full_project(reference: str = "X01", **fields: Any) -> Project:
    """A project with everything that a file can tell."""
    made = factories.project(
        reference,
        places=["Nepal", "Kenya", "Western Africa"],
        budget=913_351,
        themes=["protection", "criminal-justice", "research"],
        starts="2024-02",
        ends="2026-01-31",
        state=State.ACTIVE,
        outline="Invented outline & more",
        objectives="Invented objective",
        **fields,
    )
    ProjectSubject.objects.create(project=made, subject="trafficking")
    giver = factories.donor("Norway", country="NOR")
    pledge = factories.pledge(made, giver, usd=900_000, pledged="2024-01")
    factories.partner(made)
    agreed = Agreement.objects.create(
        pledge=pledge, reference=f"A-{reference}", signed_on=date(2024, 2, 1),
        amount=Decimal("800.10"), currency="EUR", usd=Decimal(900),
    )  # fmt: skip
    Receipt.objects.create(
        agreement=agreed, received_on=date(2024, 3, 1), amount=Decimal("400.10"), currency="EUR",
        usd=Decimal(450),
    )  # fmt: skip
    Expenditure.objects.create(
        agreement=agreed, spent_on=date(2025, 3, 1), amount=Decimal("30.05"), currency="EUR",
        usd=Decimal(33), what="invented",
    )  # fmt: skip
    counted = factories.indicator(
        made, unit="people", baseline=Decimal(20), baseline_period="2023", target=Decimal(5)
    )
    measure(counted, "2025-01", "2025-03", 40, women=25, men=15)
    return made


def measure(indicator: Any, first: str, last: str, whole: int | None, **parts: int) -> None:
    values = {"": whole} if whole is not None else {}
    for dimension, value in (values | parts).items():
        Measurement.objects.create(
            indicator=indicator, period_start=first, period_end=last, dimension=dimension,
            value=Decimal(value), source="invented", recorded_at=timezone.now(),
        )  # fmt: skip


def texts(found: Any, path: str) -> list[str]:
    return [str(each) for each in found.xpath(path)]


def test_elements_stand_in_the_order_of_the_schema() -> None:
    full_project()
    places = [ACTIVITY.order[child.tag] for child in only()]
    assert all(one <= other for one, other in pairwise(places))


@needs_standard
def test_every_kind_of_project_passes_all_three_layers() -> None:
    whole = full_project()
    factories.project("X02", budget=None, places=[])
    factories.project("X03", places=["Global"], part_of=whole, budget=5, starts="2025")
    factories.project("X04", publication=Publication.REDUCED, themes=["protection"])
    factories.project("X05", publication=Publication.REDUCED, public_title="Öffentlich",
                      language="de", places=["Nepal", "Brazil"])  # fmt: skip
    factories.project("X06", places=["European Union", "Nepal"], duration_months=18,
                      starts="2024-01-31", language="fr")  # fmt: skip
    odd = factories.project("X07", title="Odd \x0b <title> & “more”", starts="2024", ends="2024")
    factories.pledge(odd, usd=7)
    standard = Standard(STANDARD, today=timezone.localdate())
    for file in iati.FILES.values():
        content = b"".join(file(now=NOW))
        assert list(standard.check_file(Document(BytesIO(content)))) == []
    assert len(activities()) == 7


def test_the_budget_is_split_over_years_and_adds_up_to_the_cent() -> None:
    full_project()
    found = only()
    values = [Decimal(each) for each in texts(found, "budget/value/text()")]
    assert sum(values) == 913_351
    assert texts(found, "budget/period-start/@iso-date") == [
        "2024-02-01",
        "2025-01-01",
        "2026-01-01",
    ]
    assert texts(found, "budget/period-end/@iso-date") == ["2024-12-31", "2025-12-31", "2026-01-31"]


def test_dated_lines_count_where_they_add_up_to_the_stated_total() -> None:
    made = factories.project("X01", budget=300, starts="2024", ends="2025")
    for year, amount in ((2024, 100), (2025, 200)):
        BudgetLine.objects.create(
            project=made, starts=str(year), ends=str(year), amount=amount, usd=amount
        )
    assert texts(only(), "budget/value/text()") == ["100", "200"]
    Project.objects.update(budget_usd=731)
    assert texts(only(), "budget/value/text()") == ["366", "365"]


def test_a_budget_whose_period_is_not_on_record_is_told_in_words() -> None:
    factories.project("X01", budget=300)
    assert only().find("budget") is None
    assert "US$ 300.00" in texts(only(), "description[@type='4']/narrative/text()")[0]


def test_money_is_told_step_by_step_in_its_own_currency() -> None:
    full_project()
    found = [
        (
            each.find("transaction-type").get("code"),
            each.find("transaction-date").get("iso-date"),
            each.find("value").get("currency"),
            each.findtext("value"),
        )
        for each in only().findall("transaction")
    ]
    assert found == [
        ("13", "2024-01-01", "USD", "900000"),
        ("11", "2024-02-01", "EUR", "800.1"),
        ("1", "2024-03-01", "EUR", "400.1"),
        ("4", "2025-03-01", "EUR", "30.05"),
    ]
    assert texts(only(), "transaction[1]/provider-org/narrative/text()") == ["Norway"]


def test_a_withdrawn_pledge_and_what_lies_ahead_is_not_told() -> None:
    made = factories.project("X01")
    factories.pledge(made, usd=5, withdrawn_on=date(2025, 1, 1))
    agreed = Agreement.objects.create(
        pledge=factories.pledge(made, factories.donor(), usd=6, pledged="2024"),
        reference="A", signed_on=date(2027, 1, 1), amount=6, usd=6,
    )  # fmt: skip
    assert agreed
    assert texts(only(), "transaction/value/text()") == ["6"]


def test_shares_of_places_and_sectors_are_a_hundred() -> None:
    full_project()
    for path in ("recipient-country/@percentage | recipient-region/@percentage",
                 "sector/@percentage"):  # fmt: skip
        shares = [Decimal(each) for each in texts(only(), path)]
        assert len(shares) > 1
        assert sum(shares) == 100
    assert texts(only(), "tag/@code") == ["5.2", "8.7", "16.2"]


def test_results_are_told_with_baseline_target_and_actual() -> None:
    full_project()
    found = only().find("result/indicator")
    assert (found.find("baseline").get("year"), found.find("baseline").get("value")) == (
        "2023",
        "20",
    )
    assert texts(found, "period/target/@value") == ["5"]
    assert texts(found, "period/actual/@value") == ["40", "25", "15"]
    assert texts(found, "period/actual/dimension/@value") == ["women", "men"]


def test_small_numbers_of_people_stay_out() -> None:
    made = factories.project("X01")
    counted = factories.indicator(made, unit="people", baseline=Decimal(3), baseline_period="2023")
    measure(counted, "2025-01", "2025-01", 7)
    measure(counted, "2025-02", "2025-02", 40, women=36, men=4)
    found = only().find("result/indicator")
    assert found.find("baseline") is None
    assert texts(found, "period/actual/@value") == ["40"]
    things = factories.indicator(made, "2.1", unit="laws")
    measure(things, "2025-01", "2025-01", 7)
    assert "7" in texts(only(), "result/indicator/period/actual/@value")


def test_a_part_names_its_whole_and_its_money_is_told_there() -> None:
    whole = factories.project("X01", budget=100, starts="2024", ends="2024")
    part = factories.project("X02", budget=40, starts="2024", ends="2024", part_of=whole)
    factories.pledge(part, usd=5)
    first, second = activities()
    assert texts(first, "related-activity/@ref") == ["XM-DAC-41128-X02"]
    assert texts(second, "related-activity/@type") == ["1"]
    assert second.get("hierarchy") == "2"
    assert second.find("budget") is None
    assert second.find("transaction") is None


def test_a_withheld_project_is_nowhere_and_a_reduced_one_tells_what_decision_8_allows() -> None:
    whole = factories.project("X01", budget=100, starts="2024", ends="2024")
    Project.objects.update(publication=Publication.WITHHELD)
    hidden = full_project("X02", part_of=whole)
    assert len(activities()) == 1
    Project.objects.filter(pk=hidden.pk).update(
        publication=Publication.REDUCED, title="Secret title", updated_at=NOW
    )
    content = b"".join(iati.every_activity(now=NOW)).decode()
    for word in ("X01", "X02", "Secret", "Invented", "Norway", ">NP<", '"NP"', "2024", "2026-01"):
        assert word not in content, word
    assert hidden.public_id in content
    assert "913,351.00" in content
    assert "900,000.00" in content
    assert list(tree(iati.organisation(now=NOW)).iter("total-budget", "total-expenditure")) == []


def test_a_public_part_does_not_name_a_reduced_whole_nor_stand_in_a_sum() -> None:
    whole = factories.project("X01", publication=Publication.REDUCED)
    factories.project("X02", budget=40, starts="2024", ends="2024", part_of=whole)
    [part] = [each for each in activities() if each.findtext("iati-identifier").endswith("X02")]
    assert part.find("related-activity") is None
    assert list(tree(iati.organisation(now=NOW)).iter("total-budget")) == []


def test_the_organisation_file_sums_by_calendar_year() -> None:
    full_project()
    factories.project("X02", places=["Nepal"], budget=100, starts="2024", ends="2024")
    root = tree(iati.organisation(now=NOW))[0]
    totals = [Decimal(each) for each in texts(root, "total-budget/value/text()")]
    assert sum(totals) == 913_451
    assert texts(root, "recipient-country-budget/value/text()") == ["100"]
    assert texts(root, "total-expenditure/value/text()") == ["33"]


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: Any) -> None:
    for number in range(6):
        full_project(f"X{number}")
    with django_assert_max_num_queries(24):
        assert len(activities()) == 6


def test_long_files_are_read_in_chunks_and_stay_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHUNK", 2)
    for number in range(5):
        factories.project(f"X{number}")
    assert texts(activities(), "*/iati-identifier/text()") == [
        f"XM-DAC-41128-X{number}" for number in range(5)
    ]


def test_a_publisher_without_a_register_is_refused(settings: Any) -> None:
    settings.IATI_REFERENCE = "no register"
    with pytest.raises(Exception, match="CAIRN_IATI_REFERENCE"):
        iati.publisher()


def test_the_public_page_leads_to_the_files(client: Client) -> None:
    factories.project("X01")
    page = client.get("/data/").content.decode()
    for address in ("/aid-data/activities.xml", "/aid-data/organisation.xml", "hxl=1"):
        assert address in page
    assert client.get("/aid-data/activities.xml").getvalue().count(b"<iati-activity ") == 1
    assert client.get("/aid-data/other.xml").status_code == 404


def everywhere(client: Client) -> dict[str, bytes]:
    """Every file and page of open project data, as anybody gets it."""
    addresses = [
        "/aid-data/activities.xml", "/aid-data/activities.xml?country=NPL",
        "/aid-data/activities.xml?q=secret", "/aid-data/organisation.xml", "/countries/NPL/data/",
        "/countries/KEN/data/", "/projects/export.csv?hxl=1", "/projects/export.json?open=1",
    ]  # fmt: skip
    found = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        # A page without the token that every visit draws anew.
        found[address] = re.sub(rb"\b\w{64}\b", b"", answer.getvalue())
    workbook = client.get("/projects/export.xlsx?hxl=1&open=1").getvalue()
    table = read_table(BytesIO(workbook))
    cells = [[*row.cells.values()] for row in table.rows]
    found["xlsx"] = repr((table.keys, table.hashtags, cells)).encode()
    return found


def test_a_withheld_project_changes_no_byte_of_any_file(client: Client) -> None:
    """Neither sums, counts, identifiers, days nor the order of what is there tell of it."""
    shown = factories.project("X05", places=["Nepal"], budget=500, starts="2024", ends="2025")
    factories.pledge(shown, factories.donor("Invented Giver"), usd=50, pledged="2024")
    before = everywhere(client)
    hidden = full_project("X01", publication=Publication.WITHHELD)
    full_project("X09", publication=Publication.WITHHELD, part_of=shown)
    Project.objects.filter(pk=hidden.pk).update(updated_at=NOW)
    for address, content in everywhere(client).items():
        assert content == before[address], address


def test_what_a_reduced_project_withholds_changes_no_byte_either(client: Client) -> None:
    """Two reduced projects that differ only in what is withheld give the same files."""
    factories.project("X05", places=["Kenya"], budget=500, starts="2024", ends="2025")
    hidden = full_project("X01", publication=Publication.REDUCED, public_title="In Africa")
    before = everywhere(client)
    assert b"Africa" in before["/aid-data/activities.xml"]
    Project.objects.filter(pk=hidden.pk).update(
        title="Secret", outline="Secret", objectives="Secret", starts="2019", ends="2030",
        reference="X99", code="SECRET", updated_at=NOW, duration_months=7,
    )  # fmt: skip
    Agreement.objects.update(signed_on=date(2020, 1, 1), amount=5)
    Receipt.objects.all().delete()
    Expenditure.objects.update(usd=Decimal(77))
    Measurement.objects.all().delete()
    for address, content in everywhere(client).items():
        assert b"Secret" not in content, address
        if "json" not in address:
            assert content == before[address], address


def test_each_step_of_money_has_its_type() -> None:
    """Types 13, 11, 1 and 4 of the list TransactionType, and no other."""
    assert {each.name: each.value for each in TransactionType} == {
        "PLEDGE": "13", "COMMITMENT": "11", "RECEIVED": "1", "SPENDING": "4",
    }  # fmt: skip
    full_project()
    assert texts(only(), "transaction/transaction-type/@code") == ["13", "11", "1", "4"]


def test_no_budget_is_longer_than_a_year() -> None:
    for place, (starts, ends) in enumerate(
        [("2024-02", "2026-01-31"), ("2023-12-31", "2025-01-01"), ("2020", "2027")]
    ):
        factories.project(f"X{place}", budget=1_000, starts=starts, ends=ends)
    for found in activities():
        assert sum(Decimal(each) for each in texts(found, "budget/value/text()")) == 1_000
        for first, last in zip(
            texts(found, "budget/period-start/@iso-date"),
            texts(found, "budget/period-end/@iso-date"),
            strict=True,
        ):
            assert (date.fromisoformat(last) - date.fromisoformat(first)).days < 366
            assert first[:4] == last[:4]


def test_a_country_shows_its_budgets_by_year_as_chart_and_table(client: Client) -> None:
    factories.project("X01", places=["Nepal"], budget=731, starts="2024", ends="2025")
    factories.project("X02", places=["Nepal"], budget=99, publication=Publication.REDUCED)
    page = client.get("/countries/NPL/data/")
    assert page.context["years"] == {2024: Decimal(366), 2025: Decimal(365)}
    text = page.content.decode()
    assert "<svg" in text
    assert "The same as a table" in text
