"""Addresses of files of the human trafficking case data standard."""

from django.urls import URLPattern, path

from cairn.identification.views import htcds

urlpatterns: list[URLPattern] = [
    path("htcds/", htcds.htcds, name="htcds"),
    path("htcds/export/", htcds.export, name="htcds-export"),
    path("htcds/bring/", htcds.bring_file, name="htcds-bring"),
]
