"""The bank of questions, plans of tests, pairs of forms, and cut scores by judges."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.measures.items import cut_score
from cairn.training.models import (
    AngoffRating,
    FormItem,
    LearningObjective,
    Question,
    QuestionVersion,
    TestBlueprint,
    TestForm,
)
from cairn.training.queries import questions as queries
from cairn.training.queries import tests as test_queries
from cairn.training.testing.drawing import drawn_forms
from cairn.training.testing.questions import as_json, read

_SHARE = Decimal("0.01")


@transaction.atomic
def write_question(
    actor: Actor,
    code: str,
    content: Mapping[str, Any],
    *,
    objective: LearningObjective | None = None,
    note: str = "",
) -> QuestionVersion:
    """Write a question, or a new version of one that a test has used.

    While no test has used the newest version, it is changed in place; from then on its answers
    rest on it, so it stays and a further version says what is new. `content`: see
    testing.questions. Raises PermissionDenied, ContentRefused, RuleBroken("question.type-kept").
    """
    require(actor, Permission.TRAINING_EDIT)
    value = read(content)
    question = Question.objects.select_for_update(of=("self",)).filter(code=code).first()
    if question is not None and question.type != value.type:
        raise RuleBroken(
            "question.type-kept",
            _("This question is of another type, and its results would not compare."),
            _("Write a new question with a code of its own."),
        )
    if question is None:
        question = Question.objects.create(code=code, type=value.type, objective=objective)
    elif question.objective != objective:
        question.objective = objective
        question.save(update_fields=["objective"])
    newest = question.versions.order_by("-number").first()
    if newest is None or newest.frozen_at is not None:
        number = newest.number + 1 if newest else 1
        newest = QuestionVersion(question=question, number=number, created_at=clock.now())
    newest.content = as_json(value)
    newest.source_language = value.source_language
    newest.languages = list(value.languages)
    newest.maximum = value.max_mark
    newest.note = note.strip()[:300]
    newest.save()
    # A form that is not in use yet takes the change along.
    FormItem.objects.filter(version=newest, form__frozen_at=None).update(maximum=newest.maximum)
    audit.record(
        actor,
        "question.written",
        question,
        reference=code,
        number=newest.number,
        languages=list(value.languages),
    )
    return newest


@transaction.atomic
def set_retired(actor: Actor, code: str, *, is_retired: bool) -> Question:
    """Take a question out of use, or put it back; forms that have it keep it.

    Raises Question.DoesNotExist, PermissionDenied.
    """
    question = Question.objects.visible_to(actor).select_for_update(of=("self",)).get(code=code)
    require(actor, Permission.TRAINING_EDIT)
    question.is_retired = is_retired
    question.save(update_fields=["is_retired"])
    audit.record(
        actor, "question.retired" if is_retired else "question.returned", question, reference=code
    )
    return question


@transaction.atomic
def save_blueprint(
    actor: Actor, title: str, counts: Mapping[str, int], *, pk: UUID | None = None
) -> TestBlueprint:
    """Plan a test: how many questions a form has for each objective {code: number}.

    Raises PermissionDenied, TestBlueprint.DoesNotExist, RuleBroken("form.plan").
    """
    require(actor, Permission.TRAINING_EDIT)
    wanted = {code: number for code, number in counts.items() if number > 0}
    if not wanted:
        raise RuleBroken(
            "form.plan",
            _("The plan asks for no questions."),
            _("Say for at least one objective how many questions a form has."),
        )
    blueprint = test_queries.blueprints(actor).get(pk=pk) if pk else TestBlueprint()
    blueprint.title, blueprint.counts = title.strip()[:200], wanted
    blueprint.save()
    audit.record(actor, "test_blueprint.saved", blueprint, questions=sum(wanted.values()))
    return blueprint


@transaction.atomic
def draw_forms(actor: Actor, blueprint_id: UUID) -> list[TestForm]:
    """Draw forms A and B of a plan from the bank: a new edition; earlier ones stay.

    Raises PermissionDenied, TestBlueprint.DoesNotExist, RuleBroken ("form.plan", "form.bank").
    """
    require(actor, Permission.TRAINING_EDIT)
    blueprint = test_queries.blueprints(actor).select_for_update(of=("self",)).get(pk=blueprint_id)
    edition = queries.next_edition(blueprint)
    bank = queries.candidates(blueprint.counts)
    drawn = drawn_forms(
        f"{blueprint.pk}:{edition}",
        blueprint.counts,
        [candidate for candidate, _version in bank.values()],
    )
    forms = []
    for letter, keys in (("A", drawn.a), ("B", drawn.b)):
        form = TestForm.objects.create(blueprint=blueprint, letter=letter, edition=edition)
        FormItem.objects.bulk_create(
            FormItem(
                form=form,
                version=bank[key][1],
                position=position,
                maximum=bank[key][1].maximum,
            )
            for position, key in enumerate(keys, start=1)
        )
        forms.append(form)
    audit.record(actor, "test_form.drawn", blueprint, edition=edition, questions=len(drawn.a))
    return forms


@transaction.atomic
def judge_form(actor: Actor, form_id: UUID, shares: Mapping[int, Decimal]) -> None:
    """Estimate a form as a judge (modified Angoff), anew each time: {position: share}.

    A share is how many of a hundred participants who just pass would answer the question rightly,
    from 0 to 1. Raises PermissionDenied, TestForm.DoesNotExist, RuleBroken ("angoff.all",
    "angoff.share").
    """
    require(actor, Permission.TRAINING_EDIT)
    judge_id = person(actor)
    form = queries.find_form(actor, form_id)
    items = {item.position: item for item in form.items.all()}
    if not items or set(shares) != set(items):
        raise RuleBroken(
            "angoff.all",
            _("An estimate is needed for every question."),
            _("Fill in those that are empty."),
        )
    now = clock.now()
    for position, item in items.items():
        share = Decimal(shares[position])
        if not 0 <= share <= 1:
            raise RuleBroken("angoff.share", _("An estimate lies between 0 and 100 %."))
        AngoffRating.objects.update_or_create(
            item=item,
            judge_id=judge_id,
            defaults={"share": share.quantize(_SHARE), "rated_at": now},
        )
    audit.record(actor, "test_form.judged", form, questions=len(items))


@transaction.atomic
def set_cut_score(actor: Actor, form_id: UUID) -> TestForm:
    """Set a form's cut score from its judges: the mean of their sums, in whole marks.

    Raises PermissionDenied, TestForm.DoesNotExist, RuleBroken("angoff.none").
    """
    require(actor, Permission.TRAINING_EDIT)
    form = queries.find_form(actor, form_id)
    figure = cut_score(queries.judgements(form))
    highest = sum((item.maximum for item in form.items.all()), Decimal(0))
    if figure.value is None or not highest:
        raise RuleBroken(
            "angoff.none",
            _("No judge has estimated every question of this form yet."),
            _("Ask at least one judge, best three or more."),
        )
    # Rounded down, so that exactly the marks of the cut are enough.
    share = min(Decimal(1), Decimal(str(figure.value)) / highest)
    form.cut_score = share.quantize(Decimal("0.001"), ROUND_FLOOR)
    form.save(update_fields=["cut_score"])
    audit.record(
        actor,
        "test_form.cut_set",
        form,
        percent=str(form.cut_score * 100),
        judges=figure.n,
    )
    return form
