"""Addresses of training: kits."""

from django.urls import URLPattern, path  # noqa: F401 - used as soon as there is an address

urlpatterns: list[URLPattern] = []
