"""Paper forms from printing to shredding, as the office that enters them works."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import actor_with_role, bare_actor, user_with_role
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.field.tests.reports_scene import NAME, NOTE, answers, desk, opened, unit_with_key
from cairn.identification.actions import paper as actions
from cairn.identification.models import PaperForm, ReceivingUnit, Report
from cairn.identification.queries import paper as queries
from cairn.identification.rules import paper as rules
from cairn.identification.rules.paper import FormState
from cairn.identification.tests.factories import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> ReceivingUnit:
    return unit_with_key()[0]


def printed(unit: ReceivingUnit, count: int = 1) -> list[PaperForm]:
    printer = actor_of(user_with_role("intake-clerk", name="printer"))
    return actions.print_forms(
        printer, unit.code, count, language="en", profile="labour", setting="mine"
    )


def test_a_batch_is_printed_entered_and_destroyed() -> None:
    unit, private = unit_with_key()
    clerk = desk("intake-clerk")
    batch = clerk.post(
        reverse("field:paper-print"),
        {"unit": unit.code, "profile": "labour", "setting": "mine", "language": "fr", "count": "3"},
    )
    serials = list(PaperForm.objects.order_by("serial").values_list("serial", flat=True))
    assert batch["Location"] == reverse("field:paper-batch", args=[serials[0]])
    shown = clerk.get(batch["Location"]).content.decode()
    assert all(rules.grouped(serial) in shown for serial in serials)
    sheets = pypdf.PdfReader(BytesIO(clerk.get(f"{batch['Location']}forms.pdf").content))
    assert len(sheets.pages) == 3
    assert rules.grouped(serials[0]) in sheets.pages[0].extract_text()

    asked = clerk.post(reverse("field:paper-find"), {"serial": serials[0].lower()})
    page = clerk.get(asked["Location"]).content.decode()
    assert page.index("danger now") < page.index("under 18") < page.index("How does it end")
    given = answers(age="maybe-child", language="Arabic", note=NOTE, consent="yes", name=NAME)
    given |= {"sign-0": "yes", "sign-1": "unknown", "needs": ["health"], "judgement": "unclear"}
    given |= {"steps": ["called"], "child_steps": ["stopped"]}
    sent = clerk.post(asked["Location"], given)
    assert sent["Location"] == reverse("field:paper-form", args=[serials[0]])

    content, identity = opened(Report.objects.get(), private)
    assert content["setting"] == "mine"
    assert content["profile"] == "labour"
    assert content["language"] == "ar"
    assert content["note"] == NOTE
    assert content["steps"] == ["called", "stopped"]
    assert list(content["seen"].values()) == ["yes", "unknown"]
    assert "told" not in content  # left empty on the paper, so nothing is said of it
    assert identity == {"v": 1, "name": NAME}
    assert "name" not in content

    page = clerk.get(sent["Location"]).content.decode()
    assert Report.objects.get().reference in page
    assert NOTE not in page
    clerk.post(reverse("field:paper-shred", args=[serials[0]]))
    form = PaperForm.objects.get(serial=serials[0])
    assert form.shredded_at is not None
    assert form.shredded_by == form.entered_by
    codes = list(AuditEntry.objects.values_list("code", flat=True))
    assert {"paper.printed", "paper.entered", "paper.shredded"} <= set(codes)
    told = "".join(str(entry.facts) for entry in AuditEntry.objects.all())
    assert NAME not in told
    assert NOTE not in told


def test_a_form_is_entered_once_and_a_wrong_serial_says_so(unit: ReceivingUnit) -> None:
    clerk = desk("intake-clerk")
    actor = actor_with_role("intake-partner")
    serial = printed(unit)[0].serial
    address = reverse("field:paper-enter", args=[serial])
    assert clerk.post(address, answers()).status_code == 302
    again = clerk.post(address, answers())
    assert again.status_code == 409
    assert "entered already" in again.content.decode()
    found = clerk.post(reverse("field:paper-find"), {"serial": serial})
    assert found.status_code == 409
    other = rules.FIRST + "222222" + rules.check_sign("222222")
    for typed, code in ((other, "No form with this serial"), ("P1234567", "is not the serial")):
        answer = clerk.post(reverse("field:paper-find"), {"serial": typed})
        assert answer.status_code == 409
        assert code in answer.content.decode()
    assert Report.objects.count() == 1
    with pytest.raises(PaperForm.DoesNotExist):
        actions.enter_form(actor, serial, {}, None)


def test_a_name_without_agreement_and_missing_answers_keep_what_was_typed(
    unit: ReceivingUnit,
) -> None:
    clerk = desk("intake-clerk")
    address = reverse("field:paper-enter", args=[printed(unit)[0].serial])
    refused = clerk.post(address, answers(name=NAME, consent="no", note=NOTE, outcome=""))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "only when the person agreed" in page
    assert NOTE in page
    assert not Report.objects.exists()
    only = clerk.post(address, answers(consent="only"))
    assert only.status_code == 422


def test_others_neither_see_nor_enter_nor_print(unit: ReceivingUnit) -> None:
    serial = printed(unit)[0].serial
    elsewhere = desk("intake-clerk", name="elsewhere", country="KEN")
    assert elsewhere.get(reverse("field:paper-form", args=[serial])).status_code == 404
    assert elsewhere.post(reverse("field:paper-shred", args=[serial])).status_code == 404
    partner = desk("intake-partner", name="partner")
    assert partner.get(reverse("field:paper")).status_code == 403
    assert Client().get(reverse("field:paper")).status_code == 302
    with pytest.raises((PermissionDenied, ReceivingUnit.DoesNotExist)):
        actions.print_forms(
            bare_actor("intake-partner"), unit.code, 1, language="en", profile="police", setting=""
        )


def test_a_blank_that_is_spoilt_is_destroyed_and_never_entered(unit: ReceivingUnit) -> None:
    clerk = actor_with_role("intake-clerk")
    form = actions.print_forms(clerk, unit.code, 2, language="ar", profile="police", setting="bar")[
        0
    ]
    actions.confirm_shredded(clerk, form.serial)
    for act in (
        lambda: actions.confirm_shredded(clerk, form.serial),
        lambda: actions.enter_form(clerk, form.serial, {}, None),
    ):
        with pytest.raises(RuleBroken):
            act()


def test_overdue_forms_are_counted_and_filtered_by_the_same_rule(unit: ReceivingUnit) -> None:
    now = timezone.now()
    clerk = desk("intake-clerk")
    for days, back, gone in (
        (1, None, None),
        (20, None, None),
        (20, 1, None),
        (20, 9, None),
        (20, 9, 8),
        (20, None, 8),
    ):
        PaperForm.objects.create(
            serial=rules.drawn(),
            receiver=unit,
            edition="2026-1",
            language="en",
            profile="police",
            printed_at=now - timedelta(days=days),
            entered_at=None if back is None else now - timedelta(days=back),
            shredded_at=None if gone is None else now - timedelta(days=gone),
        )
    page = clerk.get(reverse("field:paper"), {"state": "late"})
    actor = page.wsgi_request.actor  # type: ignore[attr-defined]
    for state in FormState:
        rows = list(queries.forms(actor, state.value, now=now))
        assert [
            rules.state_of(row.printed_at, row.entered_at, row.shredded_at, now=now) for row in rows
        ] == [state]
    assert queries.overdue(actor, now=now) == {FormState.LATE: 1, FormState.MISSING: 1}
    assert "was not destroyed within two days" in page.content.decode()
