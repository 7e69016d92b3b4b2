"""What follows a decision, through the actions and pages: what is written, refused and shown."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions.care import (
    Guardian,
    appoint_guardian,
    assess_best_interests,
    plan_interview,
    settle_interview,
)
from cairn.identification.actions.duty import check_token, issue_token, revoke_token
from cairn.identification.actions.procedures import (
    decide_procedure,
    note_age,
    open_everything,
)
from cairn.identification.actions.profiles import set_country_profile
from cairn.identification.actions.rights import ask_review, step_reflection, tell_decision
from cairn.identification.models import Procedure, RightsGrant
from cairn.identification.queries import procedures as procedure_queries
from cairn.identification.queries import rights as queries
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules.care import BestOutcome, InterviewState, Question
from cairn.identification.rules.procedures import AgeStatus, Stage, Standard, State
from cairn.identification.rules.profiles import AuthorityKind, Profile, Right
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.telling import AskedBy, Interpreter, Telling, ToldHow, ToldTo
from cairn.identification.tests.factories import (
    REASON,
    REASONS,
    actor_of,
    authority,
    decide,
    procedure,
)
from cairn.oversight.rules import Purpose

pytestmark = pytest.mark.django_db
GUARDIAN, VIEW = "Quendolyrian Guardianess", "Yintharaxic view of a child"
GROUNDS = (State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
LAW = Profile(
    country="NPL",
    source="Invented Act",
    opens={Stage.REASONABLE_GROUNDS: {Right.LEGAL_AID: 90}},
    ends={State.CONCLUSIVE_NEGATIVE: frozenset({Right.NO_REMOVAL, Right.LEGAL_AID})},
    review_days=20,
)


def law(profile: Profile = LAW, *, by: str = "") -> None:
    set_country_profile(actor_of(user_with_role("administrator", name=by)), profile)


def told(on: date | None = None) -> Telling:
    return Telling(on or timezone.localdate(), ToldTo.PERSON, ToldHow.BOTH, "ne")


def held(made: Procedure, ahead: int = 0) -> set[Right]:
    day = timezone.localdate() + timedelta(days=ahead)
    return {line.right for line in queries.rights_of(made, day) if line.holds}


FLOOR = {Right.ASSISTANCE, Right.NO_REMOVAL, Right.REFLECTION}


def test_from_reasonable_grounds_to_a_refusal_that_a_colleague_upholds() -> None:
    law()
    first, second = authority(), authority("second")
    made = procedure(first)
    decide(first, made, *GROUNDS)
    assert held(made) == held(made, 80) == FLOOR | {Right.LEGAL_AID}
    assert Right.LEGAL_AID not in held(made, 91)
    decide(first, made, State.CONCLUSIVE_NEGATIVE)
    assert held(made, 80) == FLOOR | {Right.LEGAL_AID}
    tell_decision(first, made.code, 3, told())
    assert held(made, 20) == FLOOR | {Right.LEGAL_AID}
    assert held(made, 21) == {Right.ASSISTANCE, Right.REFLECTION}
    with pytest.raises(RuleBroken) as refusal:
        tell_decision(first, made.code, 3, told())
    assert refusal.value.code == "telling.twice"
    review = ask_review(
        first, made.code, asked_on=timezone.localdate(), asked_by=AskedBy.PERSON, reasons=REASONS
    )
    assert review.review_of is not None
    assert review.review_of.number == 3
    assert held(made, 80) == FLOOR | {Right.LEGAL_AID}
    assert Right.LEGAL_AID not in held(made, 91)
    with pytest.raises(RuleBroken) as refusal:
        decide(first, made, State.UPHELD)
    assert refusal.value.code == "review.same-person"
    with pytest.raises(RuleBroken) as refusal:
        decide(second, made, State.CONCLUSIVE_NEGATIVE)
    assert refusal.value.code == "decision.move"
    upheld = decide_by_balance(second, made, State.UPHELD)
    assert held(made, 80) == FLOOR | {Right.LEGAL_AID}
    tell_decision(second, made.code, upheld.number, told())
    assert held(made, 1) == {Right.ASSISTANCE, Right.REFLECTION}
    assert procedure_queries.state_of(made) == State.UPHELD
    kinds = list(RightsGrant.objects.order_by("number").values_list("change", flat=True))
    assert kinds == ["opened"] * 4 + ["ended"] * 2 + ["extended"] * 2 + ["ended"] * 2


def decide_by_balance(actor: Any, made: Procedure, outcome: State) -> Any:
    return decide_procedure(
        actor,
        made.code,
        outcome,
        standard=Standard.BALANCE,
        authority="Act 7",
        reasons=REASONS,
    )


def test_overturned_the_person_is_a_presumed_victim_again() -> None:
    law(Profile(country="NPL", source="Invented Act"))
    first, second = authority(), authority("second")
    made = procedure(first)
    decide(first, made, State.UNDER_ASSESSMENT, State.NO_REASONABLE_GROUNDS)
    assert held(made) == set()
    ask_review(
        first, made.code, asked_on=timezone.localdate(), asked_by=AskedBy.PERSON, reasons=REASONS
    )
    decide(second, made, State.OVERTURNED)
    assert held(made, 400) == FLOOR


def test_the_kind_of_authority_and_the_rows_stay_as_the_law_and_the_act_made_them() -> None:
    law(Profile(country="NPL", source="Invented Act", deciders=frozenset({AuthorityKind.PANEL})))
    actor = authority()
    made = procedure(actor)
    decide(actor, made, State.UNDER_ASSESSMENT)
    with pytest.raises(RuleBroken) as refusal:
        decide(actor, made, State.REASONABLE_GROUNDS)
    assert refusal.value.code == "decision.authority-kind"
    made.authority_kind = AuthorityKind.PANEL
    made.save(update_fields=["authority_kind"])
    decide(actor, made, State.REASONABLE_GROUNDS)
    # A profile of today changes nothing that was opened yesterday.
    law(Profile(country="NPL", source="Another invented Act", reflection_days=90), by="next")
    assert held(made) == FLOOR
    assert profile_of("NPL").reflection_days == 90
    grant = RightsGrant.objects.first()
    assert grant is not None
    for attempt in (grant.save, grant.delete, lambda: RightsGrant.objects.all().delete()):
        with pytest.raises(TypeError):
            attempt()


def test_the_time_for_reflection_bars_removal_and_ends_without_ending_more() -> None:
    actor = authority()
    made, today = procedure(actor), timezone.localdate()
    with pytest.raises(RuleBroken) as refusal:
        step_reflection(actor, made.code, Reflection.OFFERED, on=today)
    assert refusal.value.code == "reflection.step"
    decide(actor, made, *GROUNDS)
    step_reflection(actor, made.code, Reflection.OFFERED, on=today)
    begun = step_reflection(actor, made.code, Reflection.RUNNING, on=today)
    assert begun.until == today + timedelta(days=29)
    longer = today + timedelta(days=59)
    step_reflection(actor, made.code, Reflection.EXTENDED, on=today, until=longer)
    assert Right.REFLECTION in held(made, 59)
    assert Right.REFLECTION not in held(made, 60)
    step_reflection(actor, made.code, Reflection.LEFT, on=today)
    assert held(made, 1) == {Right.ASSISTANCE, Right.NO_REMOVAL}
    assert procedure_queries.state_of(made) == State.REASONABLE_GROUNDS


def test_a_child_is_not_interviewed_before_guardian_and_best_interests_and_texts_are_sealed() -> (
    None
):
    actor = authority()
    made, today = procedure(actor), timezone.localdate()
    note_age(actor, made.code, AgeStatus.DISPUTED)
    entries = AuditEntry.objects.count()
    note_age(actor, made.code, "age-disputed")
    assert AuditEntry.objects.count() == entries

    def plan() -> Any:
        return plan_interview(
            actor,
            made.code,
            planned_on=today,
            language="ne",
            interpreter=Interpreter.UNCHECKED,
        )

    with pytest.raises(RuleBroken) as refusal:
        plan()
    assert refusal.value.code == "interview.guardian"
    appoint_guardian(actor, made.code, Guardian(GUARDIAN, "", "Invented court", today))
    with pytest.raises(RuleBroken) as refusal:
        plan()
    assert refusal.value.code == "interview.best-interests"
    assess_best_interests(
        actor,
        made.code,
        question=Question.INTERVIEW,
        outcome=BestOutcome.SAFEGUARDS,
        assessed_on=today,
        view=VIEW,
    )
    number = plan().number

    def hold(interpreter: Interpreter) -> Any:
        return settle_interview(
            actor, made.code, number, InterviewState.HELD, on=today, interpreter=interpreter
        )

    with pytest.raises(RuleBroken) as refusal:
        hold(Interpreter.UNCHECKED)
    assert refusal.value.code == "interview.interpreter"
    assert hold(Interpreter.CHECKED).held_on == today
    opened = open_everything(actor, made.code, Purpose.IDENTIFICATION, REASON)
    assert opened.guardians[0].values["name"] == GUARDIAN
    assert opened.views[0].values["view"] == VIEW
    kept = str(list(AuditEntry.objects.values())).encode()
    with connection.cursor() as cursor:
        for statement in (
            "SELECT * FROM identification_guardianship",
            "SELECT * FROM identification_bestinterests",
        ):
            cursor.execute(statement)
            for row in cursor.fetchall():
                kept += b"".join(
                    bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
                    for each in row
                )
    for text in (GUARDIAN, VIEW):
        assert text.encode() not in kept


def test_a_token_answers_yes_or_no_and_the_log_says_neither_about_whom_nor_what() -> None:
    actor, officer = authority(), actor_of(user_with_role("front-line-officer"))
    made = procedure(actor)
    old = issue_token(actor, made.code)
    assert not check_token(officer, old)
    decide(actor, made, *GROUNDS)
    assert check_token(officer, old)
    new = issue_token(actor, made.code)
    assert not check_token(officer, old)
    assert check_token(officer, new.lower())
    asked = AuditEntry.objects.filter(code="duty.checked")
    assert asked.count() == 4
    assert {(each.subject_id, each.subject_type) for each in asked} == {("", "")}
    assert not any(each.facts for each in asked)
    assert new not in str(list(AuditEntry.objects.values()))
    revoke_token(actor, made.code)
    assert not check_token(officer, new)
    with pytest.raises(RuleBroken) as refusal:
        check_token(officer, new[:-1])
    assert refusal.value.code == "duty.typing"


def signed_in(role: str, name: str = "", **place: Any) -> Client:
    client = Client()
    client.force_login(user_with_role(role, name=name, **place))
    return client


@pytest.mark.parametrize("language", ["en", "ar"])
def test_both_answers_of_the_duty_check_have_the_same_form_and_size(language: str) -> None:
    actor = authority()
    barred, free = procedure(actor), procedure(actor)
    decide(actor, barred, *GROUNDS)
    tokens = [issue_token(actor, each.code) for each in (barred, free)]
    officer = signed_in("front-line-officer")
    officer.cookies["django_language"] = language
    pages = [officer.post("/duty/", {"token": token}) for token in tokens]
    assert pages[0].content != pages[1].content
    assert len(pages[0].content) == len(pages[1].content)
    assert pages[0]["Cache-Control"] == pages[1]["Cache-Control"]
    for page, token in zip(pages, tokens, strict=True):
        assert token not in page.content.decode()
    assert officer.post("/duty/", {"token": "222-222"}).status_code == 409
    assert signed_in("service-provider").get("/duty/").status_code == 403


def test_the_page_shows_rights_and_days_and_strangers_find_none_of_its_addresses() -> None:
    law()
    officer = signed_in("identification-authority")
    actor = actor_of(user_with_role("identification-authority", name="other"))
    made, today = procedure(actor), timezone.localdate().isoformat()
    note_age(actor, made.code, AgeStatus.CHILD)
    decide(actor, made, *GROUNDS)
    typed: dict[str, dict[str, str]] = {
        "decisions/2/told/": {
            "told_on": today,
            "told_to": "guardian",
            "how": "both",
            "language": "ne",
            "interpreter": "none",
            "acknowledged": "yes",
        },
        "reflection/": {"step": "offered", "happened_on": today},
        "age/": {"age_status": "age-disputed"},
        "guardians/new/": {"name": GUARDIAN, "appointed_by": "Court", "starts_on": today},
        "guardians/1/end/": {"ends_on": today},
        "best-interests/new/": {
            "question": "interview",
            "outcome": "yes",
            "assessed_on": today,
        },
        "interviews/new/": {"planned_on": today, "language": "ne", "interpreter": "none"},
        "interviews/1/": {"state": "cancelled", "happened_on": today, "interpreter": "none"},
    }
    stranger = signed_in("identification-authority", "elsewhere", at=organisation("Other"))
    for rest, given in typed.items():
        address = f"/procedures/{made.code}/{rest}"
        assert stranger.post(address, given).status_code == 404, rest
        assert officer.get(address).status_code == 200, rest
        answer = officer.post(address, given)
        assert answer["Location"] == f"/procedures/{made.code}/", rest
    text = officer.get(f"/procedures/{made.code}/").content.decode()
    assert GUARDIAN not in text
    for words in ("Legal aid", "Days to watch", "Offered", "The rules for children hold."):
        assert words in text
    slip = officer.post(f"/procedures/{made.code}/token/").content.decode()
    token = queries.live_token(made)
    assert token is not None
    assert token.mark not in slip
    assert officer.post(f"/procedures/{made.code}/token/end/").status_code == 302
    assert queries.live_token(made) is None
    form = officer.get(f"/procedures/{made.code}/decide/").content.decode()
    assert "Ends by law, once the person was told" in form
    review = {"asked_on": today, "asked_by": "person", "reasons": REASONS}
    assert officer.post(f"/procedures/{made.code}/review/", review).status_code == 409
