"""Addresses that phones talk to."""

from django.urls import path

from cairn.field.views import api

urlpatterns = [
    path("enrol", api.enrol, name="api-enrol"),
    path("envelopes", api.envelopes, name="api-envelopes"),
    path("contact", api.contact, name="api-contact"),
]
