"""Addresses of files of the human trafficking case data standard."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
