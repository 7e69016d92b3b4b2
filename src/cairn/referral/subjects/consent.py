"""The kind of record that oversight knows as "consent", and what stays of it after an erasure."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.referral.models.consent import Consent
from cairn.referral.subjects.persons import erased_with, row_kind

CONSENT_SEALED = {
    "limits": _("Limits, in the person's words"),
    "note": _("Note on the conversation"),
}


def _address(code: str) -> str:
    """The list of all that the person was asked."""
    return reverse("referral:consents", args=[code.partition(".")[0].upper()])


CONSENT = row_kind(
    "consent",
    "referral.Consent",
    _("Consent"),
    _("Consents"),
    CONSENT_SEALED,
    _address,
)


def forget(person: Any) -> None:
    """After the key is destroyed: that something was asked for a purpose, and when, is counted."""
    Consent._base_manager.filter(person=person).update(
        recipient=None,
        recipient_class="",
        categories=[],
        language="",
        interpreter="",
        guardian=None,
        assent="",
        capacity="",
        receipt="",
    )


erased_with(forget=forget)
