"""The table, continued: trainers, mobile teams, outcomes from the field, requests after trainings.

Teams and outcomes are seen by all who work on training; trainers by code, in their place.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import ABSENT, EVERYWHERE, FORM, MOVED, SENDING, Door, Kind, R

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
NOTHING = {"pk": "00000000-0000-0000-0000-000000000000"}

KINDS: dict[str, Kind] = {
    "team": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, ANY_OF_THEM),
    "field-outcome": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, ANY_OF_THEM),
}

LIST = Door(before=frozenset({P.TRAINING_VIEW}))
TRAINER_EDIT = Door("trainee", FORM, needs=frozenset({P.TRAINEE_EDIT}))
TRAINER_DECIDE = Door("trainee", FORM, needs=frozenset({P.TRAINING_DECIDE}))
TEAM_EDIT = Door("team", FORM, needs=frozenset({P.TRAINING_EDIT}), at_place=True)
DOORS: dict[str, Door] = {
    "training:trainers": LIST,
    # Without a form nothing is opened: back to the list.
    "training:trainers-open": Door(methods=FORM, before=frozenset({P.TRAINEE_OPEN}), answers=MOVED),
    "training:trainer-new": Door(methods=FORM, before=frozenset({P.TRAINEE_EDIT})),
    "training:trainer": Door("trainee"),
    # Not said is an answer, so an empty form is saved.
    "training:trainer-travel": replace(
        TRAINER_EDIT, posts=MOVED, leaves=frozenset({"core_auditentry", "training_trainerprofile"})
    ),
    "training:trainer-level": TRAINER_DECIDE,
    "training:trainer-observe": Door(
        "trainee", FORM, any_of=frozenset({P.TRAINING_EDIT, P.EVENT_RUN})
    ),
    "training:trainer-availability": TRAINER_EDIT,
    "training:trainer-availability-remove": replace(
        TRAINER_EDIT, methods=SENDING, fixed=NOTHING, posts=ABSENT
    ),
    "training:trainer-restrict": TRAINER_DECIDE,
    "training:trainer-restriction-lift": replace(
        TRAINER_DECIDE, methods=SENDING, fixed=NOTHING, posts=ABSENT
    ),
    "training:teams": LIST,
    "training:team-new": Door(methods=FORM, before=frozenset({P.TRAINING_EDIT})),
    "training:team": Door("team"),
    "training:team-needs": TEAM_EDIT,
    "training:team-member": TEAM_EDIT,
    "training:team-member-remove": replace(TEAM_EDIT, methods=SENDING, fixed=NOTHING, posts=ABSENT),
    "training:team-move": TEAM_EDIT,
    "training:team-task": TEAM_EDIT,
    "training:team-task-settle": replace(TEAM_EDIT, fixed=NOTHING, answers=ABSENT, posts=ABSENT),
    "training:outcomes": LIST,
    "training:outcome-new": Door(methods=FORM, before=frozenset({P.OUTCOME_REPORT})),
    "training:outcome": Door("field-outcome"),
    "training:outcome-claim": Door(
        "field-outcome", FORM, any_of=frozenset({P.OUTCOME_REPORT, P.TRAINING_DECIDE})
    ),
    "training:outcome-withdraw": Door("field-outcome", FORM, needs=frozenset({P.TRAINING_DECIDE})),
    "training:requests": Door(before=frozenset({P.REQUEST_VIEW})),
    "training:request-new": Door(methods=FORM, before=frozenset({P.REQUEST_EDIT})),
    "training:request-plan": Door("request", FORM, needs=frozenset({P.REQUEST_EDIT})),
}
