"""HTCDS pages: what maps, procedures out with purpose and reason, who is turned away."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.permissions import person
from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.identification.actions import intake
from cairn.identification.models import Procedure, ReportContent
from cairn.identification.rules.choices import Channel
from cairn.identification.rules.procedures import State
from cairn.identification.tests import intake_factories as made
from cairn.identification.tests.factories import NAME, REASON, actor_of, decide, procedure
from cairn.oversight.models import Reading

pytestmark = pytest.mark.django_db
CONTENT = {
    "v": 1,
    "danger": "no",
    "age": "adult",
    "outcome": "refer",
    "list": "2026-1",
    "sex": "female",
    "language": "ar",
    "consent": "only",
    "seen": {"documents-with-others": "yes", "debt-to-employer": "unknown"},
    "facts": {"exploitation": ["servitude"], "control": ["restricts-movement"]},
    "note": "Vexomarnic note that stays here.",
}


@pytest.fixture
def authority() -> Actor:
    return actor_of(user_with_role("identification-authority"))


@pytest.fixture
def office(client: Client) -> Client:
    sign_in(client, user_with_role("identification-authority", name="office"))
    return client


def decided(authority: Actor) -> Procedure:
    """A procedure with reasonable grounds."""
    found = procedure(authority)
    decide(authority, found, State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    return found


def linked(found: Procedure, authority: Actor) -> ReportContent:
    """A report about the same person that somebody opened and linked."""
    unit = made.receiver(at=organisation())
    made.reception_key(unit)
    partner = actor_of(user_with_role("intake-partner"))
    now = timezone.now()
    result = intake.seal_and_receive(partner, unit, CONTENT, None, Channel.WEB, "police", now)
    content = ReportContent(
        report_id=result.id,
        code=result.code,
        opened_at=now,
        opened_by=person(authority),
        procedure=found,
        content=CONTENT,
    )
    content.save(force_insert=True)
    return content


def asked(*codes: str, **changes: str) -> dict[str, str]:
    return {
        "codes": " ".join(codes),
        "form": "csv",
        "purpose": "identification",
        "reason": REASON,
        **changes,
    }


def take(office: Client, given: dict[str, str]) -> Any:
    return office.post(reverse("identification:htcds-export"), given)


def test_the_page_tells_what_maps_and_what_does_not(office: Client) -> None:
    page = office.get(reverse("identification:htcds"))
    assert page.context["total"] == 84
    assert 20 <= page.context["mapped"] <= 40
    text = page.content.decode()
    assert "prs_IdentityNumber" in text
    assert reverse("identification:htcds-export") in text
    assert reverse("identification:htcds-bring") not in text


def test_a_procedure_goes_out_without_a_name_and_that_is_written_down(
    office: Client, authority: Actor
) -> None:
    found = decided(authority)
    linked(found, authority)
    before = Reading.objects.count()
    file = take(office, asked(found.code.lower()))
    assert file["Content-Disposition"] == 'attachment; filename="htcds.csv"'
    (row,) = csv.DictReader(StringIO(file.content.decode("utf-8-sig")))
    assert row["cairn_Reference"] == found.code
    assert row["vic_TraffickingStatus"] == "PossibleVictimOfTrafficking"
    assert row["vic_MethodsOfControl"] == "Other;WithholdsDocuments"
    assert row["cco_CaseComment"].endswith("MethodsOfControl: RestrictsMovement")
    assert row["vic_TypeOfExploitation"] == "Servitude"
    assert row["prs_Gender"] == "Feminine"
    assert row["prs_PrimaryLanguage"] == "ara"
    assert row["cas_IncomingReferralDate"] == timezone.localdate().isoformat()
    assert "prs_FirstName" not in row
    text = file.content.decode()
    assert NAME not in text
    assert "Vexomarnic" not in text
    assert Reading.objects.count() == before + 1
    entry = AuditEntry.objects.filter(code="htcds.exported").get()
    assert entry.facts == {"format": "csv", "with_names": False, "purpose": "identification"}


def test_a_name_goes_out_for_one_procedure_at_a_time(office: Client, authority: Actor) -> None:
    first, second = decided(authority), procedure(authority)
    file = take(office, asked(first.code, form="json", with_names="on"))
    (record,) = json.loads(file.content)["records"]
    assert record["prs_FirstName"] == NAME
    both = take(office, asked(first.code, second.code, with_names="on"))
    assert both.status_code == 409
    assert NAME not in both.content.decode()
    assert AuditEntry.objects.filter(code="htcds.exported").count() == 1
    without = take(office, asked(first.code, second.code, form="json"))
    assert len(json.loads(without.content)["records"]) == 2


@pytest.mark.parametrize("codes", ["K7Q-M2R", "nonsense", "' OR 1=1"])
def test_unknown_codes_are_refused_at_their_field(office: Client, codes: str) -> None:
    answer = take(office, asked(codes))
    assert answer.status_code == 409
    assert "not the code of a procedure" in answer.content.decode()
    assert not AuditEntry.objects.filter(code="htcds.exported").exists()


def test_a_short_reason_takes_nothing_out(office: Client, authority: Actor) -> None:
    answer = take(office, asked(decided(authority).code, reason="why"))
    assert answer.status_code == 422
    assert not AuditEntry.objects.filter(code="htcds.exported").exists()


def test_others_take_nothing_out(authority: Actor) -> None:
    found = decided(authority)
    elsewhere = Client()
    sign_in(elsewhere, user_with_role("identification-authority", name="elsewhere", country="KEN"))
    answer = take(elsewhere, asked(found.code))
    assert answer.status_code == 409
    assert found.code not in answer.headers.get("Content-Disposition", "")
    partner = Client()
    sign_in(partner, user_with_role("intake-partner", name="partner"))
    assert take(partner, asked(found.code)).status_code == 403
    assert partner.get(reverse("identification:htcds")).status_code == 200
    clerk = Client()
    sign_in(clerk, user_with_role("intake-clerk", name="clerk"))
    assert clerk.get(reverse("identification:htcds")).status_code == 403
    assert clerk.get(reverse("identification:htcds-bring")).status_code == 403
