"""The table, continued: the bank of questions, tests of an event, and a participant's own test.

Participants have no account: two codes let a phone in, without which each page leads to them.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    AGAINST_A_RULE,
    EVERYWHERE,
    FORM,
    MOVED,
    SENDING,
    Door,
    Kind,
    R,
)

AUDITED = frozenset({"core_auditentry"})
BANK = frozenset({P.TRAINING_EDIT})
SHARED = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}

KINDS: dict[str, Kind] = {
    "question": Kind("programme", {P.TRAINING_EDIT: EVERYWHERE}, SHARED),
    "blueprint": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, SHARED),
    "test-form": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, SHARED),
}

BANK_PAGE = Door(before=BANK)
QUESTION = Door("question", before=BANK)
PLAN = Door("blueprint", before=BANK)
TEST_FORM = Door("test-form", before=BANK)
RUN = Door("training-event", runs=True)
# Without the codes of a badge every page of a participant leads to where they are typed.
OWN = Door(is_open=True, fixed={"wave": "pre"}, answers=MOVED, posts=MOVED)
OWN_QUESTION = replace(OWN, fixed={"wave": "pre", "number": "1"})

DOORS: dict[str, Door] = {
    "training:questions": BANK_PAGE,
    "training:question-new": replace(BANK_PAGE, methods=FORM, fixed={"kind": "single"}),
    "training:question": QUESTION,
    "training:question-edit": replace(QUESTION, methods=FORM),
    "training:question-compare": QUESTION,
    "training:question-translate": replace(QUESTION, methods=FORM, fixed={"language": "fr"}),
    "training:question-retire": replace(
        QUESTION, methods=SENDING, posts=MOVED, leaves=AUDITED | {"training_question"}
    ),
    "training:test-plans": BANK_PAGE,
    "training:test-plan-new": replace(BANK_PAGE, methods=FORM),
    "training:test-plan": PLAN,
    "training:test-plan-edit": replace(PLAN, methods=FORM),
    # The plan of the scene asks for nothing: back to it with a word about that.
    "training:test-plan-draw": replace(PLAN, methods=SENDING, posts=MOVED),
    "training:test-form": TEST_FORM,
    "training:test-form-judge": replace(TEST_FORM, methods=FORM, posts=AGAINST_A_RULE),
    "training:test-form-cut": replace(TEST_FORM, methods=SENDING, posts=MOVED),
    "training:tests": RUN,
    # No forms were chosen: back with a word about it.
    "training:test-move": replace(
        RUN, methods=SENDING, fixed={"wave": "pre", "act": "choose"}, posts=MOVED
    ),
    # No test of this wave is planned in the scene: there is nothing to key in, print or mark.
    "training:test-sheet": replace(
        RUN, methods=FORM, fixed={"wave": "pre", "code": "22-22-22"}, answers=ABSENT, posts=ABSENT
    ),
    "training:test-print": replace(
        RUN, methods=SENDING, fixed={"wave": "pre", "kind": "forms"}, posts=ABSENT
    ),
    "training:test-marking": RUN,
    "training:test-mark": replace(
        RUN,
        methods=FORM,
        fixed={"pk": "00000000-0000-0000-0000-000000000000"},
        answers=ABSENT,
        posts=ABSENT,
    ),
    "training:join": Door(is_open=True, methods=FORM),
    "training:join-as": Door(
        is_open=True, fixed={"event_code": "K7Q-M2R", "personal_code": "22-22-22"}
    ),
    "training:own-leave": Door(is_open=True, methods=SENDING, posts=MOVED),
    "training:own-tests": replace(OWN, fixed={}),
    "training:own-test": replace(OWN, methods=FORM),
    "training:own-question": replace(OWN_QUESTION, methods=FORM),
    "training:own-language": replace(OWN_QUESTION, methods=SENDING),
    "training:own-review": replace(OWN, methods=FORM),
    "training:own-result": OWN,
}
