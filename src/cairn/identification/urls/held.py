"""Addresses of envelopes that are held."""

from django.urls import path

from cairn.identification.views import held

urlpatterns = [
    path("reports/held/", held.held, name="held"),
    path("reports/held/<uuid:held_id>/", held.held_one, name="held-one"),
    path("reports/held/<uuid:held_id>/release/", held.release, name="held-release"),
    path("reports/held/<uuid:held_id>/close/", held.close, name="held-close"),
]
