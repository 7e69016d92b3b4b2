"""Kinds of what is noted about a person: opened with the person's permissions, erased with it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import (
    Alias,
    BestInterests,
    Conflict,
    Guardian,
    NeedsAssessment,
    RiskAssessment,
)
from cairn.referral.rules import persons_identity as rules
from cairn.referral.subjects.persons import SEALED, erased_with, row_kind


def _address(name: str) -> Any:
    return lambda code: reverse(f"referral:{name}", args=[code.partition(".")[0].upper()])


def identity_in_words(name: str, value: Any) -> str:
    return rules.in_words(value)


def conflict_in_words(name: str, value: Any) -> str:
    """The version that was kept beside the one that stands, of whatever field it is."""
    if isinstance(value, dict):
        return rules.in_words(value)
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


IDENTITY = row_kind(
    "identity",
    "referral.Identity",
    _("Identity"),
    _("Identities"),
    {"facts": _("Who the person is")},
    _address("person-identity"),
    in_words=identity_in_words,
)
ALIAS = row_kind(
    "alias",
    "referral.Alias",
    _("Other name"),
    _("Other names"),
    {"name": _("The other name")},
    _address("person-identity"),
)
GUARDIAN = row_kind(
    "guardian",
    "referral.Guardian",
    _("Guardian"),
    _("Guardians"),
    {"name": _("Name of the guardian"), "contact": _("How to reach the guardian")},
    _address("person-guardians"),
)
RISK = row_kind(
    "risk-assessment",
    "referral.RiskAssessment",
    _("Assessment of danger"),
    _("Assessments of danger"),
    {"note": _("What makes the danger, in words")},
    _address("person-needs"),
)
NEEDS = row_kind(
    "needs-assessment",
    "referral.NeedsAssessment",
    _("Assessment of needs"),
    _("Assessments of needs"),
    {"note": _("What is needed, in words")},
    _address("person-needs"),
)
CHILD_INTERESTS = row_kind(
    "child-interests",
    "referral.BestInterests",
    _("Best interests of a child"),
    _("Best interests of children"),
    {"options": _("What could be done instead"), "view": _("The child's own view")},
    _address("person-guardians"),
)
CONFLICT = row_kind(
    "person-conflict",
    "referral.Conflict",
    _("Written at the same time"),
    _("Written at the same time"),
    {"content": _("The other version")},
    _address("person-conflicts"),
    in_words=conflict_in_words,
)
KINDS = (IDENTITY, ALIAS, GUARDIAN, RISK, NEEDS, CHILD_INTERESTS, CONFLICT)
# What each sealed fact of a person is called, where two versions of it stand beside each other.
TWICE = {**SEALED, "identity": IDENTITY.label}


def _keys(person: Any) -> Iterable[UUID]:
    return Identity.objects.filter(person=person).values_list("data_key", flat=True)


def _forget(person: Any) -> None:
    """What is clear in the rows and would tell of the person. That there were rows stays."""
    rows: tuple[Any, ...] = ((Alias, {"kind": ""}), (Guardian, {"appointed_by": ""}))
    written_once: tuple[Any, ...] = (
        (RiskAssessment, {"factors": [], "review_on": None}),
        (NeedsAssessment, {"needs": {}}),
        (BestInterests, {"decided_by": "", "review_on": None}),
    )
    conflict: dict[str, Any] = {"base": None, "values": [], "standing": None, "resolved_as": None}
    for model, emptied in (*rows, *written_once, (Conflict, conflict)):
        # Past the manager that refuses changes: an erasure is the one change that these rows take.
        model._base_manager.filter(person=person).update(**emptied, recorded_by=None)


erased_with(keys=_keys, forget=_forget)
