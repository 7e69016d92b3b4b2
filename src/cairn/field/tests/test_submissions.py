"""The published form: as XLSForm for other tools, and what comes back from them. No database."""

import csv
import json
from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cairn.core.errors import RuleBroken
from cairn.core.htcds import intake
from cairn.core.tables import TableRefused
from cairn.field.imports import xlsform
from cairn.field.imports.columns import questions, sign_columns
from cairn.field.imports.submissions import read_submissions
from cairn.identification.envelopes.content import check_content
from cairn.identification.imports.brought import Brought
from cairn.identification.indicatorbank import lists
from cairn.identification.queries.indicators import Edition, pack

SHIPPED = Edition(lists.SHIPPED, "invented", lists.shipped())
PACKS = {code: pack(SHIPPED, code) for code in ("en", "fr", "ar")}
NEWEST = PACKS["en"]


def row(**changes: str) -> dict[str, str]:
    """The least that a submission needs, with what a test changes."""
    least = {
        "profile": "social",
        "setting": "household",
        "danger": "no",
        "age": "adult",
        "consent": "not_asked",
        "outcome": "refer",
        "form_version": "1",
        "sign_list": lists.SHIPPED,
        "instanceID": "uuid:00000000-0000-4000-8000-000000000001",
    }
    return {**least, **changes}


def as_csv(*rows: Mapping[str, str]) -> bytes:
    names = list(dict.fromkeys(name for each in rows for name in each))
    out = StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def read(content: bytes) -> Brought:
    return read_submissions(
        content,
        pack_called=lambda code: NEWEST if code == lists.SHIPPED else None,
        newest=NEWEST,
    )


def form() -> dict[str, list[dict[str, str]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsform.workbook(PACKS)))
    sheets = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        sheets[name] = [dict(zip(map(str, head), map(str, each), strict=True)) for each in rows]
    return sheets


def test_the_form_has_the_three_sheets_and_every_label_in_every_language() -> None:
    sheets = form()
    assert list(sheets) == ["survey", "choices", "settings"]
    labels = [f"label::{heading}" for _code, heading in xlsform.languages()]
    for name in ("survey", "choices"):
        for each in sheets[name]:
            if each.get("type") not in {"start", "calculate"}:
                assert all(each[label].strip() for label in labels), each
    arabic = next(each for each in sheets["survey"] if each["name"] == "sign_no_pay")
    assert arabic[labels[-1]] != arabic[labels[0]]
    assert sheets["settings"][0]["form_id"] == "cairn_report"


def test_every_question_has_its_choices_and_names_that_form_tools_take() -> None:
    sheets = form()
    listed = {each["list_name"] for each in sheets["choices"]}
    pairs = [(each["list_name"], each["name"]) for each in sheets["choices"]]
    assert len(pairs) == len(set(pairs))
    names = [each["name"] for each in sheets["survey"]]
    assert len(names) == len(set(names))
    for each in sheets["survey"]:
        assert each["name"].replace("_", "").isalnum(), each
        if each["type"].startswith("select_"):
            assert each["type"].split()[1] in listed
    assert all(name.replace("_", "").isalnum() for _list, name in pairs)
    order = [name for name in names if not name.startswith("sign_")]
    asked = [each.column for each in questions(NEWEST["bands"])]
    assert order == ["start", *asked, "form_version"]  # the list of signs begins with "sign_" too
    assert names.index("sign_danger_now") < names.index("judgement")


def test_a_sign_is_asked_where_its_place_calls_for_it() -> None:
    relevant = {each["name"]: each["relevant"] for each in form()["survey"]}
    assert relevant["sign_documents_with_others"] == ""
    assert "${setting} = 'household'" in relevant["sign_no_pay"]
    assert "'checkpoint'" not in relevant["sign_no_pay"]
    assert relevant["who_name"] == "${consent} = 'yes'"


def test_every_answer_that_the_form_offers_is_read_back_as_its_code() -> None:
    checked = 0
    for question in questions(NEWEST["bands"]):
        for code, _words in question.choices:
            name = code.replace("+", "plus").replace("-", "_")
            found = read(as_csv(row(**{question.column: name})))
            assert found.problems == (), (question.column, code)
            answer = found.items[0].content[question.key]
            assert answer in (code, [code])
            assert check_content(found.items[0].content) == ""
            checked += 1
    assert checked > 60


def test_signs_that_were_not_asked_are_not_answered() -> None:
    columns = sign_columns(NEWEST["signs"])
    found = read(as_csv(row(sign_no_pay="yes", sign_danger_now="unknown", sign_spoken_for="")))
    content = found.items[0].content
    assert content["seen"] == {"no-pay": "yes", "danger-now": "unknown"}
    assert len(columns) > 50


def test_several_answers_are_behind_spaces_and_split_columns_do_not_disturb() -> None:
    given = {**row(needs="health safe_place", steps="called"), "needs/health": "1", "_id": "17"}
    found = read(as_csv(given))
    assert found.items[0].content["needs"] == ["health", "safe-place"]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"danger": "perhaps"}, "danger"),
        ({"age": ""}, "age"),
        ({"needs": "health gold"}, "needs"),
        ({"sign_no_pay": "maybe"}, "sign_no_pay"),
        ({"language": "Atlantean"}, "language"),
        ({"note": "long " * 101}, "note"),
        ({"who_name": "Zarquil Inventeria"}, "who_name"),
        ({"who_phone": "+999", "consent": "no"}, "who_name"),
        ({"form_version": "9"}, "form_version"),
        ({"sign_list": "1999-1"}, "sign_list"),
        ({"note": "<script>alert(1)</script>"}, ""),
    ],
)
def test_a_fault_names_its_row_and_column_and_nothing_is_taken(
    changes: dict[str, str], column: str
) -> None:
    fine = row(instanceID="uuid:2")
    found = read(as_csv(fine, row(**changes)))
    assert [(problem.row, problem.field) for problem in found.problems] == [(3, column)]
    assert found.problems[0].message
    assert found.problems[0].remedy
    assert not found.stands


def test_a_name_comes_with_agreement_alone_and_apart() -> None:
    found = read(as_csv(row(who_name="Zarquil Inventeria", consent="yes")))
    assert found.stands
    assert found.items[0].identity == {"v": 1, "name": "Zarquil Inventeria"}
    assert "Inventeria" not in repr(found.items[0].content)


def test_json_of_the_tools_is_read_with_its_groups() -> None:
    record: dict[str, Any] = row(needs="health")
    instance = record.pop("instanceID")
    for given in (
        {"value": [{**record, "meta": {"instanceID": instance}, "__system": {"x": "y"}}]},
        {"count": 1, "results": [{**record, "meta/instanceID": instance, "formhub/uuid": "same"}]},
    ):
        found = read(json.dumps(given).encode())
        assert found.problems == ()
        assert found.items[0].key == "id:00000000-0000-4000-8000-000000000001"


def test_one_submission_counts_once_and_two_with_one_id_are_a_fault() -> None:
    twice = read(as_csv(row(), row()))
    assert len(twice.items) == 1
    assert twice.stands
    assert "more than once" in twice.notes[0]
    changed = read(as_csv(row(), row(danger="now")))
    assert [problem.row for problem in changed.problems] == [3]


def test_rows_without_an_id_are_told_apart_by_what_they_say() -> None:
    first, second = row(note="One."), row(note="Two.")
    for each in (first, second):
        del each["instanceID"]
    found = read(as_csv(first, second))
    assert len({item.key for item in found.items}) == 2
    assert read(as_csv(first)).items[0].key == found.items[0].key


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"danger,age\nno,adult\n",
        b"{",
        b"[]",
        b"%PDF-1.7",
        as_csv(row(note="=HYPERLINK(1)")),
        json.dumps([row(instanceID=str(number)) for number in range(501)]).encode(),
        b"[" + "é".encode("latin-1") + b"]",
    ],
    ids=["empty", "columns", "json", "no rows", "pdf", "formula", "too many", "encoding"],
)
def test_what_is_no_file_of_submissions_is_refused_whole(content: bytes) -> None:
    with pytest.raises((RuleBroken, TableRefused)) as refusal:
        read(content)
    assert refusal.value.message


def test_a_workbook_that_would_not_fit_in_memory_is_refused() -> None:
    content = xlsform.workbook(PACKS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "MOST_INFLATED", 1_000)
        with pytest.raises(RuleBroken) as refusal:
            intake.read_rows(content)
    assert refusal.value.code == "file.inflated"
