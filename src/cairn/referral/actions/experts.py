"""Every write of the roster of experts, and the opening of who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.referral.models.experts import Expert
from cairn.referral.rules import experts as rules
from cairn.referral.rules.experts import Availability

SEALED_OF_EXPERT = ("name", "contact")


@dataclass(frozen=True, slots=True)
class Skills:
    """What everybody with the roster reads. `languages`: ISO 639; `countries`: alpha-3, () all."""

    title: str
    fields: Sequence[str]
    keep_until: date
    languages: Sequence[str] = ()
    countries: Sequence[str] = ()
    availability: str = Availability.AVAILABLE

    def values(self) -> dict[str, Any]:
        """Field of the record -> value."""
        return {
            "title": self.title.strip(),
            "fields": sorted(set(self.fields)),
            "keep_until": self.keep_until,
            "languages": list(dict.fromkeys(self.languages)),
            "countries": sorted(set(self.countries)),
            "availability": self.availability,
        }


@transaction.atomic
def enter_expert(
    actor: Actor, organisation: Organisation, country: str, skills: Skills, name: str, contact: str
) -> Expert:
    """Enter an expert who agreed to be asked; `name` and `contact` are sealed.

    Raises PermissionDenied, RuleBroken (those of check_expert).
    """
    today = timezone.localdate(clock.now())
    expert = Expert(
        organisation=organisation,
        country=country,
        entered_on=today,
        name=name.strip(),
        contact=contact.strip(),
        **skills.values(),
    )
    require(actor, Permission.EXPERT_OPEN, within=expert)
    rules.check_expert(skills.title, skills.fields, name, skills.keep_until, today)
    save_with_code(expert)
    audit.record(actor, "expert.entered", expert, fields=sorted(skills.fields))
    return expert


@transaction.atomic
def change_expert(
    actor: Actor, code: str, skills: Skills, *, name: str = "", contact: str = ""
) -> Expert:
    """Change an entry; an empty name or contact leaves what is sealed.

    Raises Expert.DoesNotExist, PermissionDenied, RuleBroken ("expert.erased" and those of
    check_expert).
    """
    expert = Expert.objects.visible_to(actor).select_for_update(of=("self",)).get(code=code)
    require(actor, Permission.EXPERT_OPEN, within=expert)
    rules.check_in_use(expert.erased_on)
    today = timezone.localdate(clock.now())
    rules.check_expert(skills.title, skills.fields, name, skills.keep_until, today)
    wanted = skills.values()
    sealed = {
        field: text.strip()
        for field, text in (("name", name), ("contact", contact))
        if text.strip()
    }
    changed = [field for field, value in wanted.items() if getattr(expert, field) != value]
    for field in changed:
        setattr(expert, field, wanted[field])
    for field, text in sealed.items():
        setattr(expert, field, text)
    if changed or sealed:
        expert.save(update_fields=[*changed, *sealed])
        audit.record(actor, "expert.changed", expert, fields=sorted([*changed, *sealed]))
    return expert


def open_expert(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open who an expert is, once, for a purpose and a reason that are kept.

    Not inside a transaction. Raises Expert.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason").
    """
    expert = Expert.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [expert], list(SEALED_OF_EXPERT), purpose, reason)[0]
