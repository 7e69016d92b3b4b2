"""What is held: who sees it, what becomes of it, and what no person can answer for."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions import held, intake
from cairn.identification.models import Device, HeldEnvelope, ReceptionKey, Report
from cairn.identification.queries import held as queries
from cairn.identification.rules import held as rules
from cairn.identification.rules.choices import HeldReason
from cairn.identification.rules.held import Closing
from cairn.identification.tests import intake_factories as factories
from cairn.identification.tests.envelopes import Phone
from cairn.identification.tests.factories import actor_of


@pytest.mark.parametrize("reason", HeldReason)
def test_every_reason_is_explained_and_only_four_can_be_answered_for(reason: HeldReason) -> None:
    assert len(rules.explanation(reason)) > 40
    releasable = {"future-date", "expired", "revoked", "unknown-list"}
    if reason in releasable:
        rules.check_releasable(reason)
    else:
        with pytest.raises(RuleBroken) as refusal:
            rules.check_releasable(reason)
        assert refusal.value.code == "held.release"


def test_every_settlement_has_its_words() -> None:
    words = [
        rules.settlement_words(each) for each in (rules.RELEASED, rules.ARRIVED, *Closing.values)
    ]
    assert len(set(words)) == 2 + len(Closing)
    assert rules.settlement_words("") == ""
    assert rules.explanation("something else") == ""


def test_what_is_settled_is_not_settled_again() -> None:
    rules.check_open(None)
    with pytest.raises(RuleBroken) as refusal:
        rules.check_open(timezone.now())
    assert refusal.value.code == "held.settled"


class Scene:
    """A unit with a phone, its supervisor, and one of another organisation."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.unit = factories.receiver()
        self.key, _ = factories.reception_key(self.unit)
        self.device, private = factories.device(self.unit)
        self.phone = Phone(self.device.code, bytes(self.key.public), private)
        self.user = user_with_role(
            "field-supervisor", name="invented-supervisor", at=self.unit.organisation
        )
        self.other = user_with_role(
            "field-supervisor", name="invented-other", at=organisation("Invented Elsewhere")
        )

    def held(self, item: Any) -> HeldEnvelope:
        [result] = intake.receive([item], now=self.now)
        assert result.outcome == "held"
        return HeldEnvelope.objects.order_by("-received_at", "pk").get(reason=result.reason)


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_a_supervisor_releases_what_a_wrong_clock_held_and_it_stays_in_the_log(
    scene: Scene,
) -> None:
    item = scene.phone.report(scene.now + timedelta(days=9), is_urgent=True)
    row = scene.held(item)
    actor = actor_of(scene.user)
    settled = held.release(actor, row.pk, scene.now)
    report = Report.objects.get()
    assert str(report.pk) == item["id"]
    assert report.device == scene.device
    assert report.due_at == scene.now + timedelta(hours=1)
    assert (settled.settlement, settled.settled_by) == ("released", scene.user.pk)
    entry = AuditEntry.objects.get(code="held.released")
    assert entry.facts["report"] == report.code
    with pytest.raises(RuleBroken) as refusal:
        held.close(actor, row.pk, Closing.TEST, scene.now)
    assert refusal.value.code == "held.settled"
    assert [each.outcome for each in intake.receive([item], now=scene.now)] == ["duplicate"]


def test_what_arrived_meanwhile_is_not_released_twice(scene: Scene) -> None:
    item = scene.phone.report(scene.now + timedelta(days=3))
    row = scene.held(item)
    intake.receive([item], now=scene.now + timedelta(days=2))
    assert held.release(actor_of(scene.user), row.pk, scene.now).settlement == "arrived"
    assert Report.objects.count() == 1


def test_a_release_looks_at_signature_key_and_number_again(scene: Scene) -> None:
    actor = actor_of(scene.user)
    row = scene.held(scene.phone.report(scene.now + timedelta(days=9), sequence=5))
    ReceptionKey.objects.filter(pk=scene.key.pk).update(destroyed_at=scene.now)
    with pytest.raises(RuleBroken, match="not known here"):
        held.release(actor, row.pk, scene.now)
    ReceptionKey.objects.filter(pk=scene.key.pk).update(destroyed_at=None)
    intake.receive([scene.phone.report(scene.now, sequence=5)], now=scene.now)
    with pytest.raises(RuleBroken, match="another content"):
        held.release(actor, row.pk, scene.now)
    Device.objects.filter(pk=scene.device.pk).update(
        public=Phone("222-222", bytes(scene.key.public)).public
    )
    with pytest.raises(RuleBroken, match="does not fit"):
        held.release(actor, row.pk, scene.now)
    assert Report.objects.count() == 1


def test_what_is_closed_stays_and_says_why(scene: Scene) -> None:
    row = scene.held(scene.phone.report(scene.now) | {"urgent": 1})
    actor = actor_of(scene.user)
    with pytest.raises(RuleBroken):
        held.release(actor, row.pk, scene.now)
    held.close(actor, row.pk, Closing.ABUSE, scene.now)
    row.refresh_from_db()
    assert (row.settlement, row.settled_at) == ("abuse", scene.now)
    assert list(queries.waiting(actor)) == []
    assert AuditEntry.objects.filter(code="held.closed").exists()


def test_each_supervisor_sees_their_own_phones_and_what_names_nobody(scene: Scene) -> None:
    own = scene.held(scene.phone.report(scene.now + timedelta(days=9)))
    nobodys = scene.held(b"neither phone nor unit")
    every = queries.Filters()
    assert set(queries.held(actor_of(scene.user), every)) == {own, nobodys}
    assert set(queries.held(actor_of(scene.other), every)) == {nobodys}
    with pytest.raises(HeldEnvelope.DoesNotExist):
        held.release(actor_of(scene.other), own.pk, scene.now)
    assert queries.waiting_since(actor_of(scene.user)) == scene.now
    narrow = queries.Filters(reason="unreadable")
    assert list(queries.held(actor_of(scene.user), narrow)) == [nobodys]


def test_the_pages_tell_what_is_known_and_lead_to_a_settlement(
    scene: Scene, client: Client, django_assert_max_num_queries: Any
) -> None:
    row = scene.held(scene.phone.report(scene.now + timedelta(days=9)))
    scene.held({"v": 1, "words": "plain words by mistake"})
    for _ in range(8):
        intake.receive([scene.phone.report(scene.now + timedelta(days=9))], now=scene.now)
    sign_in(client, scene.user)
    with django_assert_max_num_queries(14):
        page = client.get("/reports/held/")
    assert page.status_code == 200
    assert page.content.decode().count(scene.device.code) == 9
    address = f"/reports/held/{row.pk}/"
    shown = client.get(address).content.decode()
    assert scene.device.code in shown
    assert "clock of the phone" in shown
    assert client.get(f"/reports/held/{'0' * 8}-0000-4000-8000-{'0' * 12}/").status_code == 404
    assert client.post(f"{address}close/", {"closing": "nonsense"}).status_code == 422
    assert client.post(f"{address}release/").status_code == 302
    assert "Released as a report" in client.get(address).content.decode()
    assert client.post(f"{address}release/").status_code == 409
    assert client.post(f"{address}close/", {"closing": "test"}).status_code == 409
    settled = client.get("/reports/held/", {"state": "settled"}).content.decode()
    assert settled.count(scene.device.code) == 1


def test_a_stranger_is_shown_nothing_of_what_is_held(scene: Scene, client: Client) -> None:
    row = scene.held(scene.phone.report(scene.now + timedelta(days=9)))
    address = f"/reports/held/{row.pk}/"
    assert client.get(address).status_code == 302
    sign_in(client, scene.other)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}release/").status_code == 404
