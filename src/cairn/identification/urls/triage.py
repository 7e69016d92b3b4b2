"""Addresses of reports, from the queue to their outcome."""

from django.urls import URLPattern, path

from cairn.identification.views import triage

REPORT = "reports/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("reports/", triage.reports, name="reports"),
    path("reports/find/", triage.find, name="report-find"),
    path(REPORT, triage.report, name="report"),
    path(f"{REPORT}open/", triage.open_sealed, name="report-open"),
    path(f"{REPORT}read/", triage.read, name="report-read"),
    path(f"{REPORT}identity/", triage.identity, name="report-identity"),
    path(f"{REPORT}settle/", triage.close, name="report-settle"),
    path(f"{REPORT}link/", triage.link, name="report-link"),
    path(f"{REPORT}again/", triage.again, name="report-again"),
]
