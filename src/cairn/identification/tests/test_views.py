"""Pages about identification: what they show, to whom, and what stays sealed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.identification.models import CountryProfile, Decision, Procedure
from cairn.identification.rules.procedures import State
from cairn.identification.tests.factories import (
    NAME,
    REASON,
    REASONS,
    SUMMARY,
    actor_of,
    authority,
    decide,
    procedure,
)
from cairn.oversight.models import Reading
from cairn.ui import states

pytestmark = pytest.mark.django_db
OPENING = {"purpose": "identification", "reason": REASON}
OPENED = {
    "outcome": "under-assessment",
    "ground": "new-report",
    "standard": "none",
    "authority": "Act 7",
    "reasons": REASONS,
}


@pytest.fixture
def user() -> User:
    return user_with_role("identification-authority")


@pytest.fixture
def officer(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def made(user: User) -> Procedure:
    return procedure(actor_of(user))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def holds_no_sealed_text(text: str) -> bool:
    return not any(part in text for part in (NAME, SUMMARY, REASONS))


def test_the_list_shows_codes_and_states_and_no_sealed_text(
    officer: Client, made: Procedure, user: User
) -> None:
    other = procedure(actor_of(user))
    decide(actor_of(user), other, State.UNDER_ASSESSMENT)

    def codes(**query: str) -> set[str]:
        cards = officer.get("/procedures/", query).context["cards"]
        return {card["procedure"].code for card in cards}

    assert codes() == {made.code, other.code}
    assert codes(state="detected") == {made.code}
    assert codes(state="under-assessment") == {other.code}
    assert codes(mine="1") == set()
    assert codes(state="no-such-state") == {made.code, other.code}
    assert holds_no_sealed_text(officer.get("/procedures/").content.decode())


def test_the_list_costs_the_same_queries_whatever_it_holds(
    officer: Client, made: Procedure, user: User
) -> None:
    officer.get("/procedures/")
    with CaptureQueriesContext(connection) as few:
        officer.get("/procedures/")
    for _ in range(30):
        decide(actor_of(user), procedure(actor_of(user)), State.UNDER_ASSESSMENT)
    with CaptureQueriesContext(connection) as many:
        officer.get("/procedures/")
    assert len(many) <= len(few) + 1


def test_the_page_stays_closed_until_it_is_opened_once(
    officer: Client, made: Procedure, user: User
) -> None:
    decide(actor_of(user), made, State.UNDER_ASSESSMENT)
    closed = officer.get(f"/procedures/{made.code}/").content.decode()
    assert holds_no_sealed_text(closed)
    assert "Under assessment" in closed
    page = officer.post(f"/procedures/{made.code}/open/", OPENING)
    text = page.content.decode()
    for part in (NAME, SUMMARY, REASONS, "Reasons of decision 1", "This opening was recorded"):
        assert part in text
    assert "no-store" in page["Cache-Control"]
    assert holds_no_sealed_text(officer.get(f"/procedures/{made.code}/").content.decode())
    assert Reading.objects.count() == 2


def test_without_a_reason_nothing_is_opened(officer: Client, made: Procedure) -> None:
    page = officer.post(f"/procedures/{made.code}/open/", {"purpose": "identification"})
    assert page.status_code == 422
    assert holds_no_sealed_text(page.content.decode())
    assert not Reading.objects.exists()


def test_a_procedure_is_entered_on_the_page(officer: Client) -> None:
    typed = {
        "organisation": str(organisation().pk),
        "country": "NPL",
        "opened_on": "2026-01-15",
        "age_status": "adult",
        "subject_name": NAME,
        "summary": SUMMARY,
    }
    assert "Name and summary are sealed" in officer.get("/procedures/new/").content.decode()
    answer = officer.post("/procedures/new/", typed)
    made = Procedure.objects.get()
    assert answer["Location"] == f"/procedures/{made.code}/"
    refused = officer.post("/procedures/new/", typed | {"opened_on": "2999-01-01"})
    assert refused.status_code == 409
    assert SUMMARY in refused.content.decode()


def test_the_form_of_a_decision_says_standard_and_consequences(
    officer: Client, made: Procedure
) -> None:
    text = officer.get(f"/procedures/{made.code}/decide/").content.decode()
    assert "The assessment begins, or begins again." in text
    assert "None: nothing is found about the person" in text
    assert "lapse of time decides nothing" in text
    assert "Conclusive: identified" not in text


def test_a_decision_is_recorded_and_an_impossible_one_keeps_what_was_typed(
    officer: Client, made: Procedure
) -> None:
    assert officer.post(f"/procedures/{made.code}/decide/", OPENED).status_code == 302
    assert Decision.objects.get().outcome == State.UNDER_ASSESSMENT
    wrong = OPENED | {"outcome": "reasonable-grounds", "standard": "none", "ground": "signs"}
    page = officer.post(f"/procedures/{made.code}/decide/", wrong)
    assert page.status_code == 409
    assert REASONS in page.content.decode()
    assert Decision.objects.count() == 1


def test_whoever_took_over_is_told_and_refused(officer: Client, made: Procedure) -> None:
    officer.post(f"/procedures/{made.code}/decide/", OPENED)
    assert officer.post(f"/procedures/{made.code}/investigate/").status_code == 302
    assert (
        "Somebody else decides" in officer.get(f"/procedures/{made.code}/decide/").content.decode()
    )
    typed = OPENED | {
        "outcome": "reasonable-grounds",
        "standard": "grounds",
        "ground": "signs",
    }
    page = officer.post(f"/procedures/{made.code}/decide/", typed)
    assert page.status_code == 409
    assert "somebody else decides it" in page.content.decode()
    second = signed_in(user_with_role("identification-authority", name="second"))
    assert second.post(f"/procedures/{made.code}/decide/", typed).status_code == 302


def test_for_strangers_no_address_of_a_procedure_exists(made: Procedure) -> None:
    strangers = [
        user_with_role("identification-authority", name="elsewhere", at=organisation("Other")),
        user_with_role("identification-authority", name="abroad", country="SEN"),
        user_with_role("service-provider"),
        user_with_role("data-protection-officer"),
        user_with_role("administrator"),
    ]
    for each in strangers:
        client = signed_in(each)
        for rest in ("", "open/", "investigate/", "decide/", "links/new/"):
            for send in (client.get, client.post):
                answer = send(f"/procedures/{made.code}/{rest}")
                assert answer.status_code in {404, 405}, (each.username, rest)
        assert made.code not in client.get("/procedures/").content.decode()
    assert not Decision.objects.exists()


def test_a_code_leads_to_its_procedure_and_tells_nothing_of_others(
    officer: Client, made: Procedure
) -> None:
    found = officer.get("/procedures/find/", {"code": made.code.lower()})
    assert found["Location"] == f"/procedures/{made.code}/"
    hidden = procedure(authority("elsewhere", at=organisation("Other")), at=organisation("Other"))
    text = officer.get("/procedures/find/", {"code": hidden.code}, follow=True).content.decode()
    assert "There is no procedure with this code for you to see." in text
    assert hidden.code not in text


def test_profiles_are_read_by_authorities_and_set_by_administrators(
    officer: Client, made: Procedure
) -> None:
    typed = {
        "country": "NPL",
        "source": "Act 7",
        "investigator_may_decide": "on",
        "deciders": ["panel", "social"],
        "opens_conclusive": ["residence"],
        "days_residence": "180",
        "ends_negative": ["no-removal"],
        "reflection_days": "45",
        "review_days": "20",
        "languages": ["ne"],
    }
    assert "No country has a profile" in officer.get("/country-profiles/").content.decode()
    assert officer.post("/country-profiles/set/", typed).status_code == 403
    administrator = signed_in(user_with_role("administrator"))
    assert administrator.post("/country-profiles/set/", typed).status_code == 302
    assert CountryProfile.objects.get().investigator_may_decide
    assert "Nepal" in officer.get("/country-profiles/").content.decode()
    law = officer.get("/country-profiles/NPL/").content.decode()
    assert "Residence permit (180 days)" in law
    assert "Time for recovery and reflection (45 days)" in law
    assert officer.get("/country-profiles/SEN/").status_code == 404
    # What stands is typed already, so that only what changed is typed.
    form = administrator.get("/country-profiles/set/?country=NPL").context["form"]
    assert form.initial["days_residence"] == 180
    refused = administrator.post("/country-profiles/set/", typed | {"reflection_days": "29"})
    assert refused.status_code == 409
    assert administrator.post("/country-profiles/set/", typed | {"source": " "}).status_code == 422
    other = signed_in(user_with_role("service-provider"))
    assert other.get("/country-profiles/").status_code == 403


def test_a_state_shows_what_it_asks_of_the_reader() -> None:
    tones = {state.value: states.tone_of(state.value) for state in State}
    assert tones["under-assessment"] == tones["deferred"] == states.Tone.WAITING
    # A finding is an end, whichever way it went: no colour says that one is good or bad.
    assert tones["conclusive-positive"] == tones["conclusive-negative"] == states.Tone.DONE
