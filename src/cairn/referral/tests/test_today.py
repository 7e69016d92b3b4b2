"""What needs somebody now: each group, for whom, late or not, and constant queries."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import member, organisation, user_with_role
from cairn.core.actor import Actor
from cairn.referral.actions.protocols import draft_protocol, sign_protocol
from cairn.referral.actions.referrals import prepare
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.models import (
    Conflict,
    Consent,
    FollowUp,
    Matter,
    MonitoringVisit,
    Pair,
    Person,
    Plan,
    Referral,
    ReturnPlan,
    RiskAssessment,
    SafetyPlan,
    Service,
    ServiceEpisode,
)
from cairn.referral.queries import today as queries
from cairn.referral.queries.today_care import caseload
from cairn.referral.queries.today_lines import SHOWN, Group
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.plans import MatterKind, MatterState, PlanState
from cairn.referral.rules.referrals import State
from cairn.referral.rules.returns import ReturnState
from cairn.referral.tests.consent_factories import answered, asked, guardian_of
from cairn.referral.tests.factories import NAME, actor_of, person
from cairn.referral.tests.protocols_made import both, other, terms
from cairn.referral.tests.referrals_made import HEALTH, Sides, referred, say, sides, wanted

pytestmark = pytest.mark.django_db
PAGE = "/today/"


@pytest.fixture
def at() -> Sides:
    """Both sides; how the service stands was said a moment ago."""
    made = sides()
    Service.objects.update(capacity="open", capacity_at=timezone.now())
    made.service.refresh_from_db()
    return made


@pytest.fixture
def supervisor() -> Actor:
    return actor_of(user_with_role("case-supervisor", name="chief"))


def as_user(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def groups(actor: Actor) -> dict[str, Group]:
    return {group.key: group for group in queries.today(actor)}


def _row(of: Person, model: type[Any], letters: str, **fields: Any) -> Any:
    number = model.objects.filter(person=of).count() + 1
    row = model(
        person=of,
        data_key=of.data_key,
        number=number,
        code=f"{of.code.lower()}.{letters}{number}",
        recorded_at=timezone.now(),
        **fields,
    )
    row.save()
    return row


def _in(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def _danger(of: Person) -> None:
    _row(of, RiskAssessment, "r", level="high", assessed_on=_in(-30), review_on=_in(-1))


def _blocked(of: Person) -> ReturnPlan:
    plan: ReturnPlan | None = ReturnPlan.objects.filter(person=of).first()
    return plan or _row(of, ReturnPlan, "z", state=ReturnState.BLOCKED)


def _asked_later(of: Person) -> None:
    episode = _row(
        of,
        ServiceEpisode,
        "e",
        service_type="livelihood",
        provider=of.organisation,
        starts_on=_in(-90),
    )
    _row(of, FollowUp, "f", episode=episode, months=3, due_on=_in(2))


def _consent(of: Person) -> None:
    made = answered(actor_of(User.objects.get(pk=of.caseworker or "")), of)
    Consent.objects.filter(pk=made.pk).update(expires_on=_in(3))


def _guardian(of: Person) -> None:
    """A child, by whom somebody stands for three days more."""
    Person.objects.filter(pk=of.pk).update(age_band=AgeBand.CHILD)
    guardian_of(of, ends_on=_in(-5))
    guardian_of(of, ends_on=_in(3))


def _safety(of: Person) -> None:
    _row(of, SafetyPlan, "s", review_on=_in(-20), steps="Invented")
    _row(of, SafetyPlan, "s", review_on=_in(1), steps="Invented")


# Of a person in one's own caseload: what it takes to be told of each.
OF_PERSON: Mapping[str, Callable[[Person], object]] = {
    "conflicts": lambda of: _row(of, Conflict, "x", field="age_band"),
    "dangers": _danger,
    "returns": _blocked,
    "follow-ups": _asked_later,
    "visits": lambda of: _row(
        of, MonitoringVisit, "v", plan=_blocked(of), months=3, due_on=_in(-2)
    ),
    "consents": _consent,
    "guardians": _guardian,
    "safety": _safety,
    "claims": lambda of: _row(
        of,
        Matter,
        "m",
        kind=MatterKind.COMPENSATION,
        state=MatterState.RAISED,
        due_on=_in(-3),
        acts="Invented",
    ),
    "unanswered-consents": lambda of: asked(
        actor_of(User.objects.get(pk=of.caseworker or "")), of, purpose=Purpose.LEGAL_AID
    ),
    "plans": lambda of: _row(
        of, Plan, "p", state=PlanState.ACTIVE, agreed_on=_in(-9), review_on=_in(0)
    ),
}
LATE = {"dangers", "visits", "claims"}


@pytest.mark.parametrize("key", OF_PERSON)
def test_what_is_due_for_a_person_is_told_to_the_caseworker_and_the_supervisor(
    key: str, supervisor: Actor
) -> None:
    mine = actor_of(user_with_role("service-provider", name="mine"))
    colleague = actor_of(user_with_role("service-provider", name="colleague"))
    made = person(mine)
    OF_PERSON[key](made)
    for actor in (mine, supervisor):
        line = groups(actor)[key].lines[0]
        assert line.code == made.code
        assert line.is_late is (key in LATE)
        assert as_user(actor).get(line.href).status_code == 200
    assert key not in groups(colleague)


def test_what_is_due_on_a_day_is_late_on_the_home_when_the_day_is_over() -> None:
    worker = actor_of(user_with_role("service-provider", name="day"))
    OF_PERSON["plans"](person(worker))
    (clock,) = [each.clock for each in queries.waiting(worker) if each.is_due]
    assert clock is not None
    assert timezone.localtime(clock).replace(tzinfo=None) == datetime.combine(
        _in(0), time(23, 59, 59)
    )


def test_what_is_settled_or_far_off_is_not_told(supervisor: Actor) -> None:
    mine = actor_of(user_with_role("service-provider", name="mine"))
    made = person(mine)
    _danger(made)
    _row(made, RiskAssessment, "r", level="low", assessed_on=_in(0), review_on=_in(60))
    _row(made, Conflict, "x", field="age_band", resolved_at=timezone.now())
    _row(made, Plan, "p", state=PlanState.COMPLETED, agreed_on=_in(-9), review_on=_in(-5))
    assert groups(mine) == groups(supervisor) == {}
    Person.objects.filter(pk=made.pk).update(closed_on=_in(0))
    _danger(made)
    assert groups(mine) == groups(supervisor) == {}


def test_what_was_followed_ended_or_answered_waits_for_nobody() -> None:
    mine = actor_of(user_with_role("service-provider", name="mine"))
    made, grown = person(mine), person(mine)
    _guardian(made)
    guardian_of(made)
    guardian_of(grown, ends_on=_in(1))
    _row(made, SafetyPlan, "s", review_on=_in(-1), steps="Invented")
    _row(made, SafetyPlan, "s", steps="Invented")
    for state in (MatterState.REMEDIED, MatterState.DROPPED):
        over = {"kind": MatterKind.COMPENSATION, "acts": "Invented", "due_on": _in(-1)}
        _row(made, Matter, "m", state=state, **over)
    answered(mine, grown)
    assert groups(mine) == {}


def _changed(**changes: Any) -> Callable[[Sides, Referral], object]:
    return lambda at, row: Referral.objects.filter(pk=row.pk).update(**changes)


# Whose it is, and what brings a referral there.
OF_REFERRAL: Mapping[str, tuple[str, Callable[[Sides, Referral], object]]] = {
    "answer": ("focal", lambda at, row: None),
    "questions": ("worker", lambda at, row: say(at, row, Verb.ASK, note="Invented question?")),
    "elsewhere": ("worker", lambda at, row: _changed(alternate=at.service)(at, row)),
    "unanswered": ("worker", lambda at, row: say(at, row, Verb.DECLINE, reason="full")),
    "begin": ("focal", lambda at, row: say(at, row, Verb.ACCEPT)),
    "outcomes": ("worker", _changed(state=State.FEEDBACK_RETURNED)),
    "drafts": ("worker", _changed(state=State.DRAFT, sent_at=None)),
}


@pytest.mark.parametrize("key", OF_REFERRAL)
def test_a_referral_is_told_to_the_side_that_moves_it(key: str, at: Sides) -> None:
    whose, bring = OF_REFERRAL[key]
    made = referred(at)
    bring(at, made)
    mine, others = (at.worker, at.focal) if whose == "worker" else (at.focal, at.worker)
    assert [line.code for line in groups(mine)[key].lines] == [made.code]
    assert key not in groups(others)
    assert as_user(mine).get(groups(mine)[key].lines[0].href).status_code == 200
    assert made.code in as_user(mine).get(groups(mine)[key].href).content.decode()


def test_a_declined_referral_that_was_sent_again_waits_for_nothing(at: Sides) -> None:
    say(at, referred(at), Verb.DECLINE, reason="full")
    assert "unanswered" in groups(at.worker)
    prepare(at.worker, at.person.code, at.service.code, wanted())
    assert "unanswered" not in groups(at.worker)


def test_what_is_late_stands_on_top_with_its_clock(at: Sides) -> None:
    now = timezone.now()
    first, second = referred(at), referred(at, urgency="routine")
    # A reminder moved the clock of the one that is late.
    _changed(ack_by=now - timedelta(hours=2), next_at=now + timedelta(days=1))(at, second)
    _changed(ack_by=now + timedelta(hours=2), next_at=now + timedelta(hours=2))(at, first)
    lines = groups(at.focal)["answer"].lines
    assert [(line.code, line.is_late) for line in lines] == [
        (second.code, True),
        (first.code, False),
    ]
    [told] = queries.waiting(at.focal)
    assert told.count == 2


def test_an_emergency_stands_before_what_is_late_and_that_before_all_else(
    at: Sides, supervisor: Actor
) -> None:
    """Also where the first seven groups are all that a home shows."""
    for make in OF_PERSON.values():
        make(at.person)
    say(at, referred(at), Verb.ASK, note="Invented question?")
    found = list(groups(supervisor))
    late = {key for key, group in groups(supervisor).items() if group.has_late}
    assert set(found[: len(late)]) == late == LATE
    assert found.index("questions") == len(late)
    alive = referred(at, urgency="emergency", emergency_reason="Invented danger")
    say(at, alive, Verb.DECLINE, reason="full")
    assert next(iter(groups(supervisor))) == "unanswered"
    home = as_user(supervisor).get("/home/").content.decode()
    assert home.index("never answered") < home.index("Dangers to assess again")
    assert f'href="{PAGE}"' in home
    editor = as_user(actor_of(user_with_role("directory-editor")))
    assert f'href="{PAGE}"' not in editor.get("/home/").content.decode()


def test_records_of_nobody_and_pairs_wait_for_the_supervisor(supervisor: Actor) -> None:
    mine = actor_of(user_with_role("service-provider", name="mine"))
    nobodys, other = person(mine, is_mine=False), person(mine)
    first, second = sorted((nobodys, other), key=lambda each: each.pk)
    Pair.objects.create(
        organisation=nobodys.organisation,
        first=first,
        second=second,
        score=20,
        found_at=timezone.now(),
    )
    found = groups(supervisor)
    assert list(found) == ["nobodys", "pairs"]
    assert [line.code for line in found["nobodys"].lines] == [nobodys.code]
    assert set(groups(mine)) == {"pairs"}


def test_who_supervises_one_place_has_only_the_own_records_of_another(supervisor: Actor) -> None:
    there = user_with_role("service-provider", name="there", at=other())
    chief = User.objects.get(pk=supervisor.user_id or "")
    member(chief, "service-provider", at=other())
    both_places = actor_of(chief)
    mine = actor_of(user_with_role("service-provider", name="mine"))
    here = person(mine)
    nobodys = person(mine, is_mine=False)
    own = person(both_places, organisation=other())
    _not_mine = person(actor_of(there), organisation=other())
    _not_supervised = person(actor_of(there), is_mine=False, organisation=other())
    assert set(caseload(both_places)) == {here, nobodys, own}
    assert set(caseload(mine)) == {here}
    for each in (here, own, _not_mine):
        _danger(each)
    found = groups(both_places)
    assert {line.code for line in found["dangers"].lines} == {here.code, own.code}
    assert [line.code for line in found["nobodys"].lines] == [nobodys.code]


def test_protocols_wait_for_whoever_may_sign_and_stand_on_their_home() -> None:
    own, partner = both()
    today = timezone.localdate()
    made = draft_protocol(own, organisation(), terms(ends_on=today + timedelta(days=20)))
    for actor in (own, partner):
        line = groups(actor)["to-sign"].lines[0]
        assert (line.code, line.is_since) == (made.code, True)
        assert as_user(actor).get(line.href).status_code == 200
        assert line.code in as_user(actor).get(groups(actor)["to-sign"].href).content.decode()
        assert "Protocols that wait" in as_user(actor).get("/home/").content.decode()
    sign_protocol(own, made.code, organisation().pk)
    sign_protocol(partner, made.code, other().pk)
    for actor in (own, partner):
        found = groups(actor)
        assert "to-sign" not in found
        assert [(line.code, line.due) for line in found["ending"].lines] == [
            (made.code, made.ends_on)
        ]
    worker = actor_of(user_with_role("service-provider", name="unsigning"))
    assert not {"to-sign", "ending"} & set(groups(worker))


def test_a_service_that_nobody_spoke_of_waits_for_whoever_edits_it(at: Sides) -> None:
    assert "services" not in groups(at.focal)
    long_ago = timezone.now() - timedelta(days=15)
    Service.objects.update(capacity_at=long_ago)
    line = groups(at.focal)["services"].lines[0]
    assert (line.code, line.due, line.is_late) == (at.service.code, long_ago, False)
    assert as_user(at.focal).get(line.href).status_code == 200
    assert "Services of yours" in as_user(at.focal).get("/home/").content.decode()
    assert "services" not in groups(at.worker)


def test_the_page_asks_as_much_for_many_as_for_few(at: Sides, supervisor: Actor) -> None:
    everybody = (at.worker, at.focal, supervisor)
    counts: list[list[int]] = []
    for more in (1, 6):
        for _number in range(more):
            referred(at)
            made = person(at.worker)
            for make in OF_PERSON.values():
                make(made)
        counts.append([_asked(each) for each in everybody])
    # One more for each group that counts further than it shows.
    limits = [len(groups(each)) for each in everybody]
    for few, many, limit in zip(*counts, limits, strict=True):
        assert few <= many <= few + limit
    found = groups(at.worker)
    assert found["dangers"].count == 7
    assert len(found["dangers"].lines) == SHOWN


def _asked(actor: Actor) -> int:
    """How many queries one page takes."""
    client = as_user(actor)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    return len(asked)


def test_nothing_that_waits_is_said_so_and_nothing_sealed_shows(at: Sides) -> None:
    page = as_user(at.focal).get(PAGE).content.decode()
    assert "Nothing needs you now" in page
    referred(at)
    OF_PERSON["dangers"](at.person)
    for actor in (at.focal, at.worker):
        page = as_user(actor).get(PAGE).content.decode()
        assert "What needs you now" in page
        assert NAME not in page
        assert HEALTH not in page


def test_only_who_works_with_persons_or_referrals_has_the_page() -> None:
    editor = as_user(actor_of(user_with_role("directory-editor")))
    assert editor.get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert reverse("referral:today") == PAGE
