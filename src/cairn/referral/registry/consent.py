"""What the platform is told of consent, and the rights of the person."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.oversight.outcomes import Task
from cairn.referral.actions.consent_rounds import expire_due
from cairn.referral.queries.consent_panels import consent_panel, seen_panel
from cairn.referral.registry.told import Panel, Told
from cairn.referral.subjects.consent import CONSENT


def _place(notice: Any) -> str:
    """All that the person was asked."""
    return reverse("referral:consents", args=[notice.facts["pseudonym"]])


TOLD = Told(
    tones={
        "NEUTRAL": "consent_not_sought consent_not_possible",
        "WAITING": "consent_explained",
        "ACTIVE": "consent_given consent_given_with_limits",
        "DONE": "consent_expired consent_superseded",
        "STOPPED": "consent_refused consent_withdrawn",
    },
    kinds=(CONSENT,),
    rounds=((Task("consents", timedelta(hours=1), expire_due), _("Consents whose time is over")),),
    notices={
        "consent.expired": _("A consent of the record %(pseudonym)s has come to its end."),
    },
    places={"consent": _place},
    panels=(
        Panel(20, _("Consent"), "referral/consent_panel.html", consent_panel),
        Panel(95, _("Who saw my file"), "referral/consent_seen_panel.html", seen_panel),
    ),
)
