"""Addresses of records that may be about the same person."""

from django.urls import URLPattern, path

from cairn.referral.views import matching

urlpatterns: list[URLPattern] = [
    path("persons/duplicates/", matching.duplicates, name="duplicates"),
    path("persons/duplicates/<uuid:pk>/", matching.pair, name="pair"),
    path("persons/duplicates/<uuid:pk>/open/", matching.open_pair, name="pair-open"),
    path("persons/duplicates/<uuid:pk>/decide/", matching.decide_pair, name="pair-decide"),
    path("persons/duplicates/<uuid:pk>/undo/", matching.undo_pair, name="pair-undo"),
]
