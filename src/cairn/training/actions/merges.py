"""Two records of one person: joined with a reason, parted again exactly, or kept apart."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose
from cairn.training.actions import cascade
from cairn.training.actions.people import check_alive, locked
from cairn.training.models import MergeDecision, NotSamePerson, Practitioner
from cairn.training.queries import duplicates
from cairn.training.rules import names, sameness
from cairn.training.rules.sameness import Sameness

# Keys stay with the record that they were made from, so that both names go on finding the person;
# decisions stay as they were made; derived rows are computed anew.
_STAYS = frozenset(
    {
        "training.namekey",
        "training.identifierhash",
        "training.mergedecision",
        "training.notsameperson",
        "training.cascadenode",
        "training.cascadecredit",
    }
)
_ACCOUNT = "training.practitioner.user_id"


def compare_opened(
    actor: Actor, left: Practitioner, right: Practitioner, reason: str
) -> tuple[Sameness, list[readings.Opened]]:
    """Open both names, written down first, and judge the two records by them.

    The caller found both through `visible_to`. Not inside a transaction. Raises PermissionDenied,
    RuleBroken ("oversight.reason").
    """
    opened = readings.read(actor, [left, right], ["name", "name_latin"], Purpose.TRAINING, reason)
    if any(isinstance(value, Unreadable) for each in opened for value in each.values.values()):
        return duplicates.sameness_of(left, right), opened
    first, second = ([str(value) for value in each.values.values()] for each in opened)
    likeness = names.compare(first, second)
    facts = duplicates.facts_of([left, right])
    return sameness.judged_by_name(facts[left.pk], facts[right.pk], likeness), opened


def merge_people(actor: Actor, kept_code: str, merged_code: str, reason: str) -> MergeDecision:
    """Decide that two records are one person: what the other one has comes to the one kept.

    Both names are opened and compared first; two fields have to agree. Both codes go on leading
    to the person. Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken
    ("merge.fields", "merge.same", "oversight.reason", "person.erased", "person.merged").
    """
    decided_by = person(actor)
    if kept_code == merged_code:
        raise RuleBroken("merge.same", _("These are one record already."))
    visible = Practitioner.objects.visible_to(actor)
    kept, merged = visible.get(code=kept_code), visible.get(code=merged_code)
    for each in (kept, merged):
        require(actor, Permission.TRAINEE_EDIT, within=each)
        check_alive(each)
    found, _opened = compare_opened(actor, kept, merged, reason)
    sameness.check_merge(found.agree)
    with transaction.atomic():
        kept, merged = (locked(actor, code) for code in (kept_code, merged_code))
        check_alive(kept)
        check_alive(merged)
        moved = _move_all(kept, merged)
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        cascade.people_changed([kept.pk, merged.pk])
        decision = MergeDecision.objects.create(
            kept=kept,
            merged=merged,
            agreed_on=[each.value for each in found.agree],
            moved=moved,
            reason=reason.strip()[:300],
            decided_by=decided_by,
            decided_at=clock.now(),
        )
        audit.record(
            actor,
            "trainee.merged",
            kept,
            other=merged.code,
            agreed=[each.value for each in found.agree],
            rows=sum(len(ids) for ids in moved.values()),
        )
    return decision


@transaction.atomic
def undo_merge(actor: Actor, decision_id: Any, reason: str) -> MergeDecision:
    """Give back exactly what a joining moved, and keep the pair apart from now on.

    Raises MergeDecision.DoesNotExist (not visible), PermissionDenied, RuleBroken ("merge.undone",
    "merge.reason", "merge.chain").
    """
    undone_by = person(actor)
    rows = MergeDecision.objects.filter(kept__in=Practitioner.objects.visible_to(actor))
    decision: MergeDecision = rows.select_for_update(of=("self",)).get(pk=decision_id)
    kept, merged = decision.kept, decision.merged
    for each in (kept, merged):
        require(actor, Permission.TRAINEE_EDIT, within=each)
    if decision.undone_at is not None:
        raise RuleBroken("merge.undone", _("This joining was undone already."))
    if merged.merged_into_id != kept.pk:
        raise RuleBroken(
            "merge.chain",
            _("The record that was kept has been joined with another one since."),
            _("Undo that joining first."),
        )
    if not reason.strip():
        raise RuleBroken("merge.reason", _("Say why these are two people."))
    _give_back(decision.moved, kept, merged)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    cascade.people_changed([kept.pk, merged.pk])
    decision.undone_by, decision.undone_at = undone_by, clock.now()
    decision.undo_reason = reason.strip()[:300]
    decision.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    audit.record(actor, "trainee.parted", kept, other=merged.code)
    return decision


@transaction.atomic
def keep_apart(actor: Actor, left_code: str, right_code: str, reason: str) -> NotSamePerson:
    """Decide that two records are two people: the pair is not offered again.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("merge.same", "merge.reason").
    """
    decided_by = person(actor)
    if left_code == right_code:
        raise RuleBroken("merge.same", _("These are one record already."))
    if not reason.strip():
        raise RuleBroken("merge.reason", _("Say why these are two people."))
    # The smaller id stands first, so that a pair has one row whoever names it how.
    pair = sorted((locked(actor, code) for code in (left_code, right_code)), key=_key)
    for each in pair:
        require(actor, Permission.TRAINEE_EDIT, within=each)
    made, _is_new = NotSamePerson.objects.get_or_create(
        left=pair[0],
        right=pair[1],
        defaults={
            "reason": reason.strip()[:300],
            "decided_by": decided_by,
            "decided_at": clock.now(),
        },
    )
    audit.record(actor, "trainee.kept_apart", pair[0], other=pair[1].code)
    return made


def _key(record: Practitioner) -> str:
    return str(record.pk)


def _links() -> list[tuple[type[models.Model], str]]:
    """(model, field) of every row that points to a person and goes with them."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Practitioner._meta.related_objects
        if relation.related_model._meta.label_lower not in _STAYS and not relation.many_to_many
    ]


def _move_all(kept: Practitioner, merged: Practitioner) -> dict[str, list[str]]:
    """Point the rows of `merged` to `kept`. {"app.model.field": [ids that were moved]}.

    A row that `kept` has already (both were enrolled in one event) stays where it is, by its code.
    """
    moved: dict[str, list[str]] = {}
    for model, field in _links():
        rows = model._default_manager.filter(**{field: merged})
        ids = [
            str(pk)
            for pk in rows.order_by("pk").values_list("pk", flat=True)
            if _move_one(model, field, pk, kept)
        ]
        if ids:
            moved[f"{model._meta.label_lower}.{field}"] = ids
    if merged.user_id is not None and kept.user_id is None:
        account, merged.user_id = merged.user_id, None
        merged.save(update_fields=["user_id"])
        kept.user_id = account
        kept.save(update_fields=["user_id"])
        moved[_ACCOUNT] = [str(account)]
    return moved


def _move_one(model: type[models.Model], field: str, pk: Any, kept: Practitioner) -> bool:
    try:
        with transaction.atomic():
            return bool(model._default_manager.filter(pk=pk).update(**{field: kept}))
    except IntegrityError:
        return False


def _give_back(moved: dict[str, list[str]], kept: Practitioner, merged: Practitioner) -> None:
    known = {f"{model._meta.label_lower}.{field}": (model, field) for model, field in _links()}
    for name, ids in moved.items():
        if name == _ACCOUNT:
            account, kept.user_id = kept.user_id, None
            kept.save(update_fields=["user_id"])
            merged.user_id = account
            merged.save(update_fields=["user_id"])
            continue
        model, field = known[name]
        rows = model._default_manager.filter(**{"pk__in": ids, field: kept})
        rows.update(**{field: merged})
