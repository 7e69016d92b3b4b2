"""Addresses of envelopes that are held."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
