"""Addresses of rights that decisions open."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
