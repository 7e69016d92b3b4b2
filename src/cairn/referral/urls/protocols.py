"""Addresses of agreements on sharing, risks of recipients, routing, experts."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
