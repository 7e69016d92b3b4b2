"""Addresses: practices as files."""

from django.urls import path

from cairn.results.views import publications

urlpatterns = [
    path("practices/<str:code>/page.<str:form>", publications.practice_file, name="practice-file"),
]
