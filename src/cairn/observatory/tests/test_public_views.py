"""Pages, files and addresses for programs: nothing but what was published reaches them."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from cairn.access.tests.factories import user_with_role
from cairn.observatory.models import Published
from cairn.observatory.rules.records import series_record
from cairn.observatory.sources_real import identified_series
from cairn.observatory.tests.public_scene import CANARY, payload, publish, withdraw, year

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
CODE = "R-2026-01"
PAGES = (
    "/statistics/",
    f"/statistics/{CODE}/",
    f"/statistics/{CODE}/table/",
    f"/statistics/{CODE}/table/?by=age&by=sex&by=",
    f"/statistics/{CODE}/table/?by=area&all=1",
    f"/statistics/{CODE}/flows/",
    "/statistics/series/invented-scene/",
    "/statistics/bulletins/",
    "/statistics/api/",
)
FILES = tuple(
    f"/statistics/{CODE}/files/{kind}" for kind in ("csv", "json", "metadata", "xlsx", "zip")
)
API = (
    "/api/statistics/",
    "/api/statistics/openapi.json",
    f"/api/statistics/{CODE}/",
    f"/api/statistics/{CODE}/data/?by=age,sex",
)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def row() -> Published:
    return publish(payload())


def text_of(content: bytes) -> str:
    """What a file says, unpacked where it is packed."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@pytest.mark.parametrize("address", [*PAGES, *FILES, *API])
def test_nothing_but_the_payload_is_told(client: Client, row: Published, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert str(CANARY) not in text_of(answer.content)


@pytest.mark.parametrize("address", [*PAGES, *FILES, *API])
def test_staff_are_told_the_same_as_everybody(client: Client, row: Published, address: str) -> None:
    """Also of what was withdrawn: whoever may see more sees it on other pages."""
    publish(payload("R-2025-09", title="Gone away"))
    withdraw(Published.objects.get(release__code="R-2025-09"), "A reason")
    client.force_login(user_with_role("statistics-officer"))
    answer = client.get(address)
    if answer.status_code == 302:
        pytest.skip("asks for the second factor")
    assert "Gone away" not in text_of(answer.content)
    assert str(CANARY) not in text_of(answer.content)


def test_a_release_says_what_must_be_known_before_it_is_read(
    client: Client, row: Published
) -> None:
    page = client.get(f"/statistics/{CODE}/").content.decode()
    for words in (
        "Article 3 of the invented Protocol",
        "identified by an invented authority",
        "once for each person",
        "invented records",
        "four invented countries",
        "None: somebody looked, and said so.",
        "fewer than 10",
        "1,234 questions",
        "91%",
        row.digest,
    ):
        assert words in page, words


def test_hidden_figures_are_dots_and_never_zero(client: Client, row: Published) -> None:
    page = client.get(f"/statistics/{CODE}/table/?by=area&all=1").content.decode()
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    mali = body.split("Mali")[1].split("</tr>")[0]
    assert "…" in mali
    assert "hidden" in mali
    assert ">0<" not in body


def test_a_row_without_a_figure_is_counted_not_shown(client: Client, row: Published) -> None:
    page = client.get(f"/statistics/{CODE}/table/?by=area").content.decode()
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "Mali" not in body
    assert "In 1 more row every figure is hidden." in page


def test_a_table_that_was_not_published_is_refused_in_words(client: Client, row: Published) -> None:
    answer = client.get(f"/statistics/{CODE}/table/?by=age,area")
    assert answer.status_code == 422
    assert "do not stand together" in answer.content.decode()


def test_the_map_draws_movements_and_no_hidden_one(client: Client, row: Published) -> None:
    page = client.get(f"/statistics/{CODE}/flows/").content.decode()
    assert page.count('<g role="graphics-symbol img"') == 3
    assert "Nepal to India: 60" in page
    assert "Within Nigeria: 25" in page
    assert "Mali" not in page.split("<main")[1]


def test_years_that_do_not_compare_are_not_joined(client: Client) -> None:
    change = [{"on": "2025-01-01", "what": "a new law"}]
    for place, whole in enumerate((200, 210, 220)):
        made = year(f"R-2026-0{place + 1}", 2023 + place, whole, breaks=change)
        publish(made, at=datetime(2026, 2, place + 1, tzinfo=UTC))
    page = client.get("/statistics/series/invented-scene/").content.decode()
    assert page.count('class="chart-times-line"') == 2  # wide and narrow: one stretch in each
    assert page.count('class="chart-times-break"') == 2
    assert "a new law" in page


@pytest.mark.parametrize("address", [*PAGES[1:6], *FILES, *API[2:]])
def test_a_withdrawn_release_is_gone_with_its_reason(
    client: Client, row: Published, address: str
) -> None:
    withdraw(row, "Two countries were counted twice.")
    answer = client.get(address)
    assert answer.status_code == 410
    assert "Two countries were counted twice." in answer.content.decode()
    assert "255" not in answer.content.decode().split("<main")[-1]


def test_a_withdrawn_release_leaves_the_list_and_the_years(client: Client, row: Published) -> None:
    publish(year("R-2026-02", 2024, 230), at=datetime(2026, 1, 1, tzinfo=UTC))
    withdraw(row)
    assert CODE not in client.get("/statistics/series/invented-scene/").content.decode()
    found = client.get("/api/statistics/").json()
    assert [each["release"] for each in found["releases"]] == ["R-2026-02"]
    assert [each["release"] for each in found["withdrawn"]] == [CODE]


def test_a_payload_that_was_changed_is_not_shown(client: Client, row: Published) -> None:
    row.payload["groupings"][0]["cells"][0]["value"] = 300
    row.save()
    assert client.get(f"/statistics/{CODE}/").status_code == 409
    assert client.get(f"/api/statistics/{CODE}/").json()["code"] == "observatory.digest"


def test_a_payload_without_its_statements_is_not_shown(client: Client) -> None:
    publish(payload(series={"coverage": ""}))
    assert client.get(f"/statistics/{CODE}/").status_code == 409
    found = client.get(f"/api/statistics/{CODE}/data/").json()
    assert found["code"] == "observatory.statements"


def test_csv_marks_what_is_hidden_and_says_all_cells(client: Client, row: Published) -> None:
    lines = client.get(f"/statistics/{CODE}/files/csv").content.decode().splitlines()
    assert lines[0] == "TIME_PERIOD,age,sex,area,origin,OBS_VALUE,OBS_STATUS"
    assert "2025,_T,_T,_T,_T,255,A" in lines
    assert "2025,_T,_T,MLI,_T,,Q" in lines
    one = client.get(f"/statistics/{CODE}/files/csv?by=age").content.decode().splitlines()
    assert len(one) == 4


def test_the_archive_holds_figures_codes_and_metadata_and_never_differs(
    client: Client, row: Published
) -> None:
    first = client.get(f"/statistics/{CODE}/files/zip").content
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        names = set(packed.namelist())
        metadata = json.loads(packed.read(f"{CODE}-metadata.json"))
    assert names == {
        f"{CODE}.csv",
        f"{CODE}-codes.csv",
        f"{CODE}-metadata.json",
        f"{CODE}.json",
    }
    assert metadata["referenceMetadata"]["legal_definition"] == "Article 3 of the invented Protocol"
    assert metadata["structure"]["timeDimension"]["value"] == "2025"
    assert first == client.get(f"/statistics/{CODE}/files/zip").content


def test_the_workbook_has_three_sheets(client: Client, row: Published) -> None:
    content = client.get(f"/statistics/{CODE}/files/xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Figures", "Codes", "About"]


def test_a_program_asks_for_a_table_and_one_code(client: Client, row: Published) -> None:
    found = client.get(f"/api/statistics/{CODE}/data/?by=sex&age=child").json()
    assert found["by"] == ["age", "sex"]
    assert {each["age"] for each in found["rows"]} == {"child"}
    assert {each["OBS_STATUS"] for each in found["rows"]} == {"A", "Q"}
    assert all((each["OBS_VALUE"] is None) == (each["OBS_STATUS"] == "Q") for each in found["rows"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("by=shelter", "observatory.column"),
        ("shelter=x", "observatory.column"),
        ("by=age&sex=third", "observatory.code"),
        ("by=age,area", "observatory.columns"),
        ("by=age,sex,area,origin,age", "observatory.columns"),
    ],
)
def test_a_program_that_asks_wrongly_is_told_what_to_do(
    client: Client, row: Published, query: str, code: str
) -> None:
    answer = client.get(f"/api/statistics/{CODE}/data/?{query}")
    found = answer.json()
    assert (answer.status_code, found["code"]) == (400, code)
    assert found["title"]
    assert found["remedy"]
    assert answer["Content-Type"] == "application/problem+json"


def test_a_release_that_is_not_there_is_a_problem_in_json(client: Client) -> None:
    answer = client.get("/api/statistics/R-1999-99/")
    assert answer.status_code == 404
    assert answer.json()["code"] == "observatory.release"
    assert client.post("/api/statistics/").status_code == 405


def test_what_a_program_has_already_is_not_sent_again(client: Client, row: Published) -> None:
    first = client.get(f"/api/statistics/{CODE}/")
    assert "max-age=300" in first["Cache-Control"]
    again = client.get(f"/api/statistics/{CODE}/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_programs_that_ask_too_often_wait(client: Client, row: Published) -> None:
    answers = [client.get("/api/statistics/openapi.json") for _ in range(61)]
    assert answers[59].status_code == 200
    assert answers[60].status_code == 429
    assert int(answers[60]["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/statistics/", 2), ("/api/statistics/", 6), ("/statistics/series/invented-scene/", 1)],
)
def test_lists_ask_as_much_for_many_as_for_one(
    client: Client, django_assert_max_num_queries: Any, address: str, queries: int
) -> None:
    for place in range(8):
        publish(year(f"R-2026-{place + 10}", 2015 + place, 200))
    client.get(address)
    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


def test_words_of_a_known_source_are_said_in_the_language_of_the_page(client: Client) -> None:
    with override("en"):
        series = series_record(identified_series())
    made = payload(
        series=series,
        tables=[["age", "country"]],
        groupings=[
            {"by": [], "cells": [{"at": [], "value": 255}]},
            {"by": ["country"], "cells": [{"at": ["DEU"], "value": 120}]},
        ],
    )
    row = publish(made)
    page = client.get(f"/statistics/{CODE}/table/?by=country", headers={"accept-language": "fr"})
    assert "Allemagne" in page.content.decode()
    assert client.get(f"/api/statistics/{CODE}/").json()["meta"]["digest"]["value"] == row.digest
    figures = client.get(f"/statistics/{CODE}/files/metadata", headers={"accept-language": "fr"})
    assert "Germany" in figures.content.decode()


def test_words_that_no_source_says_stay_as_they_were_signed(client: Client, row: Published) -> None:
    page = client.get(f"/statistics/{CODE}/", headers={"accept-language": "fr"}).content.decode()
    assert '<dd lang="en" dir="auto"> Article 3 of the invented Protocol' in " ".join(page.split())


def test_a_column_of_periods_is_a_chart_over_time_with_its_breaks(client: Client) -> None:
    years = [{"code": str(year), "label": str(year), "parent": ""} for year in range(2021, 2025)]
    made = payload()
    made["series"]["breaks"] = [{"on": "2023-01-01", "what": "a new form"}]
    made["series"]["dimensions"].append(
        {"name": "year", "label": "Year", "class": "period", "codes": years}
    )
    cells = [{"at": [str(2021 + place)], "value": n} for place, n in enumerate((40, 45, 60, None))]
    made["groupings"].append({"by": ["year"], "cells": cells})
    publish(made)
    page = client.get(f"/statistics/{CODE}/table/?by=year").content.decode()
    assert page.count('class="chart-times-line"') == 2  # wide and narrow: one stretch in each
    assert page.count('class="chart-times-break"') == 2
    assert "2024: hidden" in page


def test_the_first_page_leads_to_questions_and_staff_to_national_figures(client: Client) -> None:
    page = client.get("/statistics/").content.decode()
    more = page[page.index('id="more"') :]
    assert 'href="/statistics/ask/"' in more
    assert "/statistics/national/" not in more
    client.force_login(user_with_role("statistics-officer"))
    page = client.get("/statistics/").content.decode()
    assert 'href="/statistics/national/"' in page[page.index('id="more"') :]


def test_pages_that_read_whole_releases_are_limited(client: Client, row: Published) -> None:
    for address in (f"/statistics/{CODE}/table/", "/statistics/series/invented-scene/"):
        cache.clear()
        answers = [client.get(address).status_code for _time in range(121)]
        assert answers[119:] == [200, 429]


def test_a_release_that_hides_everything_is_still_told(client: Client) -> None:
    made = payload()
    for listed in made["groupings"]:
        for each in listed["cells"]:
            each["value"] = None
    made["quality"] |= {"mass_kept": 0.0, "mean_error": None, "hidden": 60}
    publish(made)
    for address in (*PAGES, *FILES, *API):
        assert client.get(address).status_code == 200, address
    assert "The total is hidden." in client.get(f"/statistics/{CODE}/").content.decode()
    assert "Every figure of this table is hidden" in client.get(PAGES[2]).content.decode()
