"""How the history of rights is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "procedure.told": _("recorded that the person was told of decision %(number)s."),
    "procedure.review_asked": _("recorded that a review was asked for, as decision %(number)s."),
    "procedure.age_noted": _("noted what is known of the age."),
    "right.changed": _("opened, extended or ended rights thereby (decision %(decision)s)."),
    "reflection.step_taken": _("recorded a step of the time for reflection."),
    "guardian.appointed": _("recorded guardian %(number)s."),
    "guardian.ended": _("recorded the end of guardianship %(number)s."),
    "best_interests.assessed": _("recorded best-interests step %(number)s."),
    "interview.planned": _("planned interview %(number)s."),
    "interview.held": _("recorded that interview %(number)s was held."),
    "interview.cancelled": _("recorded that interview %(number)s was cancelled."),
}
