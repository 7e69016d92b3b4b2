"""Addresses of the library."""

from django.urls import path

from cairn.library import views

app_name = "library"
urlpatterns = [path("tools/", views.tools, name="tools")]
