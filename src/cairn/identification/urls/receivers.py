"""Addresses of receiving units and their keys."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
