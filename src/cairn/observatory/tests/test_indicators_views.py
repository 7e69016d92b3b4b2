"""Pages of national figures and of released figures in other layouts."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry
from cairn.observatory.engine import synthetic
from cairn.observatory.models import NationalFigure
from cairn.observatory.rules import indicators_ctdc as ctdc
from cairn.observatory.tests.public_scene import payload, publish
from cairn.observatory.tests.test_indicators_imports import brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("statistics-officer"))
    return client


def lines(times: int) -> SimpleUploadedFile:
    text = StringIO()
    writer = csv.DictWriter(text, ctdc.COLUMNS, restval="")
    writer.writeheader()
    one = {"yearOfRegistration": "2020", "gender": "Female", "CountryOfExploitation": "ML"}
    writer.writerows([one] * times)
    return SimpleUploadedFile("lines.csv", text.getvalue().encode())


def test_lines_are_previewed_and_then_kept_as_counts(officer: Client) -> None:
    sent = {"file": lines(12), "source": "Invented edition"}
    page: Any = officer.post("/statistics/national/lines/", sent)
    assert page.status_code == 200
    assert not NationalFigure.objects.exists()
    counted = page.context["keep"].initial["counted"]
    assert officer.post("/statistics/national/lines/keep/", {"counted": counted}).status_code == 302
    total = NationalFigure.objects.get(sex="total", age="total")
    assert (total.country, total.year) == ("MLI", 2020)
    assert total.value == 12
    assert AuditEntry.objects.filter(code="statistics.figures_brought").count() == 1


def test_a_preview_that_was_changed_or_is_of_somebody_else_is_refused(officer: Client) -> None:
    sent = {"file": lines(12), "source": "Invented edition"}
    page: Any = officer.post("/statistics/national/lines/", sent)
    counted = page.context["keep"].initial["counted"]
    refused = officer.post("/statistics/national/lines/keep/", {"counted": counted + "x"})
    assert refused.status_code == 409
    assert not NationalFigure.objects.exists()


def test_lines_of_few_persons_are_refused_on_the_page(officer: Client) -> None:
    sent = {"file": lines(10), "source": "Invented edition"}
    page: Any = officer.post("/statistics/national/lines/", sent)
    assert "fewer than 11 persons" in page.content.decode()
    assert page.context["keep"] is None


def test_pages_ask_a_constant_number_of_queries(
    officer: Client, django_assert_max_num_queries: Any
) -> None:
    brought(*({"Year": str(year), "Category": "Total"} for year in range(2000, 2020)))
    for page in ("/statistics/national/", "/statistics/national/NPL/"):
        with django_assert_max_num_queries(14):
            assert officer.get(page).status_code == 200


def test_a_country_of_no_code_is_not_there(officer: Client) -> None:
    assert officer.get("/statistics/national/XXX/").status_code == 404


def test_a_release_is_taken_as_glotip_and_what_is_left_out_is_counted(officer: Client) -> None:
    publish(payload())
    page = officer.get("/statistics/layouts/").content.decode()
    assert "hidden by the release" in page
    given: Any = officer.get("/statistics/layouts/glotip.csv")
    rows = list(csv.DictReader(StringIO(given.content.decode())))
    assert {row["Source"] for row in rows} == {"R-2026-01"}
    assert officer.get("/statistics/layouts/other.csv").status_code == 404


def test_lines_are_given_with_an_entry_in_the_log(officer: Client) -> None:
    publish(payload())
    given: Any = officer.post("/statistics/layouts/lines/", {"table": "age,sex"})
    rows = list(csv.DictReader(StringIO(given.content.decode())))
    assert len(rows) >= ctdc.LEAST_ALIKE
    entry = AuditEntry.objects.get(code="statistics.lines_given")
    assert entry.facts["lines"] == len(rows)


def test_invented_rows_of_a_small_release_are_refused(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(payload())
    assert "50000 persons or more" in officer.get("/statistics/layouts/invented/").content.decode()
    monkeypatch.setattr(synthetic, "LEAST_PERSONS", 100)
    page: Any = officer.get("/statistics/layouts/invented/")
    assert page.context["made"].errors
    given: Any = officer.get("/statistics/layouts/invented/?file=csv")
    assert len(given.content.decode().splitlines()) == 50_001
