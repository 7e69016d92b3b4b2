"""Addresses of shares, hand-overs, and the duty list."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
