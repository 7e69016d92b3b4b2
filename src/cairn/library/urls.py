"""Addresses of the library."""

from django.urls import path

from cairn.library.views import tools

app_name = "library"
urlpatterns = [path("tools/", tools.tools, name="tools")]
