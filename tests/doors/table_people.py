"""The table, continued: records about people.

Persons and procedures are seen only inside the membership's organisation and country.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    EVERYWHERE,
    FORM,
    MOVED,
    RECENT_FIRST,
    SENDING,
    Door,
    Kind,
    R,
)

AUDITED = frozenset({"core_auditentry"})
ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
NO_LINK = {"link": "00000000-0000-0000-0000-000000000000"}

PEOPLE_KINDS: dict[str, Kind] = {
    "person": Kind("protection", {P.PERSON_VIEW: frozenset({R.OWN})}, ANY_OF_THEM),
    "procedure": Kind("identification", {P.PROCEDURE_VIEW: frozenset({R.OWN})}, ANY_OF_THEM),
    # A person's record again: the desk may ask for the erasure of any, others for their own.
    "erasable": Kind(
        "protection",
        {
            P.PERSON_VIEW: frozenset({R.OWN}),
            P.SUBJECT_REQUEST_HANDLE: EVERYWHERE,
            P.RETENTION_DECIDE: EVERYWHERE,
        },
        ANY_OF_THEM,
    ),
    "erasure": Kind(
        "oversight",
        {None: frozenset({R.OWN}), P.OVERSIGHT_VIEW: EVERYWHERE},
        ANY_OF_THEM,
    ),
    "hold": Kind("oversight", {P.OVERSIGHT_VIEW: EVERYWHERE}, ANY_OF_THEM),
}


def only(*permissions: P) -> frozenset[P]:
    return frozenset(permissions)


def page(permission: P) -> Door:
    """A page that nobody sees without `permission`."""
    return Door(before=only(permission))


REFERRAL = {
    "referral:persons": page(P.PERSON_VIEW),
    # No code was typed: back to the list with a word about it.
    "referral:person-find": replace(page(P.PERSON_VIEW), answers=MOVED),
    "referral:duty": Door(methods=FORM, before=only(P.PERSON_OPEN)),
    "referral:person-new": Door(methods=FORM, before=only(P.PERSON_EDIT)),
    "referral:person-export": Door(
        methods=FORM, before=only(P.PERSON_EXPORT), is_recent=True, order=RECENT_FIRST
    ),
    "referral:person": Door("person"),
    "referral:person-open": Door("person", FORM, answers=MOVED),
    "referral:person-edit": Door("person", FORM, needs=only(P.PERSON_EDIT)),
    "referral:person-close": Door("person", FORM, needs=only(P.PERSON_EDIT)),
    # A colleague has to be chosen; a word about it stands on the page of the record.
    "referral:person-hand-over": Door(
        "person",
        SENDING,
        needs=only(P.PERSON_EDIT),
        posts=MOVED,
        leaves=AUDITED | {"referral_person"},
    ),
    "referral:person-link-new": Door("person", FORM, needs=only(P.LINK_AUTHORISE)),
    "referral:person-link-end": Door(
        "person", SENDING, fixed=NO_LINK, needs=only(P.LINK_AUTHORISE), posts=ABSENT
    ),
    "referral:person-link-open": Door(
        "person",
        FORM,
        fixed=NO_LINK,
        needs=only(P.PERSON_OPEN),
        answers=ABSENT,
        posts=ABSENT,
    ),
}

IDENTIFICATION = {
    "identification:procedures": page(P.PROCEDURE_VIEW),
    "identification:procedure-find": replace(page(P.PROCEDURE_VIEW), answers=MOVED),
    "identification:procedure-new": Door(methods=FORM, before=only(P.PROCEDURE_EDIT)),
    "identification:procedure-export": Door(
        methods=FORM, before=only(P.PROCEDURE_EXPORT), is_recent=True, order=RECENT_FIRST
    ),
    "identification:procedure": Door("procedure"),
    "identification:procedure-open": Door("procedure", FORM, answers=MOVED),
    "identification:procedure-take": Door(
        "procedure",
        SENDING,
        needs=only(P.PROCEDURE_EDIT),
        posts=MOVED,
        leaves=AUDITED | {"identification_procedure", "identification_investigation"},
    ),
    "identification:procedure-decide": Door("procedure", FORM, needs=only(P.PROCEDURE_DECIDE)),
    "identification:procedure-link-new": Door("procedure", FORM, needs=only(P.LINK_AUTHORISE)),
    "identification:procedure-link-end": Door(
        "procedure", SENDING, fixed=NO_LINK, needs=only(P.LINK_AUTHORISE), posts=ABSENT
    ),
    "identification:procedure-link-open": Door(
        "procedure",
        FORM,
        fixed=NO_LINK,
        needs=only(P.PROCEDURE_OPEN),
        answers=ABSENT,
        posts=ABSENT,
    ),
    "identification:profiles": Door(any_of=only(P.PROCEDURE_VIEW, P.ROLE_GRANT)),
    "identification:profile-set": Door(methods=FORM, before=only(P.ROLE_GRANT), is_recent=True),
}

PEOPLE: dict[str, Door] = {**REFERRAL, **IDENTIFICATION}
