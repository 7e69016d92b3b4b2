"""Words for the kinds of records that travel with an event."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KIND_LABELS: dict[str, Promise] = {
    "agency": _("What is known of agencies"),
    "blueprint": _("Plans of tests"),
    "edition": _("The course plan as it was frozen"),
    "enrolment": _("Participants of the event"),
    "event": _("The event itself"),
    "form": _("Test forms"),
    "form-item": _("Questions in test forms"),
    "instrument": _("Questionnaires"),
    "invitation": _("Invitations to answer a questionnaire"),
    "keyed-sheet": _("Keyed answer sheets"),
    "mark": _("Attendance marks"),
    "material": _("Materials"),
    "module": _("Modules"),
    "objective": _("Learning objectives"),
    "observation": _("Observations of trainers"),
    "organisation": _("Organisations"),
    "party": _("Hosts and partners"),
    "plan": _("Course plans"),
    "plan-item": _("Parts of course plans"),
    "practitioner": _("People, by code"),
    "question": _("Questions"),
    "question-version": _("Wordings of questions"),
    "rating": _("Ratings of practical tasks"),
    "refusal": _("Records that the kit refused"),
    "session": pgettext_lazy("of a training", "Sessions"),
    "sitting": _("Tests taken, with their answers"),
    "staffing": _("Trainers and other staff"),
    "survey-answer": _("Answers to questionnaires"),
    "variant": _("Translations of modules"),
    "version": _("Versions of modules"),
    "wave": _("Rounds of a questionnaire"),
    "window": _("Times at which tests are open"),
}
OUTCOME_LABELS: dict[str, Promise] = {
    "accepted": _("Taken"),
    "duplicate": _("Known already"),
    "refused": pgettext_lazy("record of a kit", "Refused"),
    "parked": _("Waiting for another record"),
}


def kind_label(kind: str) -> str:
    """Words for a kind, or the kind itself for one that this version does not know."""
    return str(KIND_LABELS.get(kind, kind))


def clock_sentence(low: int | None, high: int | None) -> str:
    """How wrong a kit's clock was: ahead by at least `low` and at most `high` minutes, negative
    where it was behind; None: that bound is not known.
    """
    if high is not None and high < 0 and (low is None or low < 0):
        return _behind(-high, None if low is None else -low)
    if low is None or high is None:
        known = high if low is None else low
        words = _now("The clock of the kit was at least %(minutes)d minutes ahead.")
        if low is None:
            words = _now("The clock of the kit was at most %(minutes)d minutes ahead.")
        return words % {"minutes": known or 0}
    if low == high:
        return _now("The clock of the kit was %(minutes)d minutes ahead; times were put right.") % {
            "minutes": low
        }
    return _now(
        "The clock of the kit was %(low)d to %(high)d minutes ahead; times were put right."
    ) % {"low": low, "high": high}


def _behind(least: int, most: int | None) -> str:
    if most is None:
        return _now("The clock of the kit was at least %(minutes)d minutes behind.") % {
            "minutes": least
        }
    if least == most:
        return _now(
            "The clock of the kit was %(minutes)d minutes behind; times were put right."
        ) % {"minutes": least}
    return _now(
        "The clock of the kit was %(low)d to %(high)d minutes behind; times were put right."
    ) % {"low": least, "high": most}
