"""Helplines and partners: a report on the web, files of submissions and of HTCDS, all sealed."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.htcds.intake import MOST_BYTES
from cairn.core.models import AuditEntry
from cairn.field.tests.reports_scene import NAME, NOTE, answers, desk, opened, unit_with_key
from cairn.field.tests.test_submissions import as_csv, row
from cairn.identification.models import ReceivingUnit, Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Client:
    return desk("intake-partner")


def bring(client: Client, view: str, unit: ReceivingUnit, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("submissions.csv", content)
    return client.post(reverse(view), {"unit": unit.code, "file": file, **more})


def looked_and_sent(client: Client, view: str, unit: ReceivingUnit, content: bytes) -> Any:
    """Look at the file, then bring it again with the mark that the look gave."""
    looked = bring(client, view, unit, content)
    assert looked.status_code == 200
    assert not Report.objects.exclude(channel="web").exists() or "already" in str(looked.content)
    return bring(client, view, unit, content, seen=looked.context["found"].digest)


def test_a_report_is_typed_sealed_and_acknowledged_without_its_words(partner: Client) -> None:
    unit, private = unit_with_key()
    start = partner.get(reverse("field:submit")).content.decode()
    assert reverse("field:submit-template") in start
    address = reverse("field:submit-form")
    address += f"?unit={unit.code}&profile=social&setting=other"
    form = partner.get(address).context["form"]
    given = answers(once=form["once"].value(), note=NOTE, consent="yes", name=NAME)
    given |= {"area": "north", "consent_for": ["clinic"], "sign-0": "no"}
    sent = partner.post(address, given)
    assert sent.status_code == 302
    receipt = partner.get(sent["Location"])
    report = Report.objects.get()
    page = receipt.content.decode()
    assert report.reference in page
    assert "not read yet" in page
    assert NOTE not in page
    assert NAME not in page
    content, identity = opened(report, private)
    assert content["note"] == NOTE
    assert content["area"] == "north"
    assert identity == {"v": 1, "name": NAME}
    assert report.channel == "web"

    again = partner.post(address, given)  # the same form once more: the answer had been lost
    assert partner.get(again["Location"]).status_code == 200
    assert Report.objects.count() == 1
    told = "".join(str(entry.facts) for entry in AuditEntry.objects.all())
    assert NOTE not in told
    assert NAME not in told


def test_a_receipt_is_for_whoever_may_send_to_the_unit(partner: Client) -> None:
    unit, _private = unit_with_key()
    address = f"{reverse('field:submit-form')}?unit={unit.code}&profile=health&setting=clinic"
    form = partner.get(address).context["form"]
    sent = partner.post(address, answers(once=form["once"].value()))
    elsewhere = desk("intake-partner", name="elsewhere", country="KEN")
    assert elsewhere.get(sent["Location"]).status_code == 404
    assert partner.get(reverse("field:submit-done", args=["made-up"])).status_code == 404
    assert elsewhere.get(address).status_code == 302  # back to the choice: no such unit for them
    assert desk("intake-clerk", name="clerk").get(reverse("field:submit")).status_code == 403


def test_submissions_are_looked_at_sealed_and_received_once(partner: Client) -> None:
    unit, private = unit_with_key()
    content = as_csv(
        row(note=NOTE, instanceID="uuid:1"),
        row(who_name=NAME, consent="yes", instanceID="uuid:2", sign_no_pay="yes"),
    )
    done = looked_and_sent(partner, "field:submit-file", unit, content)
    assert done.status_code == 200
    page = done.content.decode()
    assert [line["is_new"] for line in done.context["lines"]] == [True, True]
    assert NOTE not in page
    assert NAME not in page
    reports = list(Report.objects.all())
    assert {report.channel for report in reports} == {"partner"}
    found = [opened(report, private) for report in reports]
    assert {content.get("note", "") for content, _identity in found} == {NOTE, ""}
    assert sorted(identity is None for _content, identity in found) == [False, True]

    again = looked_and_sent(partner, "field:submit-file", unit, content)
    assert [line["is_new"] for line in again.context["lines"]] == [False, False]
    assert [line["reference"] for line in again.context["lines"]] == [
        line["reference"] for line in done.context["lines"]
    ]
    assert Report.objects.count() == 2


def test_a_file_that_was_not_looked_at_or_has_a_fault_changes_nothing(partner: Client) -> None:
    unit, _private = unit_with_key()
    fine = as_csv(row(instanceID="uuid:1"))
    other = as_csv(row(instanceID="uuid:2", danger="now"))
    looked = bring(partner, "field:submit-file", unit, fine)
    exchanged = bring(
        partner, "field:submit-file", unit, other, seen=looked.context["found"].digest
    )
    assert exchanged.context["found"].stands  # shown, not taken: it is another file
    faulty = as_csv(row(instanceID="uuid:1"), row(danger="perhaps", instanceID="uuid:3"))
    refused = bring(partner, "field:submit-file", unit, faulty)
    assert refused.status_code == 422
    assert "none of the answers" in refused.content.decode()
    assert bring(partner, "field:submit-file", unit, b"%PDF-1.7").status_code == 409
    assert not Report.objects.exists()


def test_no_readable_copy_of_a_file_reaches_the_disk(
    partner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, _private = unit_with_key()

    def on_disk(*_args: Any, **_more: Any) -> None:
        pytest.fail("reached the disk")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", on_disk)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", on_disk)
    note = "n" * 400
    rows = [row(note=note, instanceID=f"uuid:{number}") for number in range(400)]
    large = as_csv(*rows, {**row(), "pad": "x" * (3 * 1024 * 1024)})
    for view in ("field:submit-file", "identification:htcds-bring"):
        assert bring(partner, view, unit, large).status_code in {200, 409, 422}
        too_large = bring(partner, view, unit, b"a" * (MOST_BYTES + 1))
        assert too_large.status_code == 422
        assert "refused unread" in too_large.content.decode()
    assert not Report.objects.exists()


def test_a_forged_request_brings_nothing() -> None:
    unit, _private = unit_with_key()
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, user_with_role("intake-partner"))
    forged = bring(strict, "field:submit-file", unit, as_csv(row()))
    assert forged.status_code == 403
    assert not Report.objects.exists()


def test_a_file_of_the_standard_becomes_sealed_reports(partner: Client) -> None:
    unit, private = unit_with_key()
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["prs_First_Name", "con_Consent", "vic_Methods_of_Control", "prs_Birthdate",
                     "vic_TraffickinStatusDecisionMakingOrg", "prs_IdentityNumber"])  # fmt: skip
    writer.writerow([NAME, "yes", "DebtBondage WithholdsDocuments", "2012-03-04", "NGO", "X-9988"])
    done = looked_and_sent(partner, "identification:htcds-bring", unit, out.getvalue().encode())
    assert done.status_code == 200
    content, identity = opened(Report.objects.get(), private)
    assert content["age"] == "child"
    assert content["facts"] == {"control": ["debt", "documents"], "decided-by": ["ngo"]}
    assert identity == {"v": 1, "name": NAME}
    assert "X-9988" not in repr((content, identity))
    assert "2012-03-04" not in repr(content)
    refused = bring(partner, "identification:htcds-bring", unit, b"colour\nblue\n")
    assert refused.status_code == 409
    assert "field of the standard" in refused.content.decode()


def test_the_published_form_comes_as_a_file(partner: Client) -> None:
    form = partner.get(reverse("field:submit-template"))
    assert form.content[:2] == b"PK"
    assert 'filename="form.xlsx"' in form["Content-Disposition"]
