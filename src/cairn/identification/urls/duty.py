"""Addresses of the duty check."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
