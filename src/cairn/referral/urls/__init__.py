"""Every address of assistance, by part; those with a code of a person come last."""

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

app_name = "referral"
urlpatterns = [
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
