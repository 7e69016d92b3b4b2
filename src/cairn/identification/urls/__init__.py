"""Every address of identification, by part."""

from cairn.identification.urls import (
    duty,
    held,
    htcds,
    indicators,
    procedures,
    profiles,
    receivers,
    rights,
    triage,
)

app_name = "identification"
urlpatterns = [
    *profiles.urlpatterns,
    *duty.urlpatterns,
    *rights.urlpatterns,
    *procedures.urlpatterns,
    *receivers.urlpatterns,
    *held.urlpatterns,
    *triage.urlpatterns,
    *indicators.urlpatterns,
    *htcds.urlpatterns,
]
