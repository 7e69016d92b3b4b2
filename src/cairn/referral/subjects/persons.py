"""The kind of record that oversight knows as "person": read with a reason, linked, erased."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.referral.rules.persons_contact import ContactRule

SEALED = {
    "name": _("Name"),
    "safe_contact": _("Safe way to make contact"),
    "note": _("Note"),
    "do_not_contact": _("Whom and what to avoid"),
}

# What the parts of assistance destroy and empty together with a person.
_KEYS: list[Callable[[Any], Iterable[UUID]]] = []
_FORGET: list[Callable[[Any], None]] = []


def erased_with(
    *, keys: Callable[[Any], Iterable[UUID]] | None = None, forget: Callable[[Any], None]
) -> None:
    """Have a part's records erased with their person; called once, where its kinds are made.

    `keys(person)`: ids of further data keys, the same each time until `forget(person)` was called,
    which empties what is clear and would tell who it was, in the transaction of the erasure.
    """
    if keys is not None:
        _KEYS.append(keys)
    _FORGET.append(forget)


def further_keys(person: Any) -> list[UUID]:
    """Ids of the data keys, besides the person's own, that are destroyed with the person."""
    return [key for each in _KEYS for key in each(person)]


def is_own_caseload(actor: Actor, person: Any) -> bool:
    """True for the records on which the actor works."""
    return actor.user_id is not None and person.caseworker == actor.user_id


def forget(person: Any) -> None:
    """After the key is destroyed: what stays is counted (age, sex, country, days), and points to
    no unit and to nobody who worked with the person. Nobody makes contact any more."""
    today = clock.now().date()
    person.erased_on = today
    person.closed_on = person.closed_on or max(today, person.opened_on)
    person.keep_until = None
    person.caseworker = None
    person.unit = None
    person.displacement, person.languages = "", []
    person.contact_rule = ContactRule.NONE
    person.save(
        update_fields=[
            "erased_on",
            "closed_on",
            "keep_until",
            "caseworker",
            "unit",
            "displacement",
            "languages",
            "contact_rule",
        ]
    )
    for forget_part in _FORGET:
        forget_part(person)


PERSON = SubjectKind(
    key="person",
    model="referral.Person",
    zone=Zone.PROTECTION,
    label=_("Person"),
    plural=_("Persons"),
    sealed=SEALED,
    view=Permission.PERSON_VIEW,
    open=Permission.PERSON_OPEN,
    address=lambda code: reverse("referral:person", args=[code]),
    export=Permission.PERSON_EXPORT,
    break_glass=Permission.PERSON_BREAK_GLASS,
    is_own_caseload=is_own_caseload,
    handed_over="person.assigned",
    after_erasure=forget,
    further_keys=further_keys,
)


def address_of_person(code: str) -> str:
    """Rows of a person carry its code in small letters, with a number of their own."""
    return reverse("referral:person", args=[code.partition(".")[0].upper()])


def row_kind(
    key: str,
    model: str,
    label: Promise,
    plural: Promise,
    sealed: Mapping[str, Promise],
    address: Callable[[str], str] = address_of_person,
    **others: Any,
) -> SubjectKind:
    """The kind of a `PersonRow`: opened by whoever may open the person, erased with it.

    It has no export, link or erasure of its own.
    """
    return SubjectKind(
        key=key,
        model=model,
        zone=Zone.PROTECTION,
        label=label,
        plural=plural,
        sealed=sealed,
        view=Permission.PERSON_VIEW,
        open=Permission.PERSON_OPEN,
        address=address,
        is_own_caseload=lambda actor, row: is_own_caseload(actor, row.person),
        part_of=lambda row: (PERSON.key, row.person_id),
        **others,
    )
