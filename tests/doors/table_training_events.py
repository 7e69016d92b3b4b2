"""The table, continued: training events, their agenda, participants, attendance, reports by counts.

Facts and numbers of every event are shared by all who work on training; who takes part is the work
of whoever plans training in its place, and of the trainer who is staffed on it.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    EVERYWHERE,
    FORM,
    MOVED,
    NOT_VALID,
    SENDING,
    Door,
    Kind,
    R,
)

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
SHARED: dict[P | None, frozenset[R]] = {P.TRAINING_VIEW: EVERYWHERE}
WORKED_ON: dict[P | None, frozenset[R]] = {
    P.TRAINEE_VIEW: frozenset({R.OWN}),
    P.EVENT_RUN: frozenset({R.OWN}),
}
AUDITED = frozenset({"core_auditentry"})
EDIT = frozenset({P.TRAINING_EDIT})
DECIDE = frozenset({P.TRAINING_DECIDE})

KINDS: dict[str, Kind] = {
    "training-event": Kind("programme", SHARED, ANY_OF_THEM),
    "training-session": Kind("programme", SHARED, ANY_OF_THEM),
    "staffing": Kind("programme", SHARED, ANY_OF_THEM),
    "material": Kind("programme", SHARED, ANY_OF_THEM),
    "cascade-report": Kind("programme", SHARED, ANY_OF_THEM),
    "enrolment": Kind("programme", WORKED_ON, ANY_OF_THEM),
    "refused-record": Kind("programme", WORKED_ON, ANY_OF_THEM),
}

VIEW = Door(before=frozenset({P.TRAINING_VIEW}))
PLANNED = Door("training-event", FORM, needs=EDIT, at_place=True)
RUN = Door("training-event", runs=True)
RUN_FORM = Door("training-event", FORM, runs=True)
PERSON = Door("enrolment", FORM, runs=True)
NO_MARK = "00000000-0000-0000-0000-000000000000"
DOORS: dict[str, Door] = {
    "training:events": VIEW,
    "training:events-export": replace(VIEW, fixed={"kind": "csv"}, leaves=AUDITED),
    "training:event-new": Door(methods=FORM, before=EDIT),
    "training:event": Door("training-event"),
    "training:event-edit": PLANNED,
    "training:event-move": RUN_FORM,
    "training:party-new": PLANNED,
    # Nothing was chosen: back to the event.
    "training:party-remove": replace(PLANNED, methods=SENDING, posts=MOVED),
    "training:material-new": RUN_FORM,
    "training:material-remove": Door(
        "material",
        SENDING,
        runs=True,
        posts=MOVED,
        leaves=AUDITED | {"training_material"},
    ),
    "training:agenda": Door("training-event"),
    "training:session-new": PLANNED,
    "training:session-edit": Door("training-session", FORM, needs=EDIT, at_place=True),
    "training:session-remove": Door(
        "training-session",
        SENDING,
        needs=EDIT,
        at_place=True,
        posts=MOVED,
        leaves=AUDITED
        | {
            "training_trainingsession",
            "training_trainingsession_objectives",
            "training_staffing_sessions",
            "training_material",
            "training_trainingevent",
        },
    ),
    "training:staff-new": PLANNED,
    "training:staff-remove": Door(
        "staffing",
        SENDING,
        needs=EDIT,
        at_place=True,
        posts=MOVED,
        leaves=AUDITED
        | {"training_staffing", "training_staffing_sessions", "training_trainingevent"},
    ),
    "training:event-print": RUN_FORM,
    "training:event-print-file": replace(RUN, fixed={"kind": "agenda"}),
    "training:event-calendar": replace(
        RUN_FORM, posts=MOVED, leaves=AUDITED | {"training_trainingevent"}
    ),
    "training:calendar": Door(is_open=True, fixed={"secret": "0" * 43}, answers=ABSENT),
    "training:attendance": RUN,
    "training:session-window": Door(
        "training-session",
        SENDING,
        runs=True,
        posts=MOVED,
        leaves=AUDITED | {"training_trainingsession"},
    ),
    "training:scan": Door("training-session", FORM, runs=True),
    "training:marks": Door(methods=SENDING, before=frozenset({P.EVENT_RUN}), posts=NOT_VALID),
    "training:attendance-sheet": RUN_FORM,
    "training:refused": RUN,
    "training:refused-resolve": Door("refused-record", FORM, runs=True),
    # The scene holds no mark.
    "training:mark-correct": Door(
        methods=FORM, fixed={"pk": NO_MARK}, answers=ABSENT, posts=ABSENT
    ),
    "training:participants": RUN,
    "training:enrol": RUN_FORM,
    "training:walk-in": replace(RUN_FORM, needs=frozenset({P.TRAINEE_EDIT})),
    "training:settle": Door(
        "training-event",
        SENDING,
        runs=True,
        posts=MOVED,
        leaves=AUDITED | {"training_enrolment", "training_step"},
    ),
    "training:participant-marks": PERSON,
    "training:participant-withdraw": PERSON,
    "training:participant-no-show": PERSON,
    "training:participant-completion": PERSON,
    "training:completion-lift": Door(
        "enrolment",
        SENDING,
        runs=True,
        posts=MOVED,
        leaves=AUDITED | {"training_enrolment", "training_step"},
    ),
    "training:reports": VIEW,
    "training:report-new": Door(methods=FORM, before=frozenset({P.OUTCOME_REPORT})),
    "training:report": Door("cascade-report"),
    "training:report-move": Door("cascade-report", FORM, needs=DECIDE, at_place=True),
    "training:report-sample": Door("cascade-report", FORM, needs=DECIDE, at_place=True),
    # The event of the scene was reported already.
    "training:event-report": replace(RUN_FORM, answers=MOVED, posts=MOVED),
}
