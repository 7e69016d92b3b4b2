"""What the platform is told of recipients without an account, exchange formats, counts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.referral.actions import exchange_persons, exchange_referrals
from cairn.referral.queries.exchange_panels import panel
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects.exchange import BROUGHT_KIND

TOLD = Told(
    entries=(
        Entry(
            "counts", pgettext_lazy("navigation", "Counts of assistance"), "ASSISTANCE_COUNT", 340
        ),
    ),
    tones={
        "WAITING": "brought_waiting",
        "ACTIVE": "brought_accepted",
        "DONE": "brought_ended",
        "STOPPED": "brought_declined",
    },
    kinds=(BROUGHT_KIND,),
    panels=(Panel(97, _("Files for other programs"), "referral/exchange_panel.html", panel),),
    files=(*exchange_persons.FILES, *exchange_referrals.FILES),
)
