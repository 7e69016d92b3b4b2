"""How the history of consent, and the rights of the person is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "consent.asked": _("noted what the person is asked to agree to (consent %(number)s)."),
    "consent.explained": _("explained it to the person (consent %(number)s)."),
    "consent.answered": _("wrote down what the person said (consent %(number)s)."),
    "consent.withdrawn": _("wrote down that the person took a consent back (consent %(number)s)."),
    "consent.superseded": _(
        "put a newer answer in the place of an older one (consent %(number)s)."
    ),
    "consent.expired": _("noted that the time of a consent is over (consent %(number)s)."),
    "consent.receipt_offered": _("offered the person a slip (consent %(number)s)."),
    "rights.passed_on": _("passed a wish of the person on to data protection."),
    "rights.file_made": _("made a copy of what is kept, for the person."),
}
