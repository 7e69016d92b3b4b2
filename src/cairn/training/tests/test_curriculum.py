"""The curriculum: versions that never change again, stale translations, adaptations, plans."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import actor_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.training.actions import curriculum as actions
from cairn.training.models import Adaptation, LearningObjective, ModuleVersion, UnitStrength
from cairn.training.queries import curriculum as queries
from cairn.training.rules import curriculum as rules
from cairn.training.rules.choices import Competency, CourseType
from cairn.training.rules.states import AdaptationState, VersionState
from cairn.training.tests.factories import agency, officer

PART = {"minutes": 45, "method": "case work", "title": "The border"}


@pytest.fixture
def planner(db: None) -> Actor:
    return officer()


def objective(planner: Actor, code: str = "O1") -> LearningObjective:
    return actions.enter_objective(planner, code, Competency.IDENTIFY, {"en": f"Do {code}"})


def facts(planner: Actor, **more: object) -> actions.VersionFacts:
    found = LearningObjective.objects.first() or objective(planner)
    given: dict[str, object] = {
        "hours": Decimal("4.0"),
        "summary": "Invented summary",
        "outline": [PART],
        "objectives": [found],
    }
    return actions.VersionFacts(**given | more)  # type: ignore[arg-type]


def published(planner: Actor, code: str = "M1") -> ModuleVersion:
    actions.enter_module(planner, code, f"Invented module {code}")
    version = actions.enter_version(planner, code, facts(planner))
    for to in (VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.PUBLISHED):
        actions.move_version(planner, version.pk, to)
    version.refresh_from_db()
    return version


def stale_of(planner: Actor) -> int:
    [shown] = queries.modules(planner)
    return int(vars(shown)["stale"])


def test_an_outline_is_read_line_by_line_and_written_back() -> None:
    text = "45 | case work | The border\n\n30|talk|Questions"
    parts = rules.parse_outline(text)
    assert parts == [PART, {"minutes": 30, "method": "talk", "title": "Questions"}]
    assert rules.parse_outline(rules.written_outline(parts)) == parts


@pytest.mark.parametrize(
    "line", ["case work | The border", "0 | talk | t", "601 | talk | t", "x | a | b", "4 | | b"]
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(line: str) -> None:
    with pytest.raises(RuleBroken, match="Line 2"):
        rules.parse_outline(f"45 | case work | The border\n{line}")


@pytest.mark.parametrize(
    ("numbers", "is_major", "following"),
    [
        ([], False, (1, 0)),
        ([], True, (1, 0)),
        ([(1, 0)], False, (1, 1)),
        ([(1, 0), (1, 3)], True, (2, 0)),
        ([(2, 1), (1, 9)], False, (2, 2)),
    ],
)
def test_versions_are_numbered_in_order(
    numbers: list[tuple[int, int]], is_major: bool, following: tuple[int, int]
) -> None:
    assert rules.next_number(numbers, is_major=is_major) == following


def test_two_texts_side_by_side_tell_what_changed() -> None:
    assert rules.changed_lines("a\nb\nc", "a\nx\nc\nd") == [
        ("same", "a", "a"),
        ("changed", "b", "x"),
        ("same", "c", "c"),
        ("new", "", "d"),
    ]


def test_a_published_version_never_changes_and_a_new_one_takes_its_place(planner: Actor) -> None:
    first = published(planner)
    assert first.frozen_at is not None
    with pytest.raises(RuleBroken, match="never changes"):
        actions.edit_version(planner, first.pk, facts(planner, summary="Other"))
    second = actions.enter_version(planner, "M1", facts(planner, summary="New"))
    assert second.number == "1.1"
    for to in (VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.PUBLISHED):
        actions.move_version(planner, second.pk, to)
    first.refresh_from_db()
    assert first.state == VersionState.SUPERSEDED
    assert AuditEntry.objects.filter(code="module_version.moved").count() == 7


def test_a_version_without_objectives_is_not_reviewed(planner: Actor) -> None:
    actions.enter_module(planner, "M1", "Invented")
    version = actions.enter_version(planner, "M1", facts(planner, objectives=[]))
    with pytest.raises(RuleBroken, match="cannot be taught"):
        actions.move_version(planner, version.pk, VersionState.IN_REVIEW)


def test_a_draft_is_not_published_at_once(planner: Actor) -> None:
    actions.enter_module(planner, "M1", "Invented")
    version = actions.enter_version(planner, "M1", facts(planner))
    with pytest.raises(RuleBroken, match="Draft"):
        actions.move_version(planner, version.pk, VersionState.PUBLISHED)


def test_a_translation_is_stale_as_soon_as_its_source_changes(planner: Actor) -> None:
    module = actions.enter_module(planner, "M1", "Invented")
    version = actions.enter_version(planner, "M1", facts(planner))
    actions.set_variant(planner, version.pk, "fr", title="Inventé")
    assert [each.is_stale for each in queries.versions(planner, module)[0].variants[:1]] == [False]
    actions.edit_version(planner, version.pk, facts(planner, summary="Changed"))
    shown = queries.versions(planner, module)[0]
    assert {each.language: each.is_stale for each in shown.variants if each.variant} == {"fr": True}
    assert stale_of(planner) == 1
    actions.set_variant(planner, version.pk, "fr", title="Inventé")
    assert stale_of(planner) == 0


def test_an_adaptation_is_piloted_and_adopted_and_knows_when_its_source_moves_on(
    planner: Actor,
) -> None:
    source = published(planner)
    made = actions.adapt_version(
        planner,
        source.pk,
        actions.Place("MLI"),
        code="M1-MLI",
        title="Invented for a mission",
        what_changed="Invented law",
    )
    assert made.version.content_hash == source.content_hash
    with pytest.raises(RuleBroken, match="where"):
        actions.move_adaptation(planner, made.pk, AdaptationState.PILOTED)
    actions.move_adaptation(planner, made.pk, AdaptationState.PILOTED, piloted_in="Invented camp")
    with pytest.raises(RuleBroken, match="institution"):
        actions.move_adaptation(planner, made.pk, AdaptationState.ADOPTED)
    actions.move_adaptation(planner, made.pk, AdaptationState.ADOPTED, adopted_by=agency())
    found = Adaptation.objects.select_related("parent").get(pk=made.pk)
    assert (found.state, found.piloted_in) == (AdaptationState.ADOPTED, "Invented camp")
    assert not queries.is_behind(found)
    following = actions.enter_version(planner, "M1", facts(planner, summary="New"))
    for to in (VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.PUBLISHED):
        actions.move_version(planner, following.pk, to)
    assert queries.is_behind(queries.adaptation(planner, made.pk))


def test_an_adaptation_needs_a_place(planner: Actor) -> None:
    source = published(planner)
    with pytest.raises(RuleBroken, match="country or a mission"):
        actions.adapt_version(
            planner, source.pk, actions.Place(), code="X", title="X", what_changed="X"
        )


def test_an_integration_needs_evidence(planner: Actor) -> None:
    source = published(planner)
    today = timezone.localdate()
    with pytest.raises(RuleBroken, match="evidence"):
        actions.record_integration(
            planner,
            source.pk,
            agency(),
            CourseType.INDUCTION,
            hours=Decimal(4),
            since=today,
            evidence=" ",
        )
    made = actions.record_integration(
        planner,
        source.pk,
        agency(),
        CourseType.INDUCTION,
        hours=Decimal(4),
        since=today,
        evidence="Invented syllabus of 1 May",
    )
    assert queries.versions(planner, source.module)[0].integrations == [made]


@pytest.mark.parametrize("role", ["trainer", "programme-officer", "donor"])
def test_only_who_plans_training_writes_modules(db: None, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.enter_module(actor_with_role(role), "M1", "Invented")
    assert not AuditEntry.objects.filter(code="module.entered").exists()


def test_a_course_plan_keeps_its_order_and_its_rule(planner: Actor) -> None:
    first, second = published(planner), published(planner, "M2")
    plan = actions.enter_plan(
        planner, "P1", "Invented", [second, first], minimum_minutes_share=Decimal("0.8")
    )
    assert [item.version_id for item in plan.items.all()] == [second.pk, first.pk]
    with pytest.raises(RuleBroken, match="at least one"):
        actions.edit_plan(planner, "P1", "Invented", [], minimum_minutes_share=Decimal("0.8"))
    with pytest.raises(RuleBroken, match="taken"):
        actions.enter_plan(planner, "P1", "Again", [first], minimum_minutes_share=Decimal("0.8"))


@pytest.fixture
def browser(planner: Actor, client: Client) -> Client:
    assert planner.user_id is not None
    client.force_login(User.objects.get(pk=planner.user_id))
    return client


def test_a_planner_enters_a_module_and_its_first_version_by_clicking(browser: Client) -> None:
    objective_page = browser.post(
        reverse("training:objective-new"),
        {"code": "O1", "competency": "identify", "text_en": "Recognise"},
    )
    assert objective_page.status_code == 302
    made = browser.post(reverse("training:module-new"), {"code": "M1", "title": "Invented"})
    form = {
        "hours": "4",
        "summary": "Invented",
        "methods": "case work, talk",
        "outline": "45 | case work | The border",
        "objectives": [str(LearningObjective.objects.get().pk)],
    }
    version = browser.post(made["Location"], form, follow=True)
    assert "The border" in version.content.decode()
    again = browser.post(reverse("training:module-new"), {"code": "M1", "title": "Typed words"})
    assert again.status_code == 409
    assert "Typed words" in again.content.decode()


def test_a_broken_outline_keeps_what_was_typed(browser: Client, planner: Actor) -> None:
    actions.enter_module(planner, "M1", "Invented")
    answer = browser.post(
        reverse("training:version-new", args=["M1"]), {"hours": "4", "outline": "no minutes here"}
    )
    assert answer.status_code == 422
    assert "no minutes here" in answer.content.decode()
    assert "Line 1" in answer.content.decode()


def test_the_list_and_a_module_ask_a_constant_number_of_queries(
    browser: Client, planner: Actor
) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    published(planner)
    addresses = [
        reverse("training:modules"),
        reverse("training:module", args=["M1"]),
        reverse("training:plans"),
        reverse("training:objectives"),
        reverse("training:needs"),
    ]
    few = [asked(each) for each in addresses]
    for number in range(2, 6):
        published(planner, f"M{number}")
        version = actions.enter_version(planner, "M1", facts(planner))
        actions.set_variant(planner, version.pk, "fr", title="Inventé")
    assert [asked(each) for each in addresses] == few


def test_the_strength_of_a_unit_is_recorded_and_its_faults_are_told(browser: Client) -> None:
    address = reverse("training:strength-new")
    form = {
        "organisation": str(agency().pk),
        "country": "NPL",
        "total": "120",
        "women": "130",
        "as_of": "2026-01-01",
        "source": "Invented list",
    }
    refused = browser.post(address, form)
    assert refused.status_code == 409
    assert "not possible" in refused.content.decode()
    assert not UnitStrength.objects.exists()
    assert browser.post(address, form | {"women": "15"}).status_code == 302
    assert UnitStrength.objects.get().women == 15
    assert "120" in browser.get(reverse("training:overview")).content.decode()
