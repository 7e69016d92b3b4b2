"""Types of certificate: what is certified, by which criteria, for how long."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.training.models import Credential, CredentialType
from cairn.training.queries import credentials as queries
from cairn.training.rules.choices import CredentialKind

# The usual types: (code, kind, name, criteria, months). Two years for trainers follow the renewal
# rule of the training study, 6.4: one observed delivery in 24 months.
_STANDARD: tuple[tuple[str, CredentialKind, Promise, Promise, int | None], ...] = (
    (
        "attendance",
        CredentialKind.ATTENDANCE,
        gettext_lazy("Confirmation of attendance"),
        gettext_lazy("Present for the share of the time that the course asks for."),
        None,
    ),
    (
        "achievement",
        CredentialKind.ACHIEVEMENT,
        gettext_lazy("Certificate of completion"),
        gettext_lazy("Present for the time asked for, and passed the tests and tasks at the end."),
        36,
    ),
    (
        "trainer",
        CredentialKind.TRAINER,
        gettext_lazy("Trainer"),
        gettext_lazy("Passed a training of trainers and delivered under supervision."),
        24,
    ),
    (
        "team-member",
        CredentialKind.TEAM_MEMBER,
        gettext_lazy("Member of a mobile training team"),
        gettext_lazy("Chosen into a team that trains where it is asked for."),
        24,
    ),
    (
        "assessor",
        CredentialKind.ASSESSOR,
        gettext_lazy("Assessor of trainers"),
        gettext_lazy("Observed while assessing, in agreement with a second assessor."),
        24,
    ),
)


@transaction.atomic
def keep_type(
    actor: Actor,
    code: str,
    *,
    kind: CredentialKind,
    texts: Mapping[str, Mapping[str, str]],
    validity_months: int | None,
    renewal_rule: str = "",
) -> CredentialType:
    """Enter a type of certificate, or change the one with this code.

    `texts`: {language: {"name", "criteria"}}. The kind of one that was issued stays: what holders
    have in their hands would say something else. Raises PermissionDenied, RuleBroken
    ("credential_type.kind").
    """
    require(actor, Permission.TRAINING_DECIDE)
    values: dict[str, Any] = {
        "kind": kind.value,
        "texts": {language: dict(words) for language, words in texts.items()},
        "validity_months": validity_months,
        "renewal_rule": renewal_rule,
    }
    found = queries.types(actor).select_for_update().filter(code=code).first()
    if found is None:
        made = CredentialType(code=code, **values)
        if not saved_as_new(made):
            raise RuleBroken(
                "credential_type.taken", _("This code is taken."), _("Choose another.")
            )
        audit.record(actor, "credential_type.entered", made, kind=kind.value)
        return made
    if found.kind != kind and Credential.objects.filter(type=found).exists():
        raise RuleBroken(
            "credential_type.kind",
            _("Certificates of this type were issued, so its kind cannot change."),
            _("Enter another type."),
        )
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    if changed:
        found.save(update_fields=changed)
        audit.record(actor, "credential_type.changed", found, fields=sorted(changed))
    return found


@transaction.atomic
def add_standard_types(actor: Actor) -> list[CredentialType]:
    """Enter those of the five usual types that are not there, in every language that we ship."""
    there = set(queries.types(actor).values_list("code", flat=True))
    return [
        keep_type(
            actor, code, kind=kind, texts=_in_all_languages(name, criteria), validity_months=months
        )
        for code, kind, name, criteria, months in _STANDARD
        if code not in there
    ]


def _in_all_languages(name: Promise, criteria: Promise) -> dict[str, dict[str, str]]:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = {"name": str(name), "criteria": str(criteria)}
    return texts
