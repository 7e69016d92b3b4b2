"""What entries of the log about the curriculum say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "adaptation.begun": _("began an adaptation of a module."),
    "adaptation.moved": _("took an adaptation of a module a step on."),
    "course_plan.edited": _("changed a course plan."),
    "course_plan.entered": _("entered a course plan."),
    "integration.recorded": _("recorded that an institution teaches a module."),
    "module.entered": _("entered a module."),
    "module_variant.written": _("wrote a module in a further language."),
    "module_version.edited": _("changed a draft of a module."),
    "module_version.entered": _("entered a version of a module."),
    "module_version.moved": _("took a version of a module a step on."),
    "objective.entered": _("entered a learning objective."),
    "unit_strength.recorded": _("recorded how many people a unit has."),
    "training_need.recorded": _("recorded a training need."),
}
