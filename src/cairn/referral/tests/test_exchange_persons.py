"""Persons as files: out on a ground alone, several by another's word, in as drafts or not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.htcds.intake import read_rows
from cairn.core.models import AuditEntry
from cairn.oversight.actions.exports import ask_file, decide_export, take_export, take_file
from cairn.oversight.models import ExportRequest, Reading
from cairn.oversight.rules import ExportState
from cairn.oversight.rules import Purpose as Why
from cairn.oversight.tests.factories import officer
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.exchange_persons import Place, bring_persons, take_person_out
from cairn.referral.actions.persons_identity import write_identity
from cairn.referral.actions.persons_rows import assess_needs
from cairn.referral.actions.plans import Given, begin_episode, propose_plan, set_goal
from cairn.referral.htcds.reading import read_persons
from cairn.referral.models import (
    Consent,
    Goal,
    Identity,
    NeedsAssessment,
    Person,
    Plan,
    ServiceEpisode,
)
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import Said
from cairn.referral.rules.plans import Area, PlanState
from cairn.referral.rules.services import Sensitivity
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import actor_of, person, provider
from cairn.referral.tests.protocols_made import agreed, both, editor, other, risk, service
from cairn.referral.tests.referrals_made import refused

pytestmark = pytest.mark.django_db(transaction=False)
GIVEN, FAMILY, WISH = "Zarquil", "Inventeria", "A tea shop for Brumblewick"
DOOR = "Lives at 12 Rose Street"
WHY = "The partner takes over a part of the help."
EVERYTHING = ["need", "identity", "family", "assistance", "legal"]
Scene = tuple[Actor, Person]


def known_person(actor: Actor) -> Person:
    """With an identity, needs, a plan with two goals and two services that were given."""
    made = person(actor, sex="female", languages=["ne", "ar"], displacement="refugee")
    write_identity(
        actor,
        made.code,
        {"given": GIVEN, "family": FAMILY, "birth": "1998-04", "phones": ["+977 55 512 345"]},
    )
    today = timezone.localdate()
    assess_needs(actor, made.code, needs={"health": "urgent"}, assessed_on=today)
    plan = propose_plan(actor, made.code)
    set_goal(actor, made.code, plan.number, area=Area.WORK, words=WISH)
    set_goal(actor, made.code, plan.number, area=Area.HOUSING, words=DOOR)
    hidden = service(at=organisation("Hidden House Agency"), kinds=["shelter"])
    hidden.sensitivity = Sensitivity.PROTECTED
    hidden.save()
    for kind, provider_ in (
        ("legal-aid", organisation("Invented Lawyers")),
        ("health", organisation("Hidden House Agency")),
        ("shelter", organisation("Open House Agency")),
    ):
        begin_episode(actor, made.code, Given(kind, provider_, today - timedelta(days=9)))
    return made


@pytest.fixture
def scene() -> Scene:
    worker = provider("worker")
    return worker, known_person(worker)


def agree(scene: Scene, *categories: str, protocol: Any = None) -> Consent:
    """Consent for `categories`, and a protocol that covers all, or what is named."""
    worker, made = scene
    agreed(both(), categories=protocol or EVERYTHING)
    return answered(worker, made, recipient=other(), categories=list(categories))


def take(scene: Scene, form: str = "json", **changes: Any) -> str:
    worker, made = scene
    plain: dict[str, Any] = {
        "recipient": other(),
        "purpose": Purpose.ASSISTANCE,
        "form": form,
        "why": Why.ASSISTANCE,
        "reason": WHY,
    }
    return take_person_out(worker, made.code, **(plain | changes))


def first(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)["records"][0]
    return found


@pytest.mark.once
def test_a_file_holds_what_consent_and_protocol_both_cover_and_is_written_down(
    scene: Scene,
) -> None:
    agree(scene, "need", "family", "identity", protocol=["need", "family"])
    row = first(take(scene))
    assert row["cairn_Reference"] == scene[1].code
    assert row["prs_Gender"] == "Feminine"
    assert row["prs_PrimaryLanguage"] == "nep"
    assert "need.health=urgent" in row["cco_CaseComment"]
    assert row["con_Consent"] == "true"
    assert not {"prs_FirstName", "prs_SecondName", "spl_Type"} & set(row)
    entry = AuditEntry.objects.filter(code="person.file_made").get()
    assert entry.facts["categories"] == ["family", "need"]
    assert entry.facts["recipient"] == str(other().pk)
    assert list(Reading.objects.values_list("kind", flat=True)) == ["person"]


@pytest.mark.once
def test_the_name_goes_out_where_the_ground_covers_it_and_no_protected_place_ever(
    scene: Scene,
) -> None:
    agree(scene, "need", "identity", "assistance")
    text = take(scene)
    row = first(text)
    assert (row["prs_FirstName"], row["prs_SecondName"]) == (GIVEN, FAMILY)
    assert "born=1998-04" in row["cco_CaseComment"]
    assert set(Reading.objects.values_list("kind", flat=True)) == {"person", "identity", "goal"}
    assert WISH in text
    assert "Invented Lawyers" in text
    # The house behind an address, the agency that keeps one, and whoever gave a bed.
    for word in (DOOR, "Rose", "Hidden House Agency", "Open House Agency", "55 512"):
        assert word not in text
    assert "service=shelter" in text


@pytest.mark.once
def test_what_goes_out_comes_in_and_goes_out_the_same(scene: Scene) -> None:
    worker, made = scene
    Goal.objects.filter(person=made, area="housing").delete()
    ServiceEpisode.objects.filter(person=made).delete()
    agree(scene, *EVERYTHING[:4])
    written = take(scene)
    found = read_persons(read_rows(written.encode()), today=timezone.localdate())
    assert found.problems == ()
    place = Place(organisation(), None, "NPL")
    (copy,) = bring_persons(worker, place, found.records)
    answered(worker, copy, recipient=other(), categories=EVERYTHING[:4])
    again = take((worker, copy))
    assert again == written.replace(made.code, copy.code)


REFUSALS = [
    ([], EVERYTHING, {}, "referral.no-basis"),
    (["need"], None, {}, "referral.no-protocol"),
    (["need"], ["identity"], {}, "referral.categories"),
    (["contact"], EVERYTHING, {}, "referral.categories"),
    (["need"], EVERYTHING, {"purpose": Purpose.HEALTH}, "referral.no-basis"),
    (["need"], EVERYTHING, {"reason": "why"}, "oversight.reason"),
]


@pytest.mark.parametrize(("told", "protocol", "changes", "code"), REFUSALS)
def test_without_a_ground_that_covers_something_no_file_is_made(
    told: list[str], protocol: Any, changes: Any, code: str
) -> None:
    worker = provider("worker")
    made = person(worker)
    if protocol:
        agreed(both(), categories=protocol)
    if told:
        answered(worker, made, recipient=other(), categories=told)
    with refused(code):
        take((worker, made), **changes)
    assert not Reading.objects.exists()


def test_nobody_is_told_to_a_recipient_who_is_left_out(scene: Scene) -> None:
    agree(scene, "need")
    risk(editor("editor-risk"))
    with refused("referral.excluded"):
        take(scene)


def test_others_take_nobody_out(scene: Scene) -> None:
    agree(scene, "need")
    stranger = provider("stranger", at=organisation("Invented Third Agency"))
    for actor in (stranger, actor_of(user_with_role("oversight", name="looks"))):
        with pytest.raises(Person.DoesNotExist):
            take((actor, scene[1]))


@pytest.mark.once
def test_a_case_for_primero_is_covered_by_the_same_ground(scene: Scene) -> None:
    agree(scene, "need", "family")
    without = json.loads(take(scene, "primero"))["data"]
    assert set(without) == {"id", "sex"}
    assert without["id"] != str(scene[1].pk)
    answered(scene[0], scene[1], recipient=other(), categories=["identity"])
    named = json.loads(take(scene, "primero"))["data"]
    assert named == {"id": without["id"], "name": f"{GIVEN} {FAMILY}"}


# --- Several ----------------------------------------------------------------------------------


def ask(actor: Actor, *codes: str, form: str = "persons-json") -> ExportRequest:
    details = {"codes": list(codes), "recipient": str(other().pk), "purpose": "assistance"}
    return ask_file(actor, form, organisation().pk, details, WHY)


@pytest.mark.once
def test_several_go_out_by_the_word_of_another_person_once(scene: Scene) -> None:
    worker, made = scene
    agree(scene, "need", "identity")
    second = person(worker)
    answered(worker, second, recipient=other(), categories=["need", "family"])
    asked = ask(worker, second.code, made.code)
    with refused("oversight.move"):
        take_file(worker, asked.pk)
    decide_export(officer(), asked.pk, approve=True)
    with pytest.raises(LookupError):
        list(take_export(worker, asked.pk))
    form, text = take_file(worker, asked.pk)
    assert form.ending == "json"
    rows = json.loads(text)["records"]
    assert [row["cairn_Reference"] for row in rows] == [second.code, made.code]
    assert rows[1]["prs_FirstName"] == GIVEN
    assert "prs_FirstName" not in rows[0]
    asked.refresh_from_db()
    assert (asked.state, asked.rows) == (ExportState.TAKEN, 2)
    assert set(Reading.objects.values_list("purpose", flat=True)) == {"export"}
    with refused("oversight.move"):
        take_file(worker, asked.pk)


def test_each_that_may_not_go_is_named_with_the_reason_and_nothing_is_asked(scene: Scene) -> None:
    worker, made = scene
    agree(scene, "need")
    without = person(worker)
    with pytest.raises(RuleBroken) as refusal:
        ask(worker, made.code, without.code)
    assert refusal.value.code == "file.not-told"
    assert f"{without.code}: " in refusal.value.message
    assert f"{made.code}: " not in refusal.value.message
    with refused("file.code"):
        ask(worker, made.code, "K7Q-M2R")
    assert not ExportRequest.objects.exists()


@pytest.mark.once
def test_what_was_withdrawn_since_keeps_the_file_back(scene: Scene) -> None:
    worker, made = scene
    consent = agree(scene, "need")
    asked = ask(worker, made.code)
    decide_export(officer(), asked.pk, approve=True)
    withdraw(worker, made.code, consent.number, Said.IN_PERSON)
    with refused("file.not-told"):
        take_file(worker, asked.pk)
    asked.refresh_from_db()
    assert asked.state == ExportState.APPROVED
    assert not Reading.objects.filter(purpose="export").exists()


def test_whoever_may_not_take_persons_out_cannot_ask(scene: Scene) -> None:
    focal = actor_of(user_with_role("referral-focal-point", name="focal"))
    with pytest.raises(PermissionDenied):
        ask(focal, scene[1].code)
    stranger = provider("stranger", at=organisation("Invented Third Agency"))
    with refused("file.code"):
        ask_file(
            stranger,
            "persons-json",
            organisation("Invented Third Agency").pk,
            {"codes": [scene[1].code], "recipient": str(other().pk), "purpose": "assistance"},
            WHY,
        )


# --- In ---------------------------------------------------------------------------------------

ROWS = (
    "cairn_Reference,prs_FirstName,prs_Gender,con_Consent,spl_Type,spl_Objectives,"
    "cas_OutgoingReferralDetails,cco_CaseComment\r\n"
    "A,Zarquil,Feminine,yes,Livelihood,Own shop,cairn: need=health,cairn: need.legal=urgent\r\n"
    "B,,Masculine,,,,,\r\n"
)


def bring(client: Client, text: str, **more: str) -> Any:
    given = {"country": "NPL", "organisation": str(organisation().pk), "unit": ""} | more
    file = SimpleUploadedFile("persons.csv", text.encode())
    return client.post(reverse("referral:exchange-bring"), given | {"file": file})


def signed_in(client: Client, actor: Actor) -> Client:
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_a_file_is_looked_at_first_and_then_becomes_drafts(client: Client) -> None:
    worker = provider("worker")
    signed_in(client, worker)
    looked = bring(client, ROWS)
    assert looked.status_code == 200
    assert (looked.context["persons"], looked.context["named"]) == (2, 1)
    assert looked.context["children"] == 2
    assert "Zarquil" not in looked.content.decode()
    assert not Person.objects.exists()
    other_file = bring(client, ROWS.replace("Own", "Her"), seen=looked.context["found"].digest)
    assert other_file.status_code == 200
    assert not Person.objects.exists()
    done = bring(client, ROWS, seen=looked.context["found"].digest)
    assert [record.reference for record, _made in done.context["made"]] == ["A", "B"]
    made = Person.objects.get(code=done.context["made"][0][1].code)
    assert (made.age_band, made.sex, made.caseworker) == (
        "age-disputed",
        "female",
        worker.user_id,
    )
    assert Identity.objects.filter(person=made).exists()
    assert NeedsAssessment.objects.get(person=made).needs == {"legal": "urgent"}
    assert Plan.objects.get(person=made).state == PlanState.PROPOSED
    assert not Consent.objects.exists()
    assert AuditEntry.objects.filter(code="person.brought").count() == 2


def test_one_fault_keeps_every_row_out_and_is_named(client: Client) -> None:
    signed_in(client, provider("worker"))
    answer = bring(client, ROWS.replace("Masculine", "purple"))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "prs_Gender" in text
    assert "purple" in text
    seen = answer.context["found"].digest
    assert bring(client, ROWS.replace("Masculine", "purple"), seen=seen).status_code == 422
    assert not Person.objects.exists()


@pytest.mark.parametrize("content", ["", "colour\r\nblue\r\n", "{", '[{"a": "\\ud800"}]'])
def test_what_is_no_file_of_persons_is_refused(client: Client, content: str) -> None:
    signed_in(client, provider("worker"))
    assert bring(client, content).status_code in {409, 422}
    assert not Person.objects.exists()


def test_whoever_enters_no_persons_brings_none(client: Client) -> None:
    client.force_login(user_with_role("referral-focal-point", name="focal"))
    assert bring(client, ROWS).status_code == 403


@pytest.mark.once
def test_the_page_of_a_person_leads_to_the_file(client: Client, scene: Scene) -> None:
    worker, made = scene
    agree(scene, "need")
    signed_in(client, worker)
    address = reverse("referral:person-file", args=[made.code])
    assert address in client.get(made.get_absolute_url()).content.decode()
    given = {
        "recipient": str(other().pk),
        "told_for": "assistance",
        "form": "csv",
        "purpose": "assistance",
        "reason": WHY,
    }
    file = client.post(address, given)
    assert file["Content-Disposition"] == f'attachment; filename="person-{made.code.lower()}.csv"'
    assert GIVEN not in file.content.decode()
    wrong = client.post(address, given | {"told_for": "health"})
    assert wrong.status_code == 409


@pytest.mark.once
def test_the_approved_file_is_taken_on_its_page(client: Client, scene: Scene) -> None:
    worker, made = scene
    agree(scene, "need")
    signed_in(client, worker)
    given = {
        "organisation": str(organisation().pk),
        "codes": f"{made.code.lower()} {made.code}",
        "recipient": str(other().pk),
        "told_for": "assistance",
        "form": "json",
        "reason": WHY,
    }
    assert client.post(reverse("referral:exchange-persons"), given).status_code == 302
    asked = ExportRequest.objects.get()
    assert asked.details["codes"] == [made.code]
    page = client.get(reverse("oversight:export", args=[asked.pk])).content.decode()
    assert other().display_name in page
    assert made.code in page
    decide_export(officer(), asked.pk, approve=True)
    file = client.post(reverse("oversight:export-take", args=[asked.pk]))
    assert file["Content-Type"].startswith("application/json")
    assert file["Content-Disposition"].endswith('.json"')
    assert json.loads(file.content)["records"][0]["cairn_Reference"] == made.code
    unknown = client.post(reverse("referral:exchange-persons"), given | {"codes": "nonsense"})
    assert unknown.status_code == 422
