"""Addresses of recipients without an account, exchange formats, counts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
