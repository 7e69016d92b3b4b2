"""The file of deployments: by code, no names."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import tidied
from cairn.imports import cells
from cairn.imports.kinds import Column, Kind, Row
from cairn.training.actions import deployments
from cairn.training.actions.deployments import Posting
from cairn.training.models import Deployment, Practitioner, Step
from cairn.training.rules.states import DeploymentState

CODE = "deployments"


def _code(cell: str) -> str:
    code = tidied(cell)
    if not code:
        raise RuleBroken(
            "deployment.code",
            _("This is not the code of a person."),
            _("A code has two times three signs, for example K7Q-M2R."),
        )
    return code


COLUMNS = (
    Column("code", _code, gettext_lazy("code of the person, for example K7Q-M2R"), True),
    Column("mission", cells.text(120), gettext_lazy("mission or post"), True),
    Column("unit", cells.text(120), gettext_lazy("unit there")),
    Column("function", cells.text(120), gettext_lazy("function there")),
    Column("country", cells.country, gettext_lazy("country, by name or code")),
    Column("area", cells.text(120), gettext_lazy("first administrative level")),
    Column("planned_from", cells.day, gettext_lazy("first day, year-month-day"), True),
    Column("planned_until", cells.day, gettext_lazy("last day, year-month-day"), empty=None),
)
_CHANGES = ("unit_name", "function", "country", "area", "planned_until")


def deployments_kind(actor: Actor) -> Kind:
    """The kind of file for deployments of people whom the actor edits."""
    reading = _Reading(actor)
    return Kind(
        code=CODE,
        label=gettext_lazy("Deployments"),
        permission=Permission.TRAINEE_EDIT.value,
        columns=COLUMNS,
        prepare=reading.prepare,
        existing=reading.existing,
        write=reading.write,
    )


@dataclass(slots=True)
class _Reading:
    actor: Actor
    people: dict[str, Practitioner] = field(default_factory=dict)

    def prepare(self, rows: Sequence[Row]) -> None:
        """Find the people; a row is known by person, mission and first day."""
        found = Practitioner.objects.visible_to(self.actor).filter(
            code__in={row.cleaned["code"] for row in rows}
        )
        for each in found.select_related("merged_into"):
            self.people[each.code] = each.merged_into or each
        for row in rows:
            self._prepare(row)

    def _prepare(self, row: Row) -> None:
        given = row.cleaned
        person = self.people.get(given["code"])
        if person is None or not self._may_edit(person):
            row.refuse(
                "code",
                RuleBroken(
                    "deployment.person",
                    _("There is nobody of this code whose deployments you keep."),
                    _("Look the code up in the list of people."),
                ),
            )
            return
        posting = _posting(row)
        try:
            deployments.check_posting(posting)
        except RuleBroken as refusal:
            row.refuse("planned_until", refusal)
            return
        row.key = (str(person.pk), posting.mission.casefold(), posting.planned_from)
        row.after = {
            "unit_name": posting.unit_name,
            "function": posting.function,
            "country": posting.country,
            "area": posting.area,
            "planned_until": _plain(posting.planned_until),
        }

    def _may_edit(self, person: Practitioner) -> bool:
        return self.actor.may_within(
            Permission.TRAINEE_EDIT, person.organisation_id, None, person.country, person.area
        )

    def existing(
        self, keys: Sequence[Hashable]
    ) -> Mapping[Hashable, tuple[Any, Mapping[str, Any]]]:
        """Deployments that were not cancelled, by the same person, mission and first day."""
        wanted = [key for key in keys if isinstance(key, tuple)]
        rows = Deployment.objects.filter(practitioner__in={UUID(key[0]) for key in wanted})
        return {
            (str(row.practitioner_id), row.mission.casefold(), row.planned_from): (
                row.pk,
                {name: _plain(getattr(row, name)) for name in _CHANGES},
            )
            for row in rows.exclude(state=DeploymentState.CANCELLED)
        }

    def write(self, actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
        made = [
            Deployment(
                practitioner=self.people[row.cleaned["code"]],
                **deployments.values_of(_posting(row)),
            )
            for row in created
        ]
        now = clock.now()
        Deployment.objects.bulk_create(made, batch_size=500)
        Step.objects.bulk_create(
            (
                Step(
                    subject="deployment",
                    subject_id=each.pk,
                    after=DeploymentState.PLANNED,
                    at=now,
                    author_id=actor.user_id,
                )
                for each in made
            ),
            batch_size=500,
        )
        self._change(changed)
        if created or changed:
            audit.record(actor, "deployments.received", planned=len(made), changed=len(changed))

    def _change(self, changed: Sequence[Row]) -> None:
        records = Deployment.objects.in_bulk([row.target for row in changed])
        for row in changed:
            values = deployments.values_of(_posting(row))
            for name in _CHANGES:
                setattr(records[row.target], name, values[name])
        Deployment.objects.bulk_update(records.values(), list(_CHANGES), batch_size=200)


def _posting(row: Row) -> Posting:
    given = row.cleaned
    return Posting(
        mission=given["mission"].strip(),
        unit_name=given["unit"].strip(),
        function=given["function"].strip(),
        country=given["country"],
        area=given["area"].strip(),
        planned_from=given["planned_from"],
        planned_until=given["planned_until"],
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
