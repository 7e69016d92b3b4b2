"""Addresses of the portfolio. Public and programme staff use the same ones."""

from django.urls import path

from cairn.portfolio.views import (
    countries,
    documents,
    donors,
    editing,
    events,
    findings,
    funding,
    iati,
    listing,
    project,
    requests,
    results,
)

app_name = "portfolio"
urlpatterns = [
    path("projects/", listing.projects, name="projects"),
    path("projects/export.<str:kind>", listing.export, name="export"),
    path("projects/new/", editing.create, name="project-new"),
    path("projects/folder/", documents.folder, name="folder"),
    path("projects/folder.<str:kind>", documents.folder_file, name="folder-file"),
    path("projects/<str:address>/", project.project, name="project"),
    path("projects/<str:address>/page.<str:kind>", documents.project_file, name="project-file"),
    path("projects/<str:address>/edit/", editing.edit, name="project-edit"),
    path("projects/<str:address>/state/", editing.move, name="project-move"),
    path("projects/<str:address>/publication/", editing.publish, name="project-publish"),
    path("projects/<str:address>/pledges/new/", funding.new_pledge, name="pledge-new"),
    path("pledges/<uuid:pk>/withdraw/", funding.withdraw, name="pledge-withdraw"),
    path("pledges/<uuid:pk>/agreement/", funding.new_agreement, name="agreement-new"),
    path("agreements/<uuid:pk>/receipt/", funding.new_receipt, name="receipt-new"),
    path("agreements/<uuid:pk>/spending/", funding.new_expenditure, name="expenditure-new"),
    path("indicators/<int:pk>/measure/", results.measure, name="measure"),
    path("donors/", donors.donors, name="donors"),
    path("donors/<slug:slug>/", donors.donor, name="donor"),
    path("countries/", countries.countries, name="countries"),
    path("countries/<str:code>/", countries.country, name="country"),
    path("countries/<str:code>/data/", countries.country_data, name="country-data"),
    path("aid-data/<str:name>.xml", iati.file, name="iati-file"),
    path("aid-data/compare/", iati.compare, name="iati-compare"),
    path("findings/", findings.findings, name="findings"),
    path("findings/<int:pk>/explain/", findings.explain, name="finding-explain"),
    path("requests/", requests.requests, name="requests"),
    path("requests/new/", requests.create, name="request-new"),
    path("requests/<str:reference>/", requests.request_page, name="request"),
    path("requests/<str:reference>/move/", requests.move, name="request-move"),
    path("events/", events.events, name="events"),
]
