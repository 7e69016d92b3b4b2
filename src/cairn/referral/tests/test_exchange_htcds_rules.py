"""Persons as rows of the data standard: there and back, what a ground covers, every fault named."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.core.htcds.fields import REFERENCE
from cairn.core.htcds.intake import Rows, read_rows
from cairn.referral.htcds.columns import TYPE_OF_AREA, TYPE_OF_SERVICE
from cairn.referral.htcds.reading import Persons, read_persons
from cairn.referral.htcds.record import (
    ALWAYS,
    COVERED_BY,
    Came,
    GoalLine,
    PersonRecord,
    ReturnLine,
    Sent,
    ServiceLine,
    limited_to,
)
from cairn.referral.htcds.writing import as_csv, as_json, rows_of
from cairn.referral.rules.choices import DataCategory, Displacement, LegalBasis, Need, Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import PersonSex
from cairn.referral.rules.plans import Area, EpisodeOutcome, GoalState
from cairn.referral.rules.referrals import State
from cairn.referral.rules.returns import ReturnState
from cairn.referral.rules.services import ServiceType

TODAY = date(2026, 11, 22)
SIGNS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])
TEXT = st.text(SIGNS, max_size=40).map(lambda text: " ".join(text.split()))
# What a partner writes is never taken for codes of ours.
WORDS = TEXT.filter(lambda text: not text.startswith("cairn:"))
DAYS = st.none() | st.dates(date(2000, 1, 1), TODAY)
BIRTHS = st.sampled_from(["", "1998", "1998-04", "1998-04-03", "2014-02-28"])
LANGUAGES = st.lists(st.sampled_from(["ne", "ar", "fr", "tig", "prs", "so"]), unique=True)


def one_of(choices: Any, *, empty: bool = True) -> st.SearchStrategy[str]:
    return st.sampled_from([*choices.values, ""] if empty else list(choices.values))


def some(line: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(line, max_size=3).map(tuple)


RECORDS = st.builds(
    PersonRecord,
    reference=st.just("K7Q-M2R"),
    given=TEXT,
    family=TEXT,
    birth=BIRTHS,
    nationality=st.sampled_from(["", "NPL", "SDN", "MDA"]),
    sex=one_of(PersonSex),
    age_band=one_of(AgeBand, empty=False),
    displacement=one_of(Displacement),
    languages=LANGUAGES.map(tuple),
    is_open=st.booleans(),
    basis=one_of(LegalBasis, empty=False),
    needs=st.dictionaries(one_of(Need, empty=False), one_of(Urgency, empty=False), max_size=4),
    came=st.none() | st.builds(Came, sender=TEXT, on=DAYS, need=one_of(Need), words=WORDS),
    sent=some(
        st.builds(
            Sent,
            to=TEXT,
            on=DAYS,
            need=one_of(Need),
            urgency=one_of(Urgency),
            state=one_of(State),
            words=WORDS,
        )
    ),
    returns=some(
        st.builds(
            ReturnLine,
            state=one_of(ReturnState, empty=False),
            to=TEXT,
            country=st.sampled_from(["", "MDA"]),
            on=DAYS,
        )
    ),
    services=some(
        st.builds(
            ServiceLine,
            kind=one_of(ServiceType, empty=False),
            by=TEXT,
            starts_on=DAYS,
            ends_on=DAYS,
            outcome=one_of(EpisodeOutcome),
        )
    ),
    goals=some(
        st.builds(
            GoalLine,
            area=one_of(Area, empty=False),
            words=TEXT,
            state=one_of(GoalState, empty=False),
            target_on=DAYS,
            settled_on=DAYS,
            steps=WORDS,
        )
    ),
    words=WORDS,
)
WHOLE = PersonRecord(
    reference="K7Q-M2R",
    given="Zarquil",
    family="Inventeria",
    birth="1998-04-03",
    nationality="NPL",
    sex="female",
    age_band="adult",
    displacement="refugee",
    languages=("ne", "ar", "so"),
    basis="consent",
    needs={"health": "urgent", "legal": "routine"},
    came=Came("Invented Agency", date(2026, 1, 2), "health"),
    sent=(Sent("Invented Clinic", date(2026, 2, 3), "health", "urgent", "accepted"),),
    returns=(ReturnLine("pre-departure", "Invented Partner", "MDA", date(2026, 9, 1)),),
    services=(
        ServiceLine("legal-aid", "Invented Lawyers", date(2026, 3, 4), date(2026, 4, 5), "done"),
    ),
    goals=(GoalLine("work", "A shop of her own", "open", date(2027, 1, 1)),),
)


def read(content: str) -> Persons:
    return read_persons(read_rows(content.encode()), today=TODAY)


def table(*rows: dict[str, str]) -> Persons:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    return read_persons(Rows(columns, list(enumerate(rows, 2)), (), "digest"), today=TODAY)


@given(RECORDS)
@settings(max_examples=150, deadline=None)
def test_what_goes_out_comes_back_as_it_was_and_goes_out_the_same(record: PersonRecord) -> None:
    written = as_json([record])
    found = read(written)
    assert found.problems == ()
    assert found.records == (record,)
    assert as_json(found.records) == written
    table_text = as_csv([record])
    back = read(table_text)
    assert back.problems == ()
    assert as_csv(back.records) == table_text


def test_every_list_of_ours_has_its_place_in_the_standard() -> None:
    assert set(TYPE_OF_SERVICE) == set(ServiceType.values)
    assert set(TYPE_OF_AREA) == set(Area.values)


def test_a_person_with_several_referrals_takes_several_rows_of_one_reference() -> None:
    sent = tuple(replace(WHOLE.sent[0], to=f"Clinic {number}") for number in range(3))
    rows = rows_of(replace(WHOLE, sent=sent))
    assert [row[REFERENCE] for row in rows] == [["K7Q-M2R"]] * 4
    assert rows[0]["prs_FirstName"] == ["Zarquil"]
    assert "prs_FirstName" not in rows[1]
    assert rows[0]["spl_Type"] == ["Legal"]
    assert rows[1]["spl_Type"] == ["Livelihood"]
    assert rows[3]["cas_ReasonForOutgoingReferral"] == ["MigrationOrChangeOfLocation"]


@pytest.mark.parametrize("category", list(DataCategory))
def test_a_ground_lets_out_what_it_covers_and_nothing_else(category: DataCategory) -> None:
    left = limited_to(replace(WHOLE, words="What another wrote"), {category.value})
    assert left.words == ""
    empty = PersonRecord("")
    for name in COVERED_BY:
        is_told = COVERED_BY.get(name) == category
        assert (getattr(left, name) == getattr(WHOLE, name)) is is_told, name
        if not is_told:
            assert getattr(left, name) == getattr(empty, name)
    for name in ALWAYS:
        assert getattr(left, name) == getattr(WHOLE, name)
    if category != DataCategory.IDENTITY:
        text = as_json([left])
        for word in ("Zarquil", "Inventeria", "1998", "NP"):
            assert f'"{word}' not in text


WRONG = [
    ("prs_Birthdate", "yesterday"),
    ("prs_Birthdate", "2031-01-01"),
    ("prs_Gender", "purple"),
    ("prs_PrimaryLanguage", "xxq"),
    ("prs_Citizenship", "Atlantis"),
    ("con_Consent", "perhaps"),
    ("cas_Status", "Sleeping"),
    ("cas_ReasonForOutgoingReferral", "Whim"),
    ("cas_OutgoingReferralDate", "soon"),
    ("cas_OutgoingReferralDetails", "cairn: need=gold"),
    ("cas_OutgoingReferralDetails", "cairn: urgency=urgent colour=red"),
    ("cas_OutgoingReferralDetails", "cairn: return=counselled country=XX"),
    ("cas_IncomingReferralDetails", "cairn: need=gold"),
    ("cco_CaseComment", "cairn: need.gold=urgent"),
    ("cco_CaseComment", "cairn: need.health=someday"),
    ("cco_CaseComment", "cairn: displacement=lost"),
    ("cco_CaseComment", "cairn: basis=whim"),
    ("cco_CaseComment", "cairn: born=2031"),
    ("spl_Type", "Magic"),
    ("spl_ActionPlan", "cairn: service=magic"),
    ("spl_ActionPlan", "cairn: service=health from=soon"),
    ("spl_ActionPlan", "cairn: goal=work state=lost"),
    ("spl_PlannedEndDate", "2026-13-01"),
    ("spl_Objectives", "x" * 4_001),
    ("prs_FirstName", "x" * 201),
]


@pytest.mark.parametrize(("field", "text"), WRONG)
def test_each_fault_is_told_by_row_field_reason_and_remedy(field: str, text: str) -> None:
    row = {REFERENCE: "B", "spl_Type": "Legal", "con_Consent": "yes"} | {field: text}
    found = table({REFERENCE: "A", "prs_Gender": "Feminine"}, row)
    assert not found.stands
    assert [(each.row, each.field) for each in found.problems] == [(3, field)]
    assert found.problems[0].message
    assert found.problems[0].remedy


@pytest.mark.parametrize("field", ["prs_FirstName", "prs_SecondName", "prs_Birthdate"])
def test_who_a_person_is_comes_in_only_where_the_person_agrees(field: str) -> None:
    text = "1998-04-03" if field == "prs_Birthdate" else "Zarquil"
    found = table({REFERENCE: "A", field: text})
    assert [each.field for each in found.problems] == [field]
    assert table({REFERENCE: "A", field: text, "con_Consent": "yes"}).stands


def test_a_further_row_does_not_say_another_thing_of_the_person() -> None:
    found = table(
        {REFERENCE: "A", "prs_Gender": "Feminine", "spl_Type": "Legal"},
        {REFERENCE: "A", "prs_Gender": "Masculine", "spl_Type": "Health"},
    )
    assert [(each.row, each.field) for each in found.problems] == [(3, "prs_Gender")]


def test_a_partners_file_is_read_with_its_own_spellings_and_free_words() -> None:
    found = table(
        {
            "person/prs_First_Name": "Zarquil",
            "prs_sex": "Female",
            "con_consent": "Yes",
            "cas_outgoing_referral_details": "She asked for a lawyer.",
            "spl_Type": "Legal",
            "spl_ActionPlan": "Papers by March",
            "cco_CaseComment": "Met at the market",
            "prs_MailingStreet": "Left out",
        }
    )
    assert found.stands
    (record,) = found.records
    assert (record.given, record.sex, record.basis) == ("Zarquil", "female", "consent")
    assert record.sent == (Sent(words="She asked for a lawyer."),)
    assert record.goals == (GoalLine("law", steps="Papers by March"),)
    assert record.words == "Met at the market"
    assert any("prs_MailingStreet" in note for note in found.notes)


@pytest.mark.parametrize(
    ("born", "age"),
    [("2008-11-22", "adult"), ("2008-11-23", "child"), ("", "")],
)
def test_a_day_of_birth_says_who_is_a_child(born: str, age: str) -> None:
    found = table({REFERENCE: "A", "prs_Birthdate": born, "con_Consent": "yes", "spl_Type": ""})
    assert found.records[0].age_band == age


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"colour": "blue"}], "file.columns"),
        ([{"prs_Gender": "Feminine", "prs_gender": "Masculine"}], "file.twice"),
        ([{"prs_Gender": "Feminine"}] * 101, "file.persons"),
    ],
)
def test_what_is_no_file_of_persons_is_refused_whole(rows: list[dict[str, str]], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        table(*rows)
    assert refusal.value.code == code


def test_the_file_is_of_the_standard() -> None:
    made = json.loads(as_json([WHOLE]))
    assert made["standard"] == "Human Trafficking Case Data Standard"
    first = made["records"][0]
    assert first["prs_Gender"] == "Feminine"
    assert first["con_Consent"] == "true"
    assert first["cas_Status"] == "Active"
