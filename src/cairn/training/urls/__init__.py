"""Every address of training, by part."""

from cairn.training.urls import (
    cascade,
    credentials,
    curriculum,
    events,
    followup,
    kits,
    people,
    results,
    roster,
    tests,
)

app_name = "training"
urlpatterns = [
    *results.urlpatterns,
    *cascade.urlpatterns,
    *credentials.urlpatterns,
    *curriculum.urlpatterns,
    *followup.urlpatterns,
    *kits.urlpatterns,
    *people.urlpatterns,
    *roster.urlpatterns,
    *tests.urlpatterns,
    *events.urlpatterns,
]
