"""What entries of the log about credentials say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "credential.badge_taken": _("took a certificate as an Open Badge."),
    "credential.event_certified": _("issued certificates for a training event."),
    "credential.issued": _("issued a certificate."),
    "credential.printed": _("printed certificates."),
    "credential.reinstated": _("reinstated a certificate."),
    "credential.revoked": _("revoked a certificate."),
    "credential.superseded": _("replaced a certificate by a newer one."),
    "credential.suspended": _("suspended a certificate."),
    "credential_type.changed": _("changed a type of certificate."),
    "credential_type.entered": _("entered a type of certificate."),
}
