"""Separation of duties about roles: pure rules, values in, RuleBroken out."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.access.roles import LABELS, incompatible_with
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken


def check_not_oneself(actor: Actor, user_id: UUID) -> None:
    """Raise RuleBroken("role.own") when somebody gives or ends a role of their own."""
    if actor.user_id == user_id:
        raise RuleBroken(
            "role.own",
            _("Nobody gives or ends a role of their own."),
            _("Ask another administrator."),
        )


def check_second_person(actor: Actor, granted_by: UUID | None, user_id: UUID) -> None:
    """Raise RuleBroken("role.second-person") unless `actor` is neither giver nor receiver."""
    if actor.user_id in {granted_by, user_id}:
        raise RuleBroken(
            "role.second-person",
            _("Who gave this role, and who gets it, cannot confirm it."),
            _("Ask somebody else who may confirm roles."),
        )


def check_compatible(role: str, held: frozenset[str]) -> None:
    """Raise RuleBroken("role.incompatible") when one person may not hold these roles together."""
    if clash := incompatible_with(role, held):
        names = ", ".join(sorted(str(LABELS[other]) for other in clash))
        raise RuleBroken(
            "role.incompatible",
            _("%(role)s is never held together with: %(others)s.")
            % {"role": LABELS[role], "others": names},
            _("End the other role first, or ask another person."),
        )


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Raise RuleBroken("role.dates") when a role would end before it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("role.dates", _("A role cannot end before it starts."))


def check_place(organisation_id: UUID, unit_of: UUID | None) -> None:
    """Raise RuleBroken("role.place") when the unit belongs to another organisation."""
    if unit_of is not None and unit_of != organisation_id:
        raise RuleBroken("role.place", _("This unit belongs to another organisation."))
