"""The page of findings: differences, what cannot be compared, remarks, explanations."""

import json
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.portfolio.actions.findings import explain_finding, refresh_findings
from cairn.portfolio.models import Finding, Project, Remark
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("programme-officer"))
    return client


def finding(reference: str = "X01", printed: int = 400, budget: int = 1000) -> Finding:
    project = invented.project(reference, budget=D(budget))
    invented.printed_shortfall(project, printed, f"US$ {printed}")
    refresh_findings([project.pk])
    return Finding.objects.get(project=project)


def listed(client: Client, **query: str) -> list[str]:
    return [each.project.reference for each in client.get("/findings/", query).context["page"]]


def test_a_finding_shows_print_sum_difference_and_reason(officer: Client) -> None:
    finding()
    page = officer.get("/findings/")
    text = page.content.decode()
    for part in ("US$ 400", "US$\N{NO-BREAK SPACE}1,000", "US$\N{NO-BREAK SPACE}600", "/explain/"):
        assert part in text
    sums = page.context["sums"]
    assert (sums.count, sums.explained, sums.total, sums.largest) == (1, 0, D(600), D(600))


def test_sizes_are_added_up_without_their_sign(officer: Client) -> None:
    finding("X01", printed=400)
    finding("X02", printed=1300)
    assert officer.get("/findings/").context["sums"].total == D(900)


def test_findings_are_filtered_and_sorted(officer: Client) -> None:
    first, second = finding("X01", 400), finding("X02", 100)
    explain_finding(SYSTEM, first.pk, "A pledge was left out.")
    assert listed(officer, explained="yes") == ["X01"]
    assert listed(officer, explained="no") == ["X02"]
    assert listed(officer, reason=second.reason, field="shortfall")
    assert listed(officer, field="budget") == []
    assert listed(officer, sort="-difference") == ["X02", "X01"]
    assert listed(officer, sort="difference") == ["X01", "X02"]
    assert listed(officer, sort="explained_by", explained="perhaps") == ["X01", "X02"]


def test_an_officer_explains_a_finding(officer: Client) -> None:
    found = finding()
    path = f"/findings/{found.pk}/explain/"
    assert officer.get(path).status_code == 200
    answer = officer.post(path, {"explanation": "The source left a pledge out."})
    assert (answer.status_code, answer["Location"]) == (302, "/findings/")
    text = officer.get("/findings/").content.decode()
    assert "The source left a pledge out." in text
    assert "Invented programme-officer" in text


def test_an_explanation_that_is_too_long_is_kept_in_the_form(officer: Client) -> None:
    found = finding()
    answer = officer.post(f"/findings/{found.pk}/explain/", {"explanation": "long " * 1000})
    assert answer.status_code == 422
    assert "long long" in answer.content.decode()


def test_an_explanation_is_shown_as_text(officer: Client) -> None:
    found = finding()
    officer.post(f"/findings/{found.pk}/explain/", {"explanation": "<script>x</script>"})
    assert "<script>x" not in officer.get("/findings/").content.decode()


def test_a_source_that_prints_no_figure_is_listed_as_not_comparable(officer: Client) -> None:
    finding("X01")
    invented.project("X02", budget=None)
    invented.project("X03")
    page = officer.get("/findings/", {"show": "not-comparable"})
    assert [project.reference for project in page.context["page"]] == ["X02", "X03"]
    text = page.content.decode()
    assert "A budget and a shortfall in figures" in text
    assert "A shortfall in figures" in text


def test_remarks_on_the_sources_are_listed_with_those_on_the_whole_last(officer: Client) -> None:
    project = invented.project()
    Remark.objects.create(kind="gap", remark="Nothing on the whole")
    Remark.objects.create(project=project, kind="order", remark="Something on the project")
    page = officer.get("/findings/", {"show": "remarks"})
    assert [each.remark for each in page.context["page"]] == [
        "Something on the project",
        "Nothing on the whole",
    ]


def test_programs_read_the_findings_as_json(officer: Client) -> None:
    finding()
    answer = officer.get("/findings/", {"format": "json"})
    assert answer["Content-Type"] == "application/json"
    (row,) = json.loads(answer.content)
    assert (row["project"], row["field"]) == ("X01", "shortfall")
    assert (row["printed"], row["computed"], row["difference"]) == (400, 1000, 600)


@pytest.mark.once  # counts questions
@pytest.mark.parametrize("show", ["differences", "not-comparable", "remarks"])
def test_every_list_asks_the_same_number_of_questions_for_few_and_many(
    officer: Client, show: str
) -> None:
    counts = []
    for many in (range(10, 12), range(12, 32)):
        for number in many:
            finding(f"X{number}")
            bare = invented.project(f"Y{number}")
            Remark.objects.create(project=bare, kind="gap", remark=f"Remark {number}")
        with CaptureQueriesContext(connection) as asked:
            officer.get("/findings/", {"show": show})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_empty_list_says_so(officer: Client) -> None:
    assert "Nothing differs" in officer.get("/findings/").content.decode()
    assert "No finding matches" in officer.get("/findings/?field=budget").content.decode()
    page = officer.get("/findings/?show=not-comparable")
    assert "Everything can be compared" in page.content.decode()
    assert "No remarks yet" in officer.get("/findings/?show=remarks").content.decode()


@pytest.mark.parametrize(
    ("role", "read", "explain"),
    [(None, 302, 302), ("donor", 403, 403), ("trainer", 200, 403), ("programme-officer", 200, 200)],
)
def test_findings_are_open_to_staff_alone(
    client: Client, role: str | None, read: int, explain: int
) -> None:
    found = finding()
    if role:
        client.force_login(user_with_role(role))
    for path in ("/findings/", "/findings/?show=remarks", "/findings/?format=json"):
        assert client.get(path).status_code == read
    assert client.get(f"/findings/{found.pk}/explain/").status_code == explain
    assert client.post(f"/findings/{found.pk}/explain/", {"explanation": "x"}).status_code in {
        explain,
        302 if explain == 200 else explain,
    }


def test_a_reader_is_not_offered_to_explain(client: Client) -> None:
    finding()
    client.force_login(user_with_role("trainer"))
    assert "/explain/" not in client.get("/findings/").content.decode()


def test_staff_see_findings_of_projects_that_the_public_does_not_see(officer: Client) -> None:
    finding()
    Project.objects.update(publication=Publication.WITHHELD)
    assert listed(officer) == ["X01"]
