"""How printed records read as records of training. Without a database."""

import pytest

from cairn.training.rules import printed
from cairn.training.rules.choices import EventKind, OutcomeKind, Profession, Sex
from cairn.training.rules.printed import Heads

E, P = EventKind, Profession


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("training of trainers workshop", E.TOT),
        ("joint simulation-based training", E.SIMULATION),
        ("induction training by trained trainers", E.INDUCTION),
        ("regional workshop (pilot)", E.PILOT),
        ("multistakeholder training sessions", E.DIRECT),
        ("specialized workshops", E.DIRECT),
        ("expert group meeting", E.MEETING),
        ("something else", E.DIRECT),
    ],
)
def test_the_kind_of_a_printed_event_is_read_from_its_words(words: str, kind: EventKind) -> None:
    assert printed.event_kind(words) == kind


def test_women_that_are_printed_leave_men_as_the_rest() -> None:
    assert printed.heads(160, 40, ["law enforcement officers", "border officials"]) == [
        Heads(40, Sex.FEMALE),
        Heads(120, Sex.MALE),
    ]
    assert printed.heads(3, 3, []) == [Heads(3, Sex.FEMALE)]


def test_numbers_of_groups_are_kept_only_when_they_add_up() -> None:
    groups = ["public prosecutors (200)", "judges (20)", "police officers (150)"]
    assert printed.heads(370, None, groups) == [
        Heads(200, profession=P.PROSECUTOR),
        Heads(20, profession=P.JUDGE),
        Heads(150, profession=P.POLICE),
    ]
    assert printed.heads(371, None, groups) == [Heads(371)]
    assert printed.heads(370, None, [*groups, "others"]) == [Heads(370)]


def test_one_group_alone_is_the_profession_of_all_and_nobody_is_no_row() -> None:
    assert printed.heads(100, None, ["prosecutors"]) == [Heads(100, profession=P.PROSECUTOR)]
    assert printed.heads(28, None, ["investigators", "prosecutors"]) == [Heads(28)]
    assert printed.heads(0, None, []) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (
            "potential trafficking cases supported by trained officers",
            OutcomeKind.IDENTIFICATION_SUPPORTED,
        ),
        ("victims identified and rescued", OutcomeKind.IDENTIFICATION_SUPPORTED),
        ("national action plan drafted and validated", OutcomeKind.PROCEDURE_CHANGED),
        ("judicial decisions", None),
        ("share of frontline investigators trained to international standards", None),
    ],
)
def test_only_what_trained_people_did_is_an_outcome_of_training(
    words: str, kind: OutcomeKind | None
) -> None:
    found = printed.outcome(words)
    assert (found.kind if found else None) == kind


def test_a_choice_and_a_task_are_told_apart() -> None:
    chosen = "trainees selected for the mobile training team"
    tasked = "pilot courses planned for the mobile training team"
    assert (printed.tells_choice(chosen), printed.tells_task(chosen)) == (True, False)
    assert (printed.tells_choice(tasked), printed.tells_task(tasked)) == (False, True)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("training of trainers workshop", True),
        ("induction training by trained trainers", True),
        ("specialized workshops", False),
    ],
)
def test_a_cascade_begins_where_trainers_were_or_are_trained(words: str, begins: bool) -> None:
    assert printed.taught_by_trained(words) is begins


def test_a_printed_body_is_found_by_its_longer_name_when_only_one_fits() -> None:
    known = ["Counter Trafficking Unit (CTU) of Jordan", "Armed Police Force of Nepal", "UNDP"]
    assert printed.same_body("counter trafficking unit", known) == known[0]
    assert printed.same_body("UNDP", known) == "UNDP"
    assert printed.same_body("Counter", [*known, "Counter Unit"]) is None
    assert printed.same_body("police officers", known) is None
