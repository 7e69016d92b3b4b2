"""What entries of the log about questionnaires say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "practical.rated": _("rated participants at a practical task."),
    "survey.answered": _("answered a questionnaire."),
    "survey_invitation.noted": _("noted whether somebody can be asked."),
    "survey_wave.invited": _("invited further participants to a questionnaire."),
    "survey_wave.opened": _("sent a questionnaire to the participants of a training."),
    "survey_wave.reminded": _("reminded those who have not answered a questionnaire."),
}
