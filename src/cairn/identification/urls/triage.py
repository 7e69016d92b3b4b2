"""Addresses of reports, from the queue to their outcome."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
