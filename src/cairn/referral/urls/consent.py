"""Addresses of consent, and the rights of the person."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
