"""Addresses of records that may be about the same person."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
