"""Pages from a call to a seat: what the agency, the programme, the vetting officer and panel do."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.models import AuditEntry, Organisation
from cairn.oversight.models import Reading
from cairn.portfolio.models import AssistanceRequest
from cairn.training.models import (
    Call,
    Enrolment,
    Nomination,
    Practitioner,
    SelectionDecision,
    StagedFile,
    VettingCheck,
)
from cairn.training.rules.nomination import NominationState
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
REASON = "An invented reason, long enough."
NAME = "Zarquil Inventeria"


def user(role: str, name: str = "", **place: object) -> User:
    return user_with_role(role, name=name or f"invented-{role}", **place)  # type: ignore[arg-type]


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def post(client: Client, page: str, /, *args: object, **fields: object) -> str:
    """Send a form; the answer must lead on. The address that it leads to."""
    answer = client.post(reverse(f"training:{page}", args=args), fields)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return str(answer["Location"])


def shown(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"training:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def officer() -> Client:
    event = factories.event("N01", state="planned", starts="2030-05-06", ends="2030-05-10")
    user("trainer", name="second-on-the-panel", at=event.organisation)
    return signed_in(user("training-officer", at=event.organisation))


def open_call(officer: Client, *, kinds: tuple[str, ...] = ("security",), women: int = 1) -> Call:
    today = timezone.localdate()
    post(
        officer,
        "call-edit",
        "N01",
        opens_on=today.isoformat(),
        closes_on=(today + timedelta(days=9)).isoformat(),
        profile="Officers of the border desk",
        criteria="Experience | 2\nPresent duty",
        vetting_kinds=list(kinds),
        minimum_women=0,
    )
    agency = factories.agency("Invented Border Guard")
    post(officer, "call-seats", "N01", agency=agency.pk, seats=2, minimum_women=women)
    return Call.objects.get()


def fields(name: str, **more: object) -> dict[str, object]:
    return {
        "agency": str(factories.agency("Invented Border Guard").pk),
        "code": "",
        "name": name,
        "name_latin": "",
        "sex": "male",
        "country": "NPL",
        "profession": "border",
        "function": "Shift leader",
        "languages": "en:B2",
        "birth_band": "",
        "motivation": "Works on the border desk.",
        "priority": 1,
        **more,
    }


@pytest.mark.processes
def test_from_the_call_to_the_enrolment_by_every_hand(officer: Client) -> None:
    call = open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    vetting = signed_in(user("vetting-officer", at=call.event.organisation))
    for name, sex in ((NAME, "male"), ("Vexoma Thorpian", "female"), ("Quibble Maldurek", "male")):
        post(focal, "nominate", "N01", **fields(name, sex=sex))
    assert "3 nominated for 2 seats" in shown(focal, "calls")
    assert NAME not in shown(focal, "call", "N01")

    post(vetting, "call-vetting", "N01")
    checks = list(VettingCheck.objects.order_by("code"))
    assert {each.state for each in checks} == {"requested"}
    assert "Security clearance" in shown(vetting, "vetting")
    for each in checks:
        post(
            vetting,
            "vetting-result",
            each.code,
            outcome="cleared",
            issuer="Invented Security Office",
            decided_on=timezone.localdate().isoformat(),
            valid_until="2030-12-31",
            note="Vexomarnic note",
        )
        assert "Vexomarnic" not in shown(vetting, "vetting-check", each.code)
    states = set(Nomination.objects.values_list("state", flat=True))
    assert states == {NominationState.ELIGIBLE}

    people = list(Nomination.objects.order_by("proposed_at"))
    scores = {f"{row.pk}.c1": place + 2 for place, row in enumerate(people)}
    scores |= {f"{row.pk}.c2": 3 for row in people}
    post(officer, "selection-scores", "N01", **scores)
    assert "By rank among those of the agency" in shown(officer, "selection", "N01")
    colleague = User.objects.get(username="second-on-the-panel")
    outcomes = {f"outcome.{row.pk}": "selected" for row in people[1:]}
    outcomes[f"outcome.{people[0].pk}"] = "reserve"
    post(officer, "selection", "N01", panel=[colleague.pk], reason="By the list.", **outcomes)
    assert SelectionDecision.objects.filter(outcome="selected").count() == 2
    assert SelectionDecision.objects.filter(outcome="reserve").get().rank == 1

    post(focal, "nomination-step", people[1].pk, "confirm", reason="")
    assert not Enrolment.objects.exists()
    post(officer, "call-enrol", "N01")
    post(officer, "nomination-step", people[2].pk, "confirm", reason="")
    assert Enrolment.objects.filter(event=call.event).count() == 2
    post(
        officer,
        "nomination-step",
        people[2].pk,
        "replace",
        by=people[0].pk,
        reason="Posted elsewhere.",
    )
    people[0].refresh_from_db()
    assert (people[0].state, people[0].replaces) == ("selected", people[2])
    assert Enrolment.objects.get(practitioner=people[2].practitioner).state == "withdrawn"
    assert "Posted elsewhere." in shown(officer, "nomination", people[0].pk)
    assert NAME not in shown(officer, "call", "N01")
    told = str(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "Inventeria" not in told
    assert "Vexomarnic" not in told


def test_a_selection_without_enough_women_asks_for_a_reason_and_seats_cannot_be_exceeded(
    officer: Client,
) -> None:
    call = open_call(officer, kinds=(), women=2)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    for name in (NAME, "Vexoma Thorpian", "Quibble Maldurek"):
        post(focal, "nominate", "N01", **fields(name))
    post(officer, "call-vetting", "N01")
    rows = list(Nomination.objects.filter(state="eligible"))
    assert len(rows) == 3
    colleague = User.objects.get(username="second-on-the-panel")
    address = reverse("training:selection", args=["N01"])
    too_many = {f"outcome.{row.pk}": "selected" for row in rows}

    answer = officer.post(address, {"panel": [colleague.pk], "reason": "x", **too_many})
    assert answer.status_code == 409
    assert "1 person too many is chosen" in answer.content.decode()
    alone = officer.post(address, {"panel": [], "reason": "x", **too_many})
    assert alone.status_code == 422
    fitting = {f"outcome.{row.pk}": "selected" for row in rows[:2]}
    post(
        officer,
        "selection",
        "N01",
        panel=[colleague.pk],
        reason="No women serve there yet.",
        **fitting,
    )
    assert call.nominations.filter(state="selected").count() == 2


def test_names_on_the_grid_are_opened_once_with_a_reason(officer: Client) -> None:
    open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    post(focal, "nominate", "N01", **fields(NAME))

    answer = focal.post(
        reverse("training:call-names", args=["N01"]), {"purpose": "training", "reason": REASON}
    )

    assert NAME in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    reading = Reading.objects.get()
    assert (reading.basis, reading.fields) == ("work", ["name", "name_latin"])
    refused = focal.post(reverse("training:call-names", args=["N01"]), {"purpose": "training"})
    assert refused.status_code == 422
    assert NAME not in refused.content.decode()


def test_the_reason_of_a_check_is_opened_by_vetting_officers_only(officer: Client) -> None:
    call = open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    post(focal, "nominate", "N01", **fields(NAME))
    post(officer, "call-vetting", "N01")
    check = VettingCheck.objects.get()
    post(
        officer,
        "vetting-result",
        check.code,
        outcome="refused",
        issuer="Invented Security Office",
        decided_on=timezone.localdate().isoformat(),
        note="Vexomarnic note",
    )
    assert call.nominations.get().state == NominationState.NOT_ELIGIBLE
    address = reverse("training:vetting-open", args=[check.code])
    sent = {"purpose": "training", "reason": REASON}

    assert officer.post(address, sent).status_code == 403
    assert focal.post(address, sent).status_code == 403
    vetting = signed_in(user("vetting-officer", at=call.event.organisation))
    assert "Vexomarnic note" in vetting.post(address, sent).content.decode()
    assert Reading.objects.filter(kind="vetting").count() == 1


def test_a_focal_point_sees_neither_calls_nor_people_of_another_agency(officer: Client) -> None:
    open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    post(focal, "nominate", "N01", **fields(NAME))
    row = Nomination.objects.get()
    other = signed_in(
        user("agency-focal-point", name="other-point", at=factories.agency("Invented Customs"))
    )

    for name, key in (
        ("call", "N01"),
        ("nominate", "N01"),
        ("nomination", row.pk),
        ("person", row.practitioner.code),
    ):
        assert other.get(reverse(f"training:{name}", args=[key])).status_code == 404
    assert focal.get(reverse("training:person", args=[row.practitioner.code])).status_code == 200
    assert focal.get(reverse("training:people")).status_code == 403
    assert focal.get(reverse("training:selection", args=["N01"])).status_code == 403


def test_the_same_person_is_not_nominated_twice_nor_after_the_call_closed(officer: Client) -> None:
    call = open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    post(focal, "nominate", "N01", **fields(NAME))
    address = reverse("training:nominate", args=["N01"])

    again = focal.post(address, fields("Inventeria Zarquil"))
    assert again.status_code == 409
    assert "nominated by the same agency already" in again.content.decode()
    call.closes_on = call.opens_on = timezone.localdate() - timedelta(days=1)
    call.save()
    late = focal.post(address, fields("Vexoma Thorpian"))
    assert late.status_code == 409
    assert "This call closed on" in late.content.decode()
    assert (
        Practitioner.objects.count()
        == 1 + Practitioner.objects.filter(user_id__isnull=False).count()
    )


def test_a_file_is_shown_before_it_is_applied_and_names_nobody(officer: Client) -> None:
    open_call(officer)
    agency = factories.agency("Invented Border Guard")
    focal = signed_in(user("agency-focal-point", at=agency))
    content = f"name,sex\n{NAME},male\n,female\nVexoma Thorpian,unknown\n".encode()

    where = post(focal, "nominate-file", "N01", file=SimpleUploadedFile("people.csv", content))
    page = focal.get(where).content.decode()
    staged = StagedFile.objects.get()
    assert "Apply 1 row" in page
    assert "This cell is empty." in page
    assert "Inventeria" not in page + str(staged.problems)
    assert not Nomination.objects.exists()
    post(focal, "staged-apply", staged.pk)
    assert Nomination.objects.get().state == NominationState.SUBMITTED
    assert "Missing: profession, function, languages, why this person." in shown(
        focal, "nomination", Nomination.objects.get().pk
    )
    header = shown(focal, "nominate-empty", "N01", "csv")
    assert header.lstrip("\ufeff").startswith("name,name_latin,sex")


def test_the_grid_costs_the_same_number_of_queries_however_many_are_nominated(
    officer: Client,
) -> None:
    call = open_call(officer)
    agency = factories.agency("Invented Border Guard")
    for _number in range(2):
        _nomination(call, agency)
    shown(officer, "call", "N01")
    with CaptureQueriesContext(connection) as few:
        shown(officer, "call", "N01")
    for _number in range(10):
        _nomination(call, agency)
    with CaptureQueriesContext(connection) as many:
        shown(officer, "call", "N01")

    assert len(many) == len(few)


def test_a_focal_point_sees_the_requests_that_name_the_own_agency(officer: Client) -> None:
    open_call(officer)
    for reference, who in (("R01", "invented border guard"), ("R02", "Other Invented Agency")):
        AssistanceRequest.objects.create(
            reference=reference, requested_by=who, request=f"Invented request {reference}"
        )
    focal = signed_in(user("agency-focal-point", at=factories.agency("Invented Border Guard")))

    page = shown(focal, "calls")

    assert "Invented request R01" in page
    assert "Invented request R02" not in page


@pytest.mark.processes
def test_the_share_of_women_at_each_step_has_its_interval(officer: Client) -> None:
    call = open_call(officer)
    for sex in (*["female"] * 4, *["male"] * 8, "not-stated"):
        row = _nomination(call, factories.agency("Invented Border Guard"))
        Practitioner.objects.filter(pk=row.practitioner_id).update(sex=sex)

    page = shown(officer, "call-funnel", "N01")

    assert "Nominated" in page
    assert "33.3" in page


def _nomination(call: Call, agency: Organisation) -> Nomination:
    made: Nomination = Nomination.objects.create(
        call=call,
        agency=agency,
        practitioner=factories.practitioner(agency=agency),
        proposed_at=timezone.now(),
    )
    return made
