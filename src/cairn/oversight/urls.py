"""Addresses of the data-protection officer's desk."""

from django.urls import path

from cairn.oversight.views import desk

app_name = "oversight"
urlpatterns = [
    path("", desk.desk, name="desk"),
]
