"""Addresses of assistance plans and returns."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
