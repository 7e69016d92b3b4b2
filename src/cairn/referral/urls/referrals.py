"""Addresses of referrals and their clocks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
