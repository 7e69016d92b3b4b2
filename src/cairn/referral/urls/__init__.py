"""Every address of assistance, by part; those with a code of a person come last.

All that have one, or the code of a referral, tell the old owner of a record that it is gone, in
place of "not found".
"""

from cairn.referral.urls import (
    consent,
    directory,
    matching,
    outside,
    persons,
    plans,
    protocols,
    referrals,
    sharing,
)
from cairn.referral.views.sharing_moved import told_where_it_went

app_name = "referral"
urlpatterns = told_where_it_went(
    [
        *matching.urlpatterns,
        *consent.urlpatterns,
        *referrals.urlpatterns,
        *outside.urlpatterns,
        *plans.urlpatterns,
        *sharing.urlpatterns,
        *protocols.urlpatterns,
        *directory.urlpatterns,
        *persons.urlpatterns,
    ]
)
