"""What entries of the log about roster say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "trainer.listed": _("put the person on the roster of trainers."),
    "trainer.changed": _("changed what is known of the trainer."),
    "trainer.level_awarded": _("decided the level “%(level)s” of the trainer."),
    "trainer.observed": _("recorded an observation of the trainer."),
    "trainer.availability_said": _("wrote down days of the trainer."),
    "trainer.availability_taken_back": _("took back days of the trainer."),
    "trainer.restricted": _("restricted where the trainer is sent."),
    "trainer.restriction_lifted": _("lifted a restriction of the trainer."),
    "training_team.formed": _("began to form the team."),
    "training_team.needs_changed": _("changed what the team needs."),
    "training_team.joined": _("took somebody into the team."),
    "training_team.left": _("took somebody out of the team."),
    "training_team.moved": _("took the team from “%(before)s” to “%(after)s”."),
    "training_team.tasked": _("gave the team a task of %(courses)s courses."),
    "training_team.task_settled": _("brought a task of the team up to date."),
    "field_outcome.reported": _("reported an outcome from the field."),
    "field_outcome.claimed": _("recorded that a training contributed: “%(after)s”."),
    "field_outcome.withdrawn": _("withdrew the report."),
    "training_request.raised": _("entered the request at a training."),
    "training_request.planned": _("planned the next step of the request."),
    "training_programme.loaded": _("made records of training from what sources print."),
}
