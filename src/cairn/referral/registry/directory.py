"""What the platform is told of the directory of services."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cairn.oversight.outcomes import Task
from cairn.referral.actions.confirmations import ask_where_not_known
from cairn.referral.registry.told import Entry, Told
from cairn.referral.subjects.directory import LOCATION

TOLD = Told(
    entries=(
        Entry("services", _("Services"), "DIRECTORY_VIEW", 310),
        Entry("access-points", _("Offices and telephones"), "DIRECTORY_VIEW", 312),
    ),
    tones={
        "ACTIVE": "access_point_good service_open",
        "WAITING": "access_point_ask service_waiting_list service_not_known",
        "STOPPED": "access_point_stale access_point_closed service_full service_stale "
        "service_taken_out",
    },
    kinds=(LOCATION,),
    rounds=(
        (
            Task("services", timedelta(days=1), ask_where_not_known),
            _("Asking providers how their services stand"),
        ),
    ),
)
