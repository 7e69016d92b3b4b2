"""How the history of paper forms is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "paper.printed": _("printed %(count)s paper forms."),
    "paper.entered": _("entered a paper form, which was sealed at once."),
    "paper.shredded": _("noted that a paper form was destroyed."),
}
