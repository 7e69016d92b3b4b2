"""The roster of experts: found by what they know, named to nobody without a reason."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions.experts import Skills, change_expert, enter_expert, open_expert
from cairn.referral.models import Expert
from cairn.referral.queries.experts import Filters, experts
from cairn.referral.rules import experts as rules
from cairn.referral.tests.factories import REASON, actor_of, provider
from cairn.referral.tests.protocols_made import editor, other

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
NAME, CONTACT = "Quorvella Inventzky", "Ring Plimsole 000"


def skills(**changes: Any) -> Skills:
    plain = Skills(
        title="Invented physician",
        fields=("health", "organ-removal"),
        keep_until=timezone.localdate() + rules.KEEP_FOR,
        languages=("fr", "ar"),
        countries=("NPL",),
    )
    return replace(plain, **changes)


def entered(actor: Actor, **changes: Any) -> Expert:
    return enter_expert(actor, organisation(), "", skills(**changes), NAME, CONTACT)


@pytest.mark.parametrize(
    ("title", "fields", "days", "code"),
    [
        ("  ", ["law"], 1, "expert.title"),
        ("Doctor Quorvella", ["law"], 1, "expert.title"),
        ("Jurist", [], 1, "expert.fields"),
        ("Jurist", ["law", "magic"], 1, "expert.fields"),
        ("Jurist", ["law"], 0, "expert.keep"),
        ("Jurist", ["law"], rules.KEEP_AT_MOST.days + 1, "expert.keep"),
        ("Jurist", ["law"], 1, ""),
        ("Jurist", ["law"], rules.KEEP_AT_MOST.days, ""),
    ],
)
def test_what_an_entry_must_and_must_not_say(
    title: str, fields: list[str], days: int, code: str
) -> None:
    met = ""
    try:
        rules.check_expert(title, fields, NAME, TODAY + days * DAY, TODAY)
    except RuleBroken as refused:
        met = refused.code
    assert met == code


@pytest.mark.django_db
def test_the_roster_holds_no_name_in_the_clear() -> None:
    entered(editor())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_expert")
        row = b" ".join(
            bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
            for each in cursor.fetchone()
        )
    assert b"Invented physician" in row
    assert b"Quorvella" not in row
    assert b"Plimsole" not in row
    facts = str(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "Quorvella" not in facts


@pytest.mark.django_db
def test_experts_are_found_by_field_language_country_and_whether_they_can_be_asked() -> None:
    keeper = editor()
    made = entered(keeper)
    everywhere = entered(keeper, fields=("law",), countries=(), availability="away")
    looking = provider()

    def codes(**chosen: str) -> set[str]:
        return {each.code for each in experts(looking, Filters(**chosen))}

    assert codes() == {made.code, everywhere.code}
    assert codes(field="health") == {made.code}
    assert codes(field="law", language="ar") == {everywhere.code}
    assert codes(country="KEN") == {everywhere.code}
    assert codes(country="NPL") == {made.code, everywhere.code}
    assert codes(availability="available") == {made.code}
    assert codes(language="ne") == set()


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_name_is_opened_with_a_reason_by_who_keeps_the_entry() -> None:
    keeper = editor()
    made = entered(keeper)
    opened = open_expert(keeper, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values == {"name": NAME, "contact": CONTACT}
    assert Reading.objects.get().kind == "expert"
    for refused in (provider(), editor("stranger", at=other())):
        with pytest.raises(PermissionDenied):
            open_expert(refused, made.code, Purpose.ASSISTANCE, REASON)
    with pytest.raises(RuleBroken):
        open_expert(keeper, made.code, Purpose.ASSISTANCE, "short")


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_change_leaves_what_is_sealed_unless_it_is_typed_anew() -> None:
    keeper = editor()
    made = entered(keeper)
    change_expert(keeper, made.code, skills(availability="busy"), contact="Ring Vantoome 111")
    opened = open_expert(keeper, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.values == {"name": NAME, "contact": "Ring Vantoome 111"}
    assert opened.record.availability == "busy"
    entry = AuditEntry.objects.get(code="expert.changed")
    assert entry.facts["fields"] == ["availability", "contact"]


@pytest.mark.django_db
def test_nobody_but_the_keepers_of_its_place_changes_an_entry() -> None:
    made = entered(editor())
    for refused in (provider(), editor("stranger", at=other())):
        with pytest.raises(PermissionDenied):
            change_expert(refused, made.code, skills(title="Taken over"))
    assert Expert.objects.get().title == "Invented physician"
    nobody = actor_of(user_with_role("donor"))
    with pytest.raises(Expert.DoesNotExist):
        change_expert(nobody, made.code, skills())


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_an_expert_who_wants_to_be_forgotten_is() -> None:
    made = entered(editor())
    first = actor_of(user_with_role("data-protection-officer", name="dpo-1"))
    second = actor_of(user_with_role("data-protection-officer", name="dpo-2"))
    asked = ask_erasure(first, "expert", made.code, REASON)
    approve_erasure(second, asked.pk)
    made.refresh_from_db()
    assert (made.title, made.languages, made.keep_until) == ("–", [], None)
    assert made.erased_on is not None
    assert not experts(editor("later"), Filters())
    with pytest.raises(RuleBroken, match="erased"):
        change_expert(editor("again"), made.code, skills())
