"""Reads about the bank of questions: the list, one question with its versions, use and facility."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import Count, Max, Prefetch, QuerySet, Sum
from django.http import QueryDict

from cairn.core.actor import Actor
from cairn.training.models import (
    AngoffRating,
    LearningObjective,
    Question,
    QuestionVersion,
    Response,
    TestBlueprint,
    TestForm,
)
from cairn.training.testing import questions as content
from cairn.training.testing.drawing import Candidate
from cairn.training.testing.kinds import QuestionType


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of questions is narrowed to; empty texts narrow nothing."""

    words: str = ""
    type: str = ""
    objective: str = ""
    use: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Filters":
        kind = query.get("type", "")
        use = query.get("use", "")
        return cls(
            words=query.get("q", "").strip()[:80],
            type=kind if kind in QuestionType.values else "",
            objective=query.get("objective", "")[:20],
            use=use if use in {"retired", "unused"} else "",
        )


def questions(actor: Actor, filters: Filters) -> QuerySet[Question]:
    """Questions by code with their newest version first among `versions`; three queries a page."""
    rows = (
        Question.objects.visible_to(actor)
        .select_related("objective")
        .prefetch_related(
            Prefetch("versions", QuestionVersion.objects.order_by("-number"), to_attr="by_number")
        )
        .annotate(forms=Count("versions__items__form", distinct=True))
        .filter(is_retired=filters.use == "retired")
        .order_by("code")
    )
    if filters.words:
        rows = rows.filter(code__icontains=filters.words)
    if filters.type:
        rows = rows.filter(type=filters.type)
    if filters.objective:
        rows = rows.filter(objective__code=filters.objective)
    if filters.use == "unused":
        rows = rows.filter(forms=0)
    return rows


def objectives(actor: Actor) -> QuerySet[LearningObjective]:
    """Learning objectives that the actor sees, by code."""
    rows = cast(QuerySet[LearningObjective], LearningObjective.objects.visible_to(actor))
    return rows.order_by("code")


def objective_words(objective: LearningObjective | None, language: str) -> str:
    """An objective in words, in `language` or in English."""
    if objective is None:
        return ""
    return str(objective.texts.get(language) or objective.texts.get("en") or objective.code)


def find_question(actor: Actor, code: str) -> Question:
    """Raises Question.DoesNotExist when the actor does not see it."""
    return Question.objects.visible_to(actor).select_related("objective").get(code=code)


def versions(question: Question) -> list[QuestionVersion]:
    """Newest first."""
    return list(question.versions.annotate(forms=Count("items")).order_by("-number"))


def newest_version(question: Question) -> QuestionVersion:
    """Raises QuestionVersion.DoesNotExist for a question without one."""
    return question.versions.order_by("-number")[:1].get()


@dataclass(frozen=True, slots=True)
class Usage:
    """How participants did so far. `facility`: mean mark / highest mark, None before the first."""

    sittings: int
    facility: float | None


def usage(question_ids: Iterable[UUID]) -> dict[UUID, Usage]:
    """Use of questions in tests that were handed in and marked, over all versions. One query."""
    reached: dict[UUID, Decimal] = {}
    highest: dict[UUID, Decimal] = {}
    sittings: dict[UUID, int] = {}
    rows = (
        Response.objects.filter(
            item__version__question__in=list(question_ids),
            sitting__handed_in_at__isnull=False,
            sitting__needs_marking=False,
        )
        .order_by()
        .values("item__version__question", "item__maximum")
        .annotate(total=Sum("mark"), taken=Count("sitting", distinct=True))
    )
    for row in rows:
        key, taken = row["item__version__question"], row["taken"]
        reached[key] = reached.get(key, Decimal(0)) + (row["total"] or 0)
        highest[key] = highest.get(key, Decimal(0)) + taken * row["item__maximum"]
        sittings[key] = sittings.get(key, 0) + taken
    return {
        key: Usage(sittings[key], float(reached[key] / highest[key]) if highest[key] else None)
        for key in sittings
    }


def candidates(objective_codes: Iterable[str]) -> dict[str, tuple[Candidate, QuestionVersion]]:
    """{question code: (candidate, newest version)} of what forms may be drawn from. Three
    queries."""
    found = (
        Question.objects.filter(is_retired=False, objective__code__in=list(objective_codes))
        .select_related("objective")
        .prefetch_related(
            Prefetch("versions", QuestionVersion.objects.order_by("-number"), to_attr="by_number")
        )
        .order_by("code")
    )
    rows = [(each, each.by_number[0]) for each in found if each.by_number]  # type: ignore[attr-defined]  # by the prefetch
    used = usage(question.pk for question, _version in rows)
    return {
        question.code: (
            Candidate(
                key=question.code,
                objective=question.objective.code if question.objective else "",
                max_mark=version.maximum,
                facility=used[question.pk].facility if question.pk in used else None,
            ),
            version,
        )
        for question, version in rows
    }


def stock(actor: Actor) -> dict[str, int]:
    """{objective code: questions in use}. One query."""
    rows = (
        Question.objects.visible_to(actor)
        .filter(is_retired=False, objective__isnull=False)
        .values_list("objective__code")
        .annotate(Count("pk"))
        .order_by()
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Edition:
    """A pair of forms of a plan."""

    number: int
    forms: list[TestForm]
    items: int
    is_used: bool


def editions(blueprint: TestBlueprint) -> list[Edition]:
    """Pairs of forms of a plan, newest first. Two queries."""
    forms = TestForm.objects.filter(blueprint=blueprint)
    rows = cast(QuerySet[TestForm], forms).annotate(count=Count("items"))
    by_number: dict[int, list[TestForm]] = {}
    for form in rows.order_by("-edition", "letter"):
        by_number.setdefault(form.edition, []).append(form)
    return [
        Edition(
            number,
            forms,
            max(int(getattr(form, "count", 0)) for form in forms),
            any(form.frozen_at is not None for form in forms),
        )
        for number, forms in by_number.items()
    ]


def find_form(actor: Actor, pk: UUID) -> TestForm:
    """Raises TestForm.DoesNotExist when the actor does not see it."""
    forms = cast(QuerySet[TestForm], TestForm.objects.visible_to(actor))
    return forms.select_related("blueprint").get(pk=pk)


def next_edition(blueprint: TestBlueprint) -> int:
    """The number of the next pair of forms."""
    newest = blueprint.forms.aggregate(newest=Max("edition"))["newest"]
    return int(newest or 0) + 1


def judgements(form: TestForm) -> list[list[float]]:
    """Angoff: for each judge who estimated every question, the marks expected of each. One query.

    The rows are in no order that tells who judged.
    """
    count = form.items.count()
    by_judge: dict[UUID, list[float]] = {}
    ratings = AngoffRating.objects.filter(item__form=form).select_related("item")
    for rating in ratings.order_by("item__position"):
        expected = float(rating.share * rating.item.maximum)
        by_judge.setdefault(rating.judge_id, []).append(expected)
    return sorted(marks for marks in by_judge.values() if count and len(marks) == count)


def own_judgement(form: TestForm, judge_id: UUID | None) -> dict[int, Decimal]:
    """{position: share} that this judge estimated."""
    if judge_id is None:
        return {}
    rows = AngoffRating.objects.filter(item__form=form, judge_id=judge_id)
    return dict(rows.values_list("item__position", "share"))


def read_version(version: QuestionVersion) -> content.Question:
    """The question as a value."""
    return content.read(version.content)
