"""How the history of a release of statistics is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "release.begun": _("began the release of statistics."),
    "release.asked": _("asked for the steps that were left."),
    "release.extracted": _("had the extract frozen."),
    "release.counted": _("had the exact counts made."),
    "release.protected": _("had the counts protected."),
    "release.attacked": _("had the release attacked."),
    "release.signed": _("signed the release."),
    "release.refused": _("refused the release."),
    "release.published": _("published the release."),
    "release.withdrawn": _("withdrew the release."),
}
