"""Addresses of profiles of countries."""

from django.urls import path

from cairn.identification.views import profiles

urlpatterns = [
    path("country-profiles/", profiles.profiles, name="profiles"),
    path("country-profiles/set/", profiles.set_profile, name="profile-set"),
    path("country-profiles/<str:country>/", profiles.profile, name="profile"),
]
