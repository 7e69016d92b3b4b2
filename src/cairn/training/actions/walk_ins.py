"""Somebody who came without being enrolled: entered, sealed and enrolled in one step."""

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.training.actions import steps
from cairn.training.actions.enrolments import enrol
from cairn.training.actions.people import PersonFacts, enter_practitioner
from cairn.training.models import Enrolment
from cairn.training.queries.duplicates import possible_duplicates
from cairn.training.rules.choices import Profession, Sex

MOST_NAMED = 5


@transaction.atomic
def add_walk_in(
    actor: Actor,
    reference: str,
    *,
    name: str,
    name_latin: str = "",
    sex: str = Sex.NOT_STATED,
    profession: str = Profession.NOT_STATED,
    agency: Organisation | None = None,
    country: str = "",
    language: str = "",
    is_another: bool = False,
) -> Enrolment:
    """Enter a person and enrol them. Where people of a similar name are known, their codes are
    told first, and the person is entered when `is_another` says that it is none of them.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("walk-in.similar", those of
    enter_practitioner and enrol).
    """
    event = steps.locked_event(actor, reference)
    steps.require_run(actor, event)
    if not is_another:
        found = possible_duplicates(actor, event.organisation, name, name_latin=name_latin)
        if found:
            codes = ", ".join(each.code for each, *_rest in found[:MOST_NAMED])
            raise RuleBroken(
                "walk-in.similar",
                _("People with a similar name are known: %(codes)s.") % {"codes": codes},
                _("Enrol the one who it is by code, or tick that it is somebody else."),
            )
    facts = PersonFacts(
        name=name,
        name_latin=name_latin,
        sex=sex,
        country=country or event.country,
        agency=agency,
        profession=profession,
        languages=({"code": language, "level": ""},) if language else (),
    )
    person = enter_practitioner(actor, event.organisation, facts)
    return enrol(actor, event, person, language)
