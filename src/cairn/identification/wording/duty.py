"""How the history of the duty check is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "duty_token.issued": _("issued a token of the duty check."),
    "duty_token.revoked": _("revoked the token of the duty check."),
    "duty.checked": _("made a duty check."),
}
