"""Pages of kits: what leaves is listed first, what came back is counted, strangers see nothing."""

import io
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.training.actions import kits_check_in
from cairn.training.models import AttendanceMark, Kit, KitCheckout, KitReturn
from cairn.training.tests import factories
from cairn.training.tests.kits_scene import REASON, Laptop, Scene, scene

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def out(db: None) -> Scene:
    return scene()


@pytest.fixture
def officer(out: Scene) -> Client:
    return signed_in(User.objects.get(username="invented-training-officer"))


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"training:{name}", args=args))
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def brought(scene: Scene, *, faulty: bool = False) -> SimpleUploadedFile:
    changes: dict[str, Any] = {"kind": "dancing"} if faulty else {}
    records = [
        scene.laptop.mark(scene.enrolments[0], scene.session),
        scene.laptop.mark(scene.enrolments[1], scene.session, **changes),
    ]
    content = scene.laptop.bundle(records, is_last=True).getvalue()
    return SimpleUploadedFile("K01.cairn-bundle", content)


def test_a_laptop_is_enrolled_on_a_page_and_a_wrong_mark_stands_at_its_field() -> None:
    client = signed_in(user_with_role("training-officer", at=factories.agency()))
    laptop = Laptop()
    given = {
        "label": "Invented laptop 7",
        "organisation": factories.agency().pk,
        "card": laptop.card.text,
        "mark": Laptop().card.mark,
    }
    refused = client.post(reverse("training:kit-enrol"), given)
    assert refused.status_code == 409
    assert laptop.card.text in refused.content.decode()
    done = client.post(reverse("training:kit-enrol"), given | {"mark": laptop.card.mark.lower()})
    kit = Kit.objects.get()
    assert done.url == reverse("training:kit", args=[kit.code])  # type: ignore[attr-defined]
    assert laptop.card.mark in page(client, "kit", kit.code)
    assert "Invented laptop 7" in page(client, "kits")


def test_what_would_leave_is_listed_before_it_leaves_and_then_comes_as_a_file() -> None:
    client = signed_in(user_with_role("training-officer", at=factories.agency()))
    event = factories.event("K05")
    person = factories.practitioner("Invented Kit Person")
    factories.enrolment(event, person)
    laptop = Laptop()
    kit = laptop.enrolled(factories.acting(User.objects.get()))
    address = reverse("training:kit-check-out", args=[kit.code])
    assert "K05" in client.get(address).content.decode()
    shown = client.get(address, {"event": "K05"}).content.decode()
    assert person.code in shown
    assert "Invented Kit Person" not in shown
    assert not KitCheckout.objects.exists()
    assert client.post(f"{address}?event=K05", {"reason": "why"}).status_code == 409
    answer = client.post(f"{address}?event=K05", {"reason": REASON})
    assert answer["Content-Disposition"] == f'attachment; filename="K05-{kit.code}.cairn-bundle"'
    assert answer.content.startswith(b"cairn-bundle 1 ")
    assert KitCheckout.objects.get().event == event


def test_the_checkout_shows_since_when_and_the_mark_to_compare(out: Scene, officer: Client) -> None:
    shown = page(officer, "kit-checkout", out.checkout_id)
    assert out.laptop.home is not None
    assert out.laptop.home.mark in shown
    assert "Laptop of the test" in shown
    assert "K01" in page(officer, "kit", out.laptop.code)


def test_a_bundle_is_brought_and_each_outcome_is_counted_with_its_reason(
    out: Scene, officer: Client
) -> None:
    address = reverse("training:kit-check-in", args=[out.checkout_id])
    answer = officer.post(address, {"bundle": brought(out, faulty=True)})
    done = KitReturn.objects.get()
    assert answer.url == reverse("training:kit-return", args=[done.pk])  # type: ignore[attr-defined]
    assert (done.accepted, done.refused) == (1, 1)
    shown = page(officer, "kit-return", done.pk)
    assert "“kind”" in shown
    assert KitCheckout.objects.get().state == "returned"
    receipt = officer.post(reverse("training:kit-receipt", args=[done.pk]))
    assert receipt.content.startswith(b"cairn-bundle 1 ")


def test_a_file_that_is_no_bundle_is_refused_at_its_field(out: Scene, officer: Client) -> None:
    address = reverse("training:kit-check-in", args=[out.checkout_id])
    other = SimpleUploadedFile("list.xlsx", b"PK\x03\x04 no bundle at all")
    answer = officer.post(address, {"bundle": other})
    assert answer.status_code == 409
    assert "not a bundle" in answer.content.decode()
    assert not AttendanceMark.objects.exists()


def test_the_acceptance_sheet_is_a_pdf_to_sign_without_names(out: Scene, officer: Client) -> None:
    file = io.BytesIO(brought(out, faulty=True).read())
    done = kits_check_in.check_in(out.actor, out.checkout_id, file)
    answer = officer.get(reverse("training:kit-sheet", args=[done.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(
        each.extract_text() for each in pypdf.PdfReader(io.BytesIO(answer.content)).pages
    )
    for words in (out.laptop.code, "K01", "Signature", "Refused", done.digest[:20]):
        assert words in text.replace("\n", ""), words
    assert "Invented Kit Person" not in text


def test_an_event_is_recalled_on_a_page_with_a_reason(out: Scene, officer: Client) -> None:
    address = reverse("training:kit-recall", args=[out.checkout_id])
    assert "refused" in officer.get(address).content.decode()
    officer.post(address, {"reason": "The laptop was stolen on the way."})
    assert KitCheckout.objects.get().state == "recalled"
    assert "stolen" in page(officer, "kit-checkout", out.checkout_id)
    assert "stolen" in page(officer, "kit", out.laptop.code)


def test_strangers_find_no_kit_and_trainers_may_not_work_with_one(out: Scene) -> None:
    elsewhere = signed_in(
        user_with_role("training-officer", name="elsewhere", at=factories.agency("Other Agency"))
    )
    factories.trainer(out.event)
    trainer = signed_in(User.objects.get(username="invented-trainer"))
    for name, args in (("kit", [out.laptop.code]), ("kit-checkout", [out.checkout_id])):
        address = reverse(f"training:{name}", args=args)
        assert elsewhere.get(address).status_code == 404
        assert trainer.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert out.laptop.code not in page(elsewhere, "kits")


def test_the_list_of_kits_asks_as_much_for_many_as_for_one(officer: Client, out: Scene) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(officer, "kits")
        return len(queries)

    asked()
    one = asked()
    for _each in range(5):
        Laptop().enrolled(out.actor)
    assert asked() == one


def test_a_machine_that_is_no_kit_says_so(officer: Client) -> None:
    assert "carries no event" in page(officer, "kit-here")
