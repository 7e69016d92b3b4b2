"""Pages of the desk: who sees them, what they never show, what they cost, and what they send."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import organisation, show, user_with_role
from cairn.core import clock
from cairn.identification.tests import factories as identification
from cairn.oversight.actions.alerts import decide_alert, raise_alert, tell
from cairn.oversight.actions.break_glass import break_glass, review_break_glass
from cairn.oversight.actions.desk import record_request, report_incident
from cairn.oversight.actions.erasures import ask_erasure, place_hold, refuse_erasure
from cairn.oversight.actions.exports import ask_export, decide_export
from cairn.oversight.actions.links import grant_link
from cairn.oversight.actions.readings import read
from cairn.oversight.models import (
    Alert,
    BreakGlass,
    Erasure,
    ExportRequest,
    Extension,
    Hold,
    Incident,
    Notice,
    Reading,
    SubjectRequest,
)
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.models.desk import IncidentKind, Severity, Wish
from cairn.oversight.rules import AlertState, LinkBasis, Purpose, ReviewState
from cairn.oversight.tests.factories import (
    NOTE,
    REASON,
    SEALED_TEXTS,
    client_of,
    entries,
    officer,
    persons,
    user_of,
)
from cairn.referral.models import Person
from cairn.referral.tests.factories import actor_of, person

pytestmark = pytest.mark.django_db
Response = Any
WHY = "Quorblestone was the reason for it."
LISTS = (
    "desk notices readings alerts glass-list exports requests incidents retention holds erasures "
    "links keys log"
).split()
# What everybody who works here may open, to see what is their own.
OWN = {"notices", "exports", "incidents", "erasures"}


@pytest.fixture
def desk_user() -> User:
    return user_with_role("data-protection-officer")


@pytest.fixture
def desk(desk_user: User) -> Client:
    return client_of(desk_user)


@pytest.fixture
def user() -> User:
    return user_with_role("service-provider")


@pytest.fixture
def worker(user: User) -> Client:
    return client_of(user)


@pytest.fixture
def outsider() -> User:
    return user_with_role("service-provider", name="outsider", at=organisation("Invented Other"))


def at(name: str, *args: object) -> str:
    return reverse(f"oversight:{name}", args=args)


def text_of(response: Response) -> str:
    return str(response.content.decode())


def tells_nothing(response: Response) -> bool:
    return not any(part in text_of(response) for part in (*SEALED_TEXTS, "Quorblestone"))


def fill(count: int, user: User, desk_user: User, outsider: User) -> None:
    """`count` rows on every list of the desk, of invented people's work."""
    worker, desk, apart = actor_of(user), actor_of(desk_user), actor_of(outsider)
    authority = identification.authority(f"authority-{count}")
    for number, made in enumerate(persons(worker, count)):
        read(worker, [made], ["name"], Purpose.SAFETY, WHY)
        break_glass(apart, "person", made.code, WHY)
        ask_export(worker, "person", organisation().pk, ["name"], WHY)
        ask_erasure(worker, "person", made.code, WHY)
        record_request(
            desk,
            Wish.ACCESS,
            received_on=clock.now().date(),
            who=WHY,
            safe_channel=WHY,
            statement=WHY,
        )
        report_incident(
            worker,
            IncidentKind.OTHER,
            Severity.LOW,
            aware_at=clock.now(),
            description=WHY,
        )
        raise_alert(AlertKind.MANY_PERSONS, window=f"{count}-{number}", actor_id=worker.user_id)
        held, linked = person(worker), identification.procedure(authority)
        place_hold(desk, "person", held.code, WHY, None)
        grant_link(
            worker,
            held,
            "procedure",
            linked.code,
            basis=LinkBasis.CONSENT,
            purpose="An invented purpose",
            scope=["name"],
            ends_on=None,
        )
    Person.objects.update(keep_until=timezone.localdate() - timedelta(days=1))


def cost(client: Client, name: str) -> int:
    """How many questions the database is asked for a page, which tells nothing that is sealed."""
    with CaptureQueriesContext(connection) as asked:
        page = client.get(at(name))
    assert page.status_code == 200, name
    assert tells_nothing(page), name
    assert "no-store" in page["Cache-Control"], name
    return len(asked)


@pytest.mark.once  # counts questions
def test_a_page_costs_the_same_queries_whatever_it_lists(
    desk: Client, desk_user: User, user: User, outsider: User
) -> None:
    fill(3, user, desk_user, outsider)
    cost(desk, "desk")
    few = {name: cost(desk, name) for name in LISTS}
    fill(27, user, desk_user, outsider)
    # One more: the count, where rows no longer fit on one page.
    dear = {name: many for name in LISTS if (many := cost(desk, name)) > few[name] + 1}
    assert dear == {}


@pytest.mark.parametrize("name", LISTS)
def test_who_does_not_watch_sees_what_is_their_own_at_most(
    name: str, worker: Client, desk_user: User, user: User, outsider: User
) -> None:
    fill(1, user, desk_user, outsider)
    page = worker.get(at(name))
    assert page.status_code == (200 if name in OWN else 403)
    assert tells_nothing(page)
    visitor = Client().get(at(name))
    assert visitor.status_code == 302
    assert visitor["Location"].startswith("/sign-in/")
    stranger = client_of(outsider).get(at(name))
    code = Person.objects.order_by("opened_on", "code").values_list("code", flat=True)
    assert not any(each in text_of(stranger) for each in code if name != "notices")


def opened_by(client: Client, address: str, words: str) -> None:
    """The sealed words are shown after a press of the button and not before, and it is noted."""
    before = len(entries("note.read"))
    assert words not in text_of(client.get(address))
    page = client.post(address)
    assert page.status_code == 200
    assert words in text_of(page)
    assert "no-store" in page["Cache-Control"]
    assert len(entries("note.read")) > before
    assert words not in text_of(client.get(address))


def test_sealed_words_of_the_desk_are_opened_by_a_button_and_noted(
    desk: Client, desk_user: User, user: User, outsider: User
) -> None:
    fill(1, user, desk_user, outsider)
    for name, model in (
        ("reading", Reading),
        ("glass", BreakGlass),
        ("export", ExportRequest),
        ("request", SubjectRequest),
        ("incident", Incident),
        ("erasure", Erasure),
    ):
        opened_by(desk, at(name, model.objects.get().pk), "Quorblestone")


def test_who_asked_or_reported_reads_their_own_words_and_a_stranger_finds_nothing(
    worker: Client, desk_user: User, user: User, outsider: User
) -> None:
    fill(1, user, desk_user, outsider)
    colleague = client_of(user_with_role("service-provider", name="colleague"))
    for name, model in (("export", ExportRequest), ("incident", Incident), ("erasure", Erasure)):
        address = at(name, model.objects.get().pk)
        opened_by(worker, address, "Quorblestone")
        for client in (colleague, client_of(outsider)):
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code == 404
                assert tells_nothing(answer)


def test_why_an_erasure_was_refused_is_read_by_who_asked(
    worker: Client, user: User, desk_user: User
) -> None:
    made = person(actor_of(user))
    asked = ask_erasure(actor_of(user), "person", made.code, REASON)
    refuse_erasure(actor_of(desk_user), asked.pk, NOTE)
    opened_by(worker, at("erasure", asked.pk), NOTE)


def test_why_an_access_was_judged_so_can_be_read_again(
    desk: Client, user: User, desk_user: User, outsider: User
) -> None:
    made = person(actor_of(user))
    access = break_glass(actor_of(outsider), "person", made.code, REASON)
    review_break_glass(actor_of(desk_user), access.pk, ReviewState.JUSTIFIED, NOTE)
    opened_by(desk, at("glass", access.pk), NOTE)


def test_forms_of_the_desk_do_what_they_say(
    desk: Client, desk_user: User, user: User, outsider: User
) -> None:
    fill(1, user, desk_user, outsider)
    alert, incident = Alert.objects.get(), Incident.objects.get()
    wish, access = SubjectRequest.objects.get(), BreakGlass.objects.get()
    free = person(actor_of(user))
    later = (timezone.localdate() + timedelta(days=400)).isoformat()
    Person.objects.filter(pk=free.pk).update(keep_until=timezone.localdate())
    soon = (timezone.localdate() + timedelta(days=30)).isoformat()
    sent: list[tuple[str, dict[str, str], int]] = [
        (at("alert-explain", alert.pk), {"note": "short"}, 422),
        (at("alert-explain", alert.pk), {"note": NOTE}, 302),
        (at("alert-explain", alert.pk), {"note": NOTE}, 409),
        (at("alert-escalate", alert.pk), {"note": NOTE, "severity": "low"}, 302),
        (at("incident-move", incident.pk), {"to": "closed", "note": NOTE}, 422),
        (at("incident-move", incident.pk), {"to": "assessed", "note": NOTE}, 302),
        (at("request-move", wish.pk), {"to": "identity-verified", "note": NOTE}, 302),
        (at("glass-review", access.pk), {"verdict": "waiting", "note": NOTE}, 422),
        (at("glass-review", access.pk), {"verdict": "justified", "note": NOTE}, 302),
        (at("glass-review", access.pk), {"verdict": "justified", "note": NOTE}, 409),
        (at("hold-new"), {"kind": "person", "code": "ZZZ-999", "reason": REASON}, 409),
        (at("hold-new"), {"kind": "person", "code": free.code, "reason": REASON}, 302),
        (at("keep-longer", "person", free.code), {"until": later, "reason": REASON}, 409),
        (at("keep-longer", "person", free.code), {"until": soon, "reason": REASON}, 302),
        (at("hold-lift", Hold.objects.get().pk), {}, 302),
        (at("notices-see"), {}, 302),
        (at("glass-end", access.pk), {}, 302),
    ]
    for address, fields, status in sent:
        page = desk.post(address, fields)
        assert page.status_code == status, (address, fields, text_of(page)[:2000])
        if status in {409, 422}:
            assert fields.get("note", "") in text_of(page), "what was typed stays"
    assert Extension.objects.count() == 1
    assert not Notice.objects.filter(user_id=desk_user.pk, seen_at=None).exists()


def test_requests_and_incidents_are_taken_down_through_their_pages(desk: Client) -> None:
    today = timezone.localdate().isoformat()
    given = {
        "wish": "access",
        "received_on": today,
        "who": WHY,
        "safe_channel": WHY,
        "statement": WHY,
    }
    page = desk.post(at("request-new"), given)
    assert page["Location"] == at("request", SubjectRequest.objects.get().pk)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = desk.post(at("request-new"), given | {"received_on": tomorrow})
    assert page.status_code == 409
    assert "This day has not come yet." in text_of(page)
    given = {"kind": "other", "severity": "low", "description": WHY}
    page = desk.post(at("incident-new"), given | {"aware_at": f"{today}T00:00"})
    assert page["Location"] == at("incident", Incident.objects.get().pk)
    page = desk.post(at("incident-new"), given | {"aware_at": f"{tomorrow}T12:00"})
    assert page.status_code == 409
    assert "This moment has not come yet." in text_of(page)


def test_an_emergency_leads_to_the_record_and_says_what_is_wrong_with_a_code(
    user: User, outsider: User, desk: Client
) -> None:
    made, client = person(actor_of(user)), client_of(outsider)
    form = {"kind": "person", "reason": REASON, "danger": "on"}
    assert desk.get(at("emergency")).status_code == 403
    page = client.post(at("emergency"), form | {"code": "ZZZ-999"})
    assert page.status_code == 409
    assert "No record of this kind has this code." in text_of(page)
    without = {key: value for key, value in form.items() if key != "danger"}
    assert client.post(at("emergency"), without | {"code": made.code}).status_code == 422
    assert not BreakGlass.objects.exists()
    page = client.post(at("emergency"), form | {"code": made.code})
    assert page["Location"] == made.get_absolute_url()
    assert made.code in text_of(client.get(at("emergency")))


def test_the_file_leaves_once_under_a_name_that_tells_nothing(
    worker: Client, user: User, desk: Client
) -> None:
    made = person(actor_of(user))
    asked = ask_export(actor_of(user), "person", organisation().pk, ["name"], REASON)
    assert worker.post(at("export-take", asked.pk)).status_code == 409
    assert desk.post(at("export-decide", asked.pk), {"decision": "approve"}).status_code == 302
    assert desk.post(at("export-take", asked.pk)).status_code == 404
    page: Response = worker.post(at("export-take", asked.pk))
    assert page["Content-Disposition"] == f'attachment; filename="records-{asked.pk.hex[:8]}.csv"'
    assert "no-store" in page["Cache-Control"]
    assert f"{made.code},NPL,Zarquil" in b"".join(page.streaming_content).decode()
    assert worker.post(at("export-take", asked.pk)).status_code == 409


def test_the_list_of_openings_leaves_with_codes_only_and_is_noted(
    desk: Client, desk_user: User, user: User
) -> None:
    one, two = persons(actor_of(user), 2)
    for made in (one, two):
        read(actor_of(user), [made], ["name"], Purpose.SAFETY, WHY)
    page: Response = desk.get(at("readings-export"), {"code": one.code, "Zarquil": "x"})
    text = b"".join(page.streaming_content).decode()
    assert page["Content-Disposition"] == 'attachment; filename="openings.csv"'
    assert "no-store" in page["Cache-Control"]
    assert one.code in text
    assert two.code not in text
    assert "Quorblestone" not in text
    assert entries("readings.exported")[0].facts == {"rows": 1, "filters": ["code"]}


def test_what_weighs_heavily_asks_again_who_it_is(
    user: User, desk_user: User, outsider: User
) -> None:
    made = person(actor_of(user))
    asked = ask_export(actor_of(user), "person", organisation().pk, [], REASON)
    taken = ask_export(actor_of(user), "person", organisation().pk, [], REASON)
    decide_export(actor_of(desk_user), taken.pk, approve=True)
    erasure = ask_erasure(actor_of(user), "person", made.code, REASON)
    long_ago = timezone.now().timestamp() - 400
    cases = [
        (outsider, at("emergency"), {"kind": "person", "code": made.code}),
        (desk_user, at("export-decide", asked.pk), {"decision": "approve"}),
        (user, at("export-take", taken.pk), {}),
        (desk_user, at("erasure-approve", erasure.pk), {"code": made.code}),
        (desk_user, at("checkpoint"), {}),
    ]
    for who, address, fields in cases:
        client = client_of(who)
        show(client, who, "password", "totp", at=long_ago)
        page = client.post(address, fields)
        assert page.status_code == 302, address
        assert page["Location"].startswith(reverse("access:confirm")), address
    assert set(ExportRequest.objects.values_list("state", flat=True)) == {"asked", "approved"}
    assert Erasure.objects.get().state == "asked"
    assert not BreakGlass.objects.exists()


def test_the_code_is_typed_again_before_anything_is_erased(desk: Client, user: User) -> None:
    made = person(actor_of(user))
    asked = ask_erasure(actor_of(user), "person", made.code, REASON)
    page = desk.post(at("erasure-approve", asked.pk), {"code": "ZZZ-999"})
    assert page.status_code == 422
    assert Erasure.objects.get().state == "asked"
    page = desk.post(at("erasure-approve", asked.pk), {"code": f" {made.code.lower()} "})
    assert page["Location"] == at("erasure", asked.pk)
    proof = text_of(desk.get(at("erasure", asked.pk)))
    assert Erasure.objects.get().key_proof in proof
    assert made.code not in proof
    assert desk.get(at("erasure-approve", asked.pk)).status_code == 404


def test_filters_of_the_openings_narrow_and_ignore_what_they_cannot_read(
    desk: Client, user: User, outsider: User
) -> None:
    made = person(actor_of(user))
    read(actor_of(user), [made], ["name"], Purpose.SAFETY, REASON)
    break_glass(actor_of(outsider), "person", made.code, REASON)
    read(actor_of(outsider), [made], ["name"], Purpose.ASSISTANCE, REASON)

    def count(**query: str) -> int:
        return len(desk.get(at("readings"), query).context["rows"])

    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    assert count() == count(code=made.code.lower()) == 2
    assert count(code="ZZZ-999") == count(since=tomorrow) == 0
    assert count(basis="break-glass") == count(purpose="safety") == count(reader="outsider") == 1
    assert count(since="2026-99-99", purpose="x", basis="y", until="never") == 2


def test_the_person_is_told_roles_and_places_and_no_name_of_staff(desk: Client, user: User) -> None:
    made = person(actor_of(user))
    read(actor_of(user), [made], ["name"], Purpose.SAFETY, WHY)
    page = desk.get(at("seen", made.code))
    assert "Service provider" in text_of(page)
    assert user.display_name not in text_of(page)
    assert user.username not in text_of(page)
    assert tells_nothing(page)


def test_the_person_is_told_where_the_reader_works_not_whose_the_record_is(
    desk: Client, user: User, outsider: User
) -> None:
    made = person(actor_of(user))
    read(actor_of(user), [made], ["name"], Purpose.SAFETY, REASON)
    break_glass(actor_of(outsider), "person", made.code, REASON)
    read(actor_of(outsider), [made], ["name"], Purpose.SAFETY, REASON)
    lines = desk.get(at("seen", made.code)).context["lines"]
    assert [line.organisation for line in lines] == ["Invented Other", "Invented Agency"]
    outsider.memberships.update(starts_on=timezone.localdate() + timedelta(days=1))
    lines = desk.get(at("seen", made.code)).context["lines"]
    assert lines[0].organisation == ""


def test_notices_say_what_happened_and_lead_there(worker: Client, user: User) -> None:
    asked = ask_export(actor_of(user), "person", organisation().pk, [], REASON)
    decide_export(officer(), asked.pk, approve=True)
    tell([user.pk], "glass.broken", asked.pk, pseudonym="K7Q-M2R")
    text = text_of(worker.get(at("notices")))
    assert "An export that you asked for was approved." in text
    assert at("export", asked.pk) in text
    assert "Somebody used emergency access to the record K7Q-M2R." in text
    worker.post(at("notices-see"))
    assert not Notice.objects.filter(seen_at=None, user_id=user.pk).exists()


def test_what_was_decided_about_an_alert_and_why_a_hold_lives_can_be_read_again() -> None:
    reviewer = officer()
    client = client_of(user_of(reviewer))
    alert = raise_alert(AlertKind.MANY_PERSONS, window="invented")
    decide_alert(reviewer, alert.pk, AlertState.EXPLAINED, "An invented explanation.")
    found = person(actor_of(user_with_role("service-provider")))
    hold = place_hold(reviewer, "person", found.code, "An invented order of a court.", None)
    for address, words in (
        (f"/oversight/alerts/{alert.pk}/", "An invented explanation."),
        (f"/oversight/holds/{hold.pk}/", "An invented order of a court."),
    ):
        assert words not in client.get(address).content.decode()
        assert words in client.post(address).content.decode()
    assert len(entries("note.read")) == 2
