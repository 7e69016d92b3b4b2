"""HTCDS 2.0: fields, codes, and rows and contents both ways."""

import csv
import itertools
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.core.htcds import aliases, codes, files
from cairn.core.htcds.fields import REFERENCE, fields
from cairn.identification.htcds.facts import FIELDS, LABELS, WORDS, facts_flaws, known_codes, shown
from cairn.identification.htcds.mapping import (
    Incoming,
    Outgoing,
    from_standard,
    status_of,
    to_standard,
)
from cairn.identification.htcds.signs import SIGNS
from cairn.identification.htcds.ways import columns
from cairn.identification.rules.procedures import State

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[4]
PUBLISHED = ROOT.parent / "shared" / "data" / "htcds"
needs_files = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published files of the standard are not at hand"
)
OURS = {f"{fact}:{code}": (fact, code) for fact in WORDS for code in sorted(known_codes(fact))}


def rows_of(name: str) -> list[dict[str, str]]:
    with (PUBLISHED / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read(**row: str) -> Incoming:
    return from_standard(row, today=TODAY)


def sent_and_read(content: dict[str, Any]) -> dict[str, Any]:
    """A content as a row of the standard, and that row as a content again."""
    row = to_standard(Outgoing("K7Q-M2R", contents=[content]), today=TODAY)
    text = {name: files.SEPARATOR.join(values) for name, values in row.items()}
    incoming = from_standard(text, today=TODAY)
    assert incoming.flaws == ()
    return incoming.content


@needs_files
def test_the_fields_are_those_of_the_standard_in_its_order_and_with_its_marks() -> None:
    published = [
        (row["field"], row["core"] == "core", row["status"] == "DEPRECATED")
        for row in rows_of("htcds_fields_2.0.csv")
    ]
    known = [(each.name, each.core, each.deprecated) for each in fields().values()]
    assert len(published) == 84
    assert known == published


@needs_files
def test_every_code_of_the_standard_has_one_of_ours_and_comes_back_as_it_was() -> None:
    published = rows_of("htcds_codes_2.0.csv")
    assert len(published) == 182
    for row in published:
        field, code = row["field"], row["code"]
        assert codes.theirs(field, codes.ours(field, code)) == code
    assert sum(len(pairs) for pairs in codes.LISTS.values()) == 182


@needs_files
def test_labels_of_the_standard_are_understood_where_they_are_one_code() -> None:
    unread = [
        (row["field"], row["label"])
        for row in rows_of("htcds_codes_2.0.csv")
        if codes.theirs_as_written(row["field"], row["label"]) != row["code"]
    ]
    # Official names of industries that are longer than their codes, and an aside in brackets.
    assert len(unread) <= 9, unread
    assert {field for field, _label in unread} <= {
        "vic_ForcedLabourIndustry",
        "vic_TypeOfExploitation",
    }


@needs_files
def test_every_code_that_is_taken_in_goes_through_a_report_and_comes_out_the_same() -> None:
    taken = set(FIELDS.values())
    for row in rows_of("htcds_codes_2.0.csv"):
        field, code = row["field"], row["code"]
        if field not in taken:
            continue
        incoming = read(**{field: code})
        assert incoming.flaws == (), (field, code)
        out = to_standard(Outgoing("K7Q-M2R", contents=[incoming.content]), today=TODAY)
        if field.startswith(("vic_TraffickingStatus", "cas_Status")):
            # What a partner says of status is kept beside, and never becomes a decision.
            assert incoming.content["facts"], field
        else:
            assert out[field] == [code], (field, code)


@needs_files
def test_columns_of_the_published_survey_form_are_all_known() -> None:
    from cairn.core.tables import read_table

    table = read_table(PUBLISHED / "htcds_xlsform.xlsx", sheet="survey")
    names = [row["name"] for row in table.rows]
    known, unknown, twice = aliases.read_header(names)
    assert len(known) >= 30
    assert unknown == []
    assert twice == []


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("prs_First_Name", "prs_FirstName"),
        ("PRS_FIRSTNAME", "prs_FirstName"),
        ("vic_TraffickinStatusDecisionMakingOrg", "vic_TraffickingStatusDecisionMakingOrg"),
        ("vic_Methods_of_Control", "vic_MethodsOfControl"),
        ("person/prs_Gender", "prs_Gender"),
        ("person-prs_Gender", "prs_Gender"),
        ("person:prs_Gender", "prs_Gender"),
        ("cairn_Reference", REFERENCE),
        ("favourite colour", ""),
    ],
)
def test_a_column_is_known_by_the_names_that_files_really_carry(column: str, field: str) -> None:
    assert aliases.field_named(column) == field


def test_a_header_tells_what_is_unknown_and_what_stands_there_twice() -> None:
    known, unknown, twice = aliases.read_header(
        ["prs_Gender", "prs_gender", "Colour", "_submission_time", "instanceID", "start"]
    )
    assert known == {"prs_Gender": "prs_Gender"}
    assert unknown == ["Colour"]
    assert twice == ["prs_Gender"]


@pytest.mark.parametrize(("fact", "code"), OURS.values(), ids=OURS)
def test_every_code_of_ours_comes_back_through_the_standard(fact: str, code: str) -> None:
    content: dict[str, Any] = {"facts": {fact: [code]}}
    back = sent_and_read(content)
    if fact == "gender" and code in {"female", "male"}:
        assert back["sex"] == code
    elif fact not in {"status", "decided-by", "case-status"}:
        assert back["facts"][fact] == [code]


def test_codes_that_the_standard_lacks_go_out_as_other_with_a_word() -> None:
    content = {"facts": {"control": ["restricts-movement", "uses-children", "debt"]}}
    row = to_standard(Outgoing("K7Q-M2R", contents=[content]), today=TODAY)
    assert row["vic_MethodsOfControl"] == ["Other", "DebtBondage"]
    assert row["cco_CaseComment"] == [
        "MethodsOfControl: RestrictsMovement; MethodsOfControl: UsesChildren"
    ]
    assert sorted(sent_and_read(content)["facts"]["control"]) == [
        "debt",
        "restricts-movement",
        "uses-children",
    ]


def test_several_values_are_read_behind_any_separator() -> None:
    for written in ("DebtBondage WithholdsDocuments", "DebtBondage;WithholdsDocuments",
                    "Debt bondage; Withholds documents", "DebtBondage|WithholdsDocuments",
                    "debt bondage, withholds documents"):  # fmt: skip
        facts = read(vic_MethodsOfControl=written).content["facts"]
        assert facts["control"] == ["debt", "documents"], written
    assert read(prs_Citizenship="Bosnia and Herzegovina").content["facts"]["citizenship"] == ["BIH"]
    assert read(prs_Citizenship="SD SS").content["facts"]["citizenship"] == ["SDN", "SSD"]


@pytest.mark.parametrize(
    ("born", "age", "band"),
    [
        ("", "maybe-child", ""),
        ("2026-11-22", "child", "0-11"),
        ("2014-11-23", "child", "0-11"),
        ("2014-11-22", "child", "12-17"),
        ("2008-11-23", "child", "12-17"),
        ("2008-11-22", "adult", "18-24"),
        ("2001-11-22", "adult", "25-59"),
        ("1966-11-22", "adult", "60+"),
    ],
)
def test_a_birth_date_becomes_an_age_group_and_is_not_kept(born: str, age: str, band: str) -> None:
    incoming = read(prs_Birthdate=born)
    assert (incoming.content["age"], incoming.content["age_band"]) == (age, band)
    assert not born or born not in repr(incoming)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("prs_Birthdate", "yesterday"),
        ("prs_Birthdate", "2031-01-01"),
        ("prs_Birthdate", "1860-01-01"),
        ("prs_Gender", "purple"),
        ("prs_PrimaryLanguage", "xxq"),
        ("prs_Citizenship", "Atlantis"),
        ("vic_MethodsOfControl", "DebtBondage Hypnosis"),
        ("con_Consent", "perhaps"),
        ("cco_CaseComment", "long " * 101),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_with_a_remedy(field: str, text: str) -> None:
    flaws = read(**{field: text}).flaws
    assert [flaw.field for flaw in flaws] == [field]
    assert flaws[0].message
    assert flaws[0].remedy


def test_a_name_comes_in_with_consent_alone_and_apart_from_the_content() -> None:
    row = {"prs_First_Name": "", "prs_FirstName": "Zaynab", "prs_SecondName": "Imaginary",
           "prs_MobilePhone": "+999 1234"}  # fmt: skip
    agreed = read(**row, con_Consent="TRUE")
    assert agreed.flaws == ()
    assert agreed.identity == {"v": 1, "name": "Zaynab Imaginary", "phone": "+999 1234"}
    assert "Imaginary" not in repr(agreed.content)
    for answer in ("", "no"):
        refused = read(**row, con_Consent=answer)
        assert refused.identity is None
        assert [flaw.field for flaw in refused.flaws] == ["prs_FirstName"]


def test_what_is_not_needed_is_left_out_and_named() -> None:
    incoming = read(
        prs_IdentityNumber="X-998877", prs_MailingStreet="Nowhere Lane", prs_MaritalStatus="Single"
    )
    assert incoming.left_out == ("prs_IdentityNumber", "prs_MailingStreet", "prs_MaritalStatus")
    assert "X-998877" not in repr(incoming)
    assert "Nowhere" not in repr(incoming)


def test_languages_are_read_in_all_forms_and_written_in_iso_639_2() -> None:
    for written in ("fra", "fre", "fr", "French"):
        assert read(prs_PrimaryLanguage=written).content["language"] == "fr"
    row = to_standard(Outgoing("K7Q-M2R", contents=[{"language": "ar"}]), today=TODAY)
    assert row["prs_PrimaryLanguage"] == ["ara"]
    assert sent_and_read({"language": "din"})["language"] == "din"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("until", [None, date(2026, 11, 21), TODAY])
def test_the_status_never_says_more_than_was_decided(state: State, until: date | None) -> None:
    outcomes = [] if state in {State.DETECTED, State.UPHELD} else [state.value]
    status = status_of(outcomes, until, today=TODAY)
    assert (status == "actual") == (state == State.CONCLUSIVE_POSITIVE)
    over = until is not None and until < TODAY
    assert (status == "not") == (state == State.CONCLUSIVE_NEGATIVE and over)
    assert (status == "") == (state == State.NO_REASONABLE_GROUNDS and over)


def test_an_upheld_decision_stands_and_an_overturned_one_does_not() -> None:
    before = date(2026, 11, 1)
    upheld = ["reasonable-grounds", "conclusive-negative", "under-review", "upheld"]
    assert status_of(upheld, before, today=TODAY) == "not"
    assert status_of(upheld, None, today=TODAY) == "possible"
    assert status_of([*upheld[:3], "overturned"], before, today=TODAY) == "possible"
    assert status_of(upheld[:3], before, today=TODAY) == "possible"


def test_only_the_last_decision_counts() -> None:
    assert status_of(["conclusive-negative", "under-assessment"], None, today=TODAY) == "possible"
    assert status_of([State.REASONABLE_GROUNDS, State.CONCLUSIVE_POSITIVE], None, today=TODAY) == (
        "actual"
    )


def test_names_go_out_only_when_they_are_asked_for() -> None:
    known = Outgoing("K7Q-M2R", name="Zaynab Imaginary", outcomes=["under-assessment"])
    without = to_standard(known, today=TODAY)
    assert "prs_FirstName" not in without
    assert "Imaginary" not in repr(without)
    assert to_standard(known, today=TODAY, with_names=True)["prs_FirstName"] == [known.name]
    assert set(columns(with_names=False)) == set(without)


def test_signs_that_were_seen_speak_and_signs_that_were_not_asked_do_not() -> None:
    signs = {"documents-kept": ("vic_MethodsOfControl", "documents"),
             "debt-told": ("vic_MethodsOfControl", "debt")}  # fmt: skip
    content = {"seen": {"documents-kept": "yes", "debt-told": "unknown"}}
    row = to_standard(Outgoing("K7Q-M2R", contents=[content]), today=TODAY, signs=signs)
    assert row["vic_MethodsOfControl"] == ["WithholdsDocuments"]
    assert "seen" not in read(vic_MethodsOfControl="WithholdsDocuments").content


def test_signs_that_speak_exist_and_say_something_that_the_standard_has() -> None:
    path = ROOT / "src/cairn/identification/indicatorbank/editions/2026-1.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    assert set(SIGNS) <= known
    for field, code in SIGNS.values():
        assert codes.theirs(field, code)


def test_a_row_that_was_taken_in_is_a_content_that_intake_accepts() -> None:
    from cairn.identification.envelopes.content import check_content, check_identity

    everything: dict[str, str] = {
        field: ";".join(theirs for _ours, theirs in codes.LISTS[field])
        if field in codes.SEVERAL
        else codes.LISTS[field][0][1]
        for field in FIELDS.values()
        if field in codes.LISTS
    }
    everything |= {"prs_Citizenship": "SD;SS", "prs_PrimaryLanguage": "ara", "con_Consent": "yes",
                   "prs_FirstName": "Zaynab", "cco_CaseComment": "Came by bus."}  # fmt: skip
    incoming = read(**everything)
    assert incoming.flaws == ()
    assert check_content(incoming.content) == ""
    assert check_identity(incoming.identity) == ""


@pytest.mark.parametrize(
    ("value", "flaw"),
    [
        ({"control": ["debt"]}, None),
        ({}, None),
        ([], "facts-shape"),
        ({"control": "debt"}, "facts-shape"),
        ({"control": []}, "facts-shape"),
        ({"control": ["hypnosis"]}, "facts-code"),
        ({"control": ["debt", "debt"]}, "facts-code"),
        ({"control": [7]}, "facts-code"),
        ({"status": ["possible", "actual"]}, "facts-several"),
        ({"shoe-size": ["42"]}, "facts-unknown"),
        ({"citizenship": ["SDN", "XYZ"]}, "facts-code"),
        ({"second-language": ["zz9"]}, "facts-code"),
    ],
)
def test_facts_are_codes_of_our_lists_and_nothing_else(value: Any, flaw: str | None) -> None:
    assert facts_flaws(value) == ([flaw] if flaw else [])


def test_every_fact_has_a_label_and_every_code_its_words() -> None:
    assert set(LABELS) == set(FIELDS)
    for fact in WORDS:
        assert set(WORDS[fact]) == known_codes(fact), fact
    told = shown({"control": ["debt"], "citizenship": ["SDN"], "second-language": ["ar"]})
    assert told == [
        ("Second language", ["Arabic"]),
        ("Citizenship", ["Sudan"]),
        ("Means of control", ["Debt"]),
    ]


def test_json_goes_out_with_lists_and_comes_back_as_rows() -> None:
    content = {"sex": "female", "facts": {"control": ["debt", "documents"]}}
    row = to_standard(Outgoing("K7Q-M2R", contents=[content]), today=TODAY)
    text = files.as_json(columns(with_names=False), [row])
    (back,) = files.records_of(text)
    assert back["vic_MethodsOfControl"] == "DebtBondage;WithholdsDocuments"
    assert back["prs_Gender"] == "Feminine"
    assert files.records_of('{"person": {"prs_Gender": "Feminine"}, "con_Consent": true}') == [
        {"person/prs_Gender": "Feminine", "con_Consent": "yes"}
    ]
    for bad in ("", "{", "7", '["a"]'):
        with pytest.raises(RuleBroken) as refusal:
            files.records_of(bad)
        assert refusal.value.code == "file.json"


def test_the_csv_is_defused_and_has_every_column() -> None:
    known = Outgoing("K7Q-M2R", authority="=cmd", outcomes=["under-assessment"])
    names = columns(with_names=False)
    lines = list(files.as_csv(names, [to_standard(known, today=TODAY)]))
    assert lines[0].lstrip("\ufeff").strip().split(",") == names
    assert ",'=cmd," in lines[1]


def test_no_combination_of_answers_makes_an_unknown_value() -> None:
    for sex, consent in itertools.product(
        ("female", "male", "other", ""), ("yes", "only", "no", "not-asked")
    ):
        row = to_standard(
            Outgoing("K7Q-M2R", contents=[{"sex": sex, "consent": consent}]), today=TODAY
        )
        text = {name: files.SEPARATOR.join(values) for name, values in row.items()}
        assert from_standard(text, today=TODAY).flaws == ()
