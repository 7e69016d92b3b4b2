"""Addresses: interactive."""

from django.urls import path

from cairn.observatory.views import interactive

urlpatterns = [path("statistics/ask/", interactive.ask, name="ask")]
