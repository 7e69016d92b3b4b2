"""Writes about identification: outcome, refusals, what the log says, and what stays sealed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions.procedures import (
    decide_procedure,
    open_procedure,
    take_over_investigation,
)
from cairn.identification.actions.profiles import set_country_profile
from cairn.identification.models import CountryProfile, Decision, Procedure
from cairn.identification.queries import procedures as queries
from cairn.identification.queries.profiles import profiles
from cairn.identification.rules.procedures import Standard, State
from cairn.identification.tests.factories import (
    NAME,
    REASON,
    REASONS,
    SUMMARY,
    actor_of,
    authority,
    decide,
    procedure,
)
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.vault.opening import Unreadable

pytestmark = pytest.mark.django_db


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_a_procedure_goes_from_detection_to_identification() -> None:
    actor = authority()
    made = procedure(actor)
    assert queries.state_of(made) == State.DETECTED
    decide(
        actor,
        made,
        State.UNDER_ASSESSMENT,
        State.REASONABLE_GROUNDS,
        State.DEFERRED,
        State.CONCLUSIVE_POSITIVE,
    )
    assert queries.state_of(made) == State.CONCLUSIVE_POSITIVE
    assert [each.number for each in queries.decisions(made)] == [1, 2, 3, 4]
    # Only reasonable grounds opened something; no profile says more here.
    assert codes() == [
        "procedure.entered",
        *["procedure.decided"] * 2,
        "right.changed",
        *["procedure.decided"] * 2,
    ]
    assert AuditEntry.objects.latest("sequence").facts == {
        "outcome": "conclusive-positive",
        "standard": "balance",
        "number": 4,
    }


def test_an_outcome_that_may_not_follow_is_refused_and_leaves_nothing() -> None:
    actor = authority()
    made = procedure(actor)
    with pytest.raises(RuleBroken) as refusal:
        decide(actor, made, State.CONCLUSIVE_NEGATIVE)
    assert refusal.value.code == "decision.move"
    assert not Decision.objects.exists()
    assert codes() == ["procedure.entered"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"standard": Standard.SURE}, "decision.standard"),
        ({"authority": " "}, "decision.authority"),
        ({"reasons": " "}, "decision.reasons"),
    ],
)
def test_a_decision_names_its_standard_authority_and_reasons(
    wrong: dict[str, object], code: str
) -> None:
    actor = authority()
    made = procedure(actor)
    given: dict[str, object] = {"standard": Standard.NONE, "authority": "Act 7", "reasons": "So."}
    with pytest.raises(RuleBroken) as refusal:
        decide_procedure(actor, made.code, State.UNDER_ASSESSMENT, **(given | wrong))  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_who_investigated_now_or_before_does_not_decide() -> None:
    first, second, third = authority(), authority("second"), authority("third")
    made = procedure(first)
    take_over_investigation(first, made.code)
    take_over_investigation(second, made.code)
    decide(first, made, State.UNDER_ASSESSMENT)
    for investigator in (first, second):
        with pytest.raises(RuleBroken) as refusal:
            decide(investigator, made, State.NO_REASONABLE_GROUNDS)
        assert refusal.value.code == "decision.duties"
    decide(third, made, State.REASONABLE_GROUNDS)
    assert queries.state_of(made) == State.REASONABLE_GROUNDS


def test_the_profile_of_the_country_may_allow_it_and_the_newest_profile_holds() -> None:
    actor, administrator = authority(), actor_of(user_with_role("administrator"))
    made = procedure(actor)
    take_over_investigation(actor, made.code)
    decide(actor, made, State.UNDER_ASSESSMENT)
    set_country_profile(administrator, "NPL", investigator_may_decide=True, source="Act 7")
    decide(actor, made, State.REASONABLE_GROUNDS)
    set_country_profile(administrator, "NPL", investigator_may_decide=False, source="Act 8")
    with pytest.raises(RuleBroken):
        decide(actor, made, State.CONCLUSIVE_POSITIVE)
    assert CountryProfile.objects.count() == 2
    assert [each.source for each in profiles(actor)] == ["Act 8"]


def test_a_profile_of_another_country_changes_nothing() -> None:
    actor, administrator = authority(), actor_of(user_with_role("administrator"))
    made = procedure(actor)
    take_over_investigation(actor, made.code)
    decide(actor, made, State.UNDER_ASSESSMENT)
    set_country_profile(administrator, "SEN", investigator_may_decide=True, source="Act 7")
    with pytest.raises(RuleBroken):
        decide(actor, made, State.REASONABLE_GROUNDS)


@pytest.mark.parametrize("role", ["identification-authority", "data-protection-officer"])
def test_only_administrators_set_profiles(role: str) -> None:
    with pytest.raises(PermissionDenied):
        set_country_profile(
            actor_of(user_with_role(role)), "NPL", investigator_may_decide=True, source="Act 7"
        )
    assert not CountryProfile.objects.exists()


def test_the_installation_itself_decides_nothing() -> None:
    made = procedure(authority())
    with pytest.raises((RuleBroken, PermissionDenied)):
        decide(SYSTEM, made, State.UNDER_ASSESSMENT)
    assert not Decision.objects.exists()


def test_a_decision_is_neither_changed_nor_removed() -> None:
    actor = authority()
    made = procedure(actor)
    decision = decide(actor, made, State.UNDER_ASSESSMENT)
    for attempt in (
        decision.save,
        decision.delete,
        lambda: Decision.objects.filter(pk=decision.pk).update(outcome="discontinued"),
        lambda: Decision.objects.all().delete(),
    ):
        with pytest.raises(TypeError):
            attempt()
    assert Decision.objects.get().outcome == State.UNDER_ASSESSMENT


def strangers() -> list[Actor]:
    return [
        authority("elsewhere", at=organisation("Invented Other")),
        authority("abroad", country="SEN"),
        actor_of(user_with_role("service-provider")),
        actor_of(user_with_role("data-protection-officer")),
        actor_of(user_with_role("administrator")),
        PUBLIC,
    ]


def test_for_everybody_else_the_procedure_does_not_exist() -> None:
    made = procedure(authority())
    for actor in strangers():
        for attempt in (
            lambda actor=actor: decide(actor, made, State.UNDER_ASSESSMENT),
            lambda actor=actor: take_over_investigation(actor, made.code),
            lambda actor=actor: open_procedure(actor, made.code, Purpose.IDENTIFICATION, REASON),
        ):
            with pytest.raises(Procedure.DoesNotExist):
                attempt()
    assert codes() == ["procedure.entered"]
    assert not Reading.objects.exists()


def test_nobody_enters_a_procedure_for_another_place() -> None:
    with pytest.raises(PermissionDenied):
        procedure(authority(country="SEN"))
    with pytest.raises(PermissionDenied):
        procedure(actor_of(user_with_role("service-provider")))
    assert not Procedure.objects.exists()


def test_an_opening_gives_texts_and_reasons_and_is_written_down() -> None:
    actor = authority()
    made = procedure(actor)
    decide(actor, made, State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    opened, reasons = open_procedure(actor, made.code, Purpose.IDENTIFICATION, REASON)
    assert opened.values == {"subject_name": NAME, "summary": SUMMARY}
    assert [each.values["reasons"] for each in reasons] == [REASONS, REASONS]
    assert set(Reading.objects.values_list("kind", flat=True)) == {"procedure", "decision"}


def test_after_erasure_decisions_stay_as_acts_without_reasons() -> None:
    actor = authority()
    made = procedure(actor)
    decide(actor, made, State.UNDER_ASSESSMENT)
    asked = ask_erasure(actor, "procedure", made.code, "The person wishes it so.")
    approve_erasure(actor_of(user_with_role("data-protection-officer")), asked.pk)
    opened, reasons = open_procedure(actor, made.code, Purpose.IDENTIFICATION, REASON)
    gone = Unreadable("erased")
    assert [*opened.values.values(), *reasons[0].values.values()] == [gone, gone, gone]
    assert Procedure.objects.get().erased_on == timezone.localdate()
    assert Decision.objects.count() == 1
    with pytest.raises(RuleBroken) as refusal:
        decide(actor, made, State.DISCONTINUED)
    assert refusal.value.code == "procedure.erased"


def test_no_typed_code_finds_a_decision_apart_from_its_procedure() -> None:
    actor = authority()
    decision = decide(actor, procedure(actor), State.UNDER_ASSESSMENT)
    with pytest.raises(Decision.DoesNotExist):
        ask_erasure(actor, "decision", decision.code, "The person wishes it so.")


def test_sealed_texts_are_in_no_byte_of_the_tables_nor_of_the_log() -> None:
    actor = authority()
    decide(actor, procedure(actor), State.UNDER_ASSESSMENT)
    kept = str(list(AuditEntry.objects.values())).encode()
    with connection.cursor() as cursor:
        for statement in (
            "SELECT * FROM identification_procedure",
            "SELECT * FROM identification_decision",
        ):
            cursor.execute(statement)
            for row in cursor.fetchall():
                for value in row:
                    is_raw = isinstance(value, bytes | memoryview)
                    kept += bytes(value) if is_raw else str(value).encode()
    for text in (NAME, SUMMARY, REASONS):
        assert text.encode() not in kept
        assert text.encode().hex().encode() not in kept
