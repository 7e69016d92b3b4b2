"""Addresses of procedures, by code."""

from django.urls import path

from cairn.identification.subjects import PROCEDURE
from cairn.identification.views import procedures
from cairn.oversight.views import records

KIND = {"kind": PROCEDURE.key}
LISTED = {"kind": PROCEDURE.key, "back": "identification:procedures"}
urlpatterns = [
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/find/", procedures.find, name="procedure-find"),
    path("procedures/new/", procedures.create, name="procedure-new"),
    path("procedures/export/", records.export, LISTED, name="procedure-export"),
    path("procedures/<str:code>/", procedures.procedure, name="procedure"),
    path("procedures/<str:code>/open/", procedures.open_sealed, name="procedure-open"),
    path("procedures/<str:code>/investigate/", procedures.investigate, name="procedure-take"),
    path("procedures/<str:code>/decide/", procedures.decide, name="procedure-decide"),
    path("procedures/<str:code>/links/new/", records.new_link, KIND, name="procedure-link-new"),
    path(
        "procedures/<str:code>/links/<uuid:link>/end/",
        records.end_link,
        KIND,
        name="procedure-link-end",
    ),
    path(
        "procedures/<str:code>/links/<uuid:link>/open/",
        records.open_link,
        KIND,
        name="procedure-link-open",
    ),
]
