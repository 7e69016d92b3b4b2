"""Freezing a course plan when an event begins: what was taught can always be looked up again."""

import hashlib
import json
from typing import Any

from django.db import transaction

from cairn.core import clock
from cairn.training.models import CoursePlan, CoursePlanEdition, ModuleVersion, TrainingEvent


@transaction.atomic
def freeze_plan(event: TrainingEvent) -> CoursePlanEdition | None:
    """Give the event the edition of its plan as it is now, and freeze the versions in it.

    The same content is the same edition, however many events use it. None without a plan. Called
    by the move to "running", in its transaction.
    """
    if event.plan is None or event.edition_id is not None:
        return event.edition
    versions: list[ModuleVersion] = [
        item.version
        for item in event.plan.items.select_related("version__module").prefetch_related(
            "version__objectives"
        )
    ]
    content = plan_content(event.plan, versions)
    digest = hashlib.sha256(
        json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    editions = CoursePlanEdition.objects.filter(plan=event.plan)
    edition = editions.filter(digest=digest).first()
    if edition is None:
        newest = editions.order_by("-number").first()
        edition = CoursePlanEdition.objects.create(
            plan=event.plan,
            number=newest.number + 1 if newest else 1,
            content=content,
            digest=digest,
            frozen_at=clock.now(),
        )
        edition.versions.set(versions)
    ModuleVersion.objects.filter(pk__in=[each.pk for each in versions], frozen_at=None).update(
        frozen_at=clock.now()
    )
    event.edition = edition
    event.save(update_fields=["edition"])
    event.versions.add(*versions)
    return edition


def plan_content(plan: CoursePlan, versions: list[ModuleVersion]) -> dict[str, Any]:
    """A plan as plain JSON: its rule for completion, its timetable, its versions in order."""
    return {
        "plan": plan.code,
        "title": plan.title,
        "completion": {
            "minimum_minutes_share": str(plan.minimum_minutes_share),
            "cut_score": None if plan.cut_score is None else str(plan.cut_score),
            "tasks": list(plan.tasks),
        },
        "timetable": list(plan.timetable),
        "versions": [
            {
                "module": version.module.code,
                "number": version.number,
                "hours": str(version.hours),
                "objectives": sorted(each.code for each in version.objectives.all()),
                "content_hash": version.content_hash,
            }
            for version in versions
        ],
    }
