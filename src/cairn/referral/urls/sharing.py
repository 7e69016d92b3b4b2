"""Addresses of shares, hand-overs, and the duty list."""

from django.urls import path

from cairn.referral.views import today

urlpatterns = [
    path("today/", today.today, name="today"),
]
