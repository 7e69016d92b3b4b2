"""How the log tells of practices and tools."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "practice.drafted": _("drafted a practice."),
    "practice.changed": _("changed the draft of a practice."),
    "practice.sent": _("sent a practice to review."),
    "practice.returned": _("sent a practice back to its writer."),
    "practice.published": _("published a practice."),
    "practice.seed_published": _("published the practices of the sources."),
    "practice.withdrawn": _("withdrew a practice."),
    "tool.entered": _("entered a tool."),
    "tool.changed": _("changed a tool."),
    "tool.version_entered": _("entered a version of a tool."),
    "tool.version_changed": _("changed a version of a tool."),
    "tool.adaptation_entered": _("entered an adaptation of a tool."),
    "tool.adaptation_changed": _("changed an adaptation of a tool."),
}
