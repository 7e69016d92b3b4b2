"""What the platform is told of the directory of services."""

from django.utils.translation import gettext_lazy as _

from cairn.referral.registry.told import Entry, Told

TOLD = Told(
    entries=(Entry("access-points", _("Services"), "DIRECTORY_VIEW", 310),),
    tones={
        "ACTIVE": "access_point_good",
        "WAITING": "access_point_ask",
        "STOPPED": "access_point_stale access_point_closed",
    },
)
