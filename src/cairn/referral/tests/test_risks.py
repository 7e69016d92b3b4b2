"""Recipients that are left out: for everybody, on a ground that few may know, let back by two."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions.risks import end_risk, open_risk
from cairn.referral.models import RecipientRisk
from cairn.referral.queries.risks import Filters, excluded, ground_against, kept_out, risks
from cairn.referral.rules import risks as rules
from cairn.referral.rules.risks import RiskGround
from cairn.referral.tests.factories import REASON, actor_of, provider
from cairn.referral.tests.protocols_made import NOTE, editor, other, risk, service

FIRST, LAST = date(2026, 3, 1), date(2026, 9, 30)
DAY = timedelta(days=1)
A, B = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("ends", "ended", "today", "expected"),
    [
        (None, None, FIRST - DAY, False),
        (None, None, FIRST, True),
        (None, None, LAST + 9999 * DAY, True),
        (LAST, None, LAST, True),
        (LAST, None, LAST + DAY, False),
        (None, LAST, LAST - DAY, True),
        (None, LAST, LAST, False),
        (LAST, FIRST, FIRST, False),
    ],
)
def test_it_holds_until_it_ends(
    ends: date | None, ended: date | None, today: date, expected: bool
) -> None:
    assert rules.holds(FIRST, ends, ended, today) is expected


GOOD: dict[str, Any] = {
    "recipient": A,
    "service_of": None,
    "ground": RiskGround.CONFLICT,
    "starts_on": FIRST,
    "ends_on": None,
    "note": "Somebody saw something.",
    "today": FIRST,
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"service_of": B}, "risk.service"),
        ({"ground": "dislike"}, "risk.ground"),
        ({"ends_on": FIRST - DAY}, "risk.days"),
        ({"starts_on": FIRST - 9 * DAY, "ends_on": FIRST - DAY}, "risk.days"),
        ({"note": "  "}, "risk.note"),
    ],
)
def test_what_nobody_could_act_on_is_refused(changes: dict[str, Any], code: str) -> None:
    rules.check_decided(**GOOD)
    rules.check_decided(**(GOOD | {"service_of": A, "ends_on": FIRST}))
    with pytest.raises(RuleBroken) as refused:
        rules.check_decided(**(GOOD | changes))
    assert refused.value.code == code


def test_one_person_alone_lets_nobody_back() -> None:
    rules.check_other_person(A, B)
    with pytest.raises(RuleBroken) as refused:
        rules.check_other_person(A, A)
    assert refused.value.code == "risk.second-person"


@pytest.mark.django_db
def test_a_recipient_is_left_out_for_everybody_until_a_second_person_ends_it() -> None:
    first, second = editor("editor-1"), editor("editor-2")
    today = timezone.localdate()
    made = risk(first)
    assert excluded(today) == {other().pk: "implicated-force"}
    assert ground_against(other().pk, None, today) == "implicated-force"
    assert ground_against(organisation().pk, None, today) is None
    with pytest.raises(RuleBroken) as refused:
        end_risk(first, made.code)
    assert refused.value.code == "risk.second-person"
    assert excluded(today)
    end_risk(second, made.code)
    assert excluded(today) == {}
    with pytest.raises(RuleBroken, match="any more"):
        end_risk(second, made.code)
    codes = AuditEntry.objects.filter(code__startswith="risk.").order_by("sequence")
    assert list(codes.values_list("code", flat=True)) == ["risk.decided", "risk.ended"]
    made.refresh_from_db()
    assert made.keep_until is not None


@pytest.mark.django_db
def test_one_service_can_be_left_out_and_the_others_not() -> None:
    bad, good = service(name="Invented bad"), service(name="Invented good")
    made = risk(editor(), service=bad)
    today = timezone.localdate()
    out = kept_out(today)
    assert out.ground(other().pk, bad.pk) == made.ground
    assert out.ground(other().pk, good.pk) is None
    assert excluded(today) == {}


@pytest.mark.django_db
def test_the_same_is_not_decided_twice_and_another_ground_is() -> None:
    first = editor()
    risk(first)
    with pytest.raises(RuleBroken) as refused:
        risk(first)
    assert refused.value.code == "risk.known"
    risk(first, ground=RiskGround.CONFLICT)
    assert RecipientRisk.objects.count() == 2


@pytest.mark.django_db
def test_what_was_found_out_is_sealed() -> None:
    risk(editor())
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM referral_recipientrisk")
        assert b"Xanthoquil" not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_note_is_read_with_a_reason_by_its_own_organisation() -> None:
    first = editor()
    made = risk(first)
    opened = open_risk(first, made.code, Purpose.SAFETY, REASON)
    assert opened.values == {"note": NOTE}
    assert Reading.objects.get().kind == "recipient-risk"
    stranger = editor("stranger", at=other())
    with pytest.raises(PermissionDenied):
        open_risk(stranger, made.code, Purpose.SAFETY, REASON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("service-provider", False),
        ("referral-focal-point", False),
        ("case-supervisor", True),
        ("directory-editor", True),
    ],
)
def test_who_may_know_the_ground(role: str, sees: bool) -> None:
    made = risk(editor())
    today = timezone.localdate()
    looking = actor_of(user_with_role(role, name=f"looking-{role}", at=other()))
    found = risks(looking, Filters(), today)
    assert [each.code for each in found] == ([made.code] if sees else [])
    if not sees:
        with pytest.raises(RecipientRisk.DoesNotExist):
            end_risk(looking, made.code)


@pytest.mark.django_db
def test_who_may_know_may_not_decide_alone() -> None:
    made = risk(editor())
    supervisor = actor_of(user_with_role("case-supervisor"))
    with pytest.raises(PermissionDenied):
        end_risk(supervisor, made.code)
    with pytest.raises(PermissionDenied):
        risk(provider(), ground=RiskGround.CONFLICT)
    assert RecipientRisk.objects.count() == 1


@pytest.mark.django_db
def test_the_list_tells_what_holds_from_what_is_over() -> None:
    first, second = editor("editor-1"), editor("editor-2")
    today = timezone.localdate()
    over, live = risk(first), risk(first, ground=RiskGround.CONFLICT)
    end_risk(second, over.code)
    later = risk(first, ground=RiskGround.DUE_DILIGENCE, ends_on=today)
    assert {each.code for each in risks(first, Filters(), today)} == {live.code, later.code}
    assert [each.code for each in risks(first, Filters(over=True), today)] == [over.code]
    tomorrow = today + DAY
    assert [each.code for each in risks(first, Filters(), tomorrow)] == [live.code]
    assert not risks(first, Filters(words="no such"), today)
    assert risks(first, Filters(ground=RiskGround.CONFLICT), today).get() == live
