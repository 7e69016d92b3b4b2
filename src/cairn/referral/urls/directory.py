"""Addresses of the directory of services."""

from django.urls import path

from cairn.referral.views import (
    access_points,
    directory_files,
    secret_places,
    service_links,
    services,
)

urlpatterns = [
    path("access-points/", access_points.access_points, name="access-points"),
    path("access-points/new/", access_points.create, name="access-point-new"),
    path("access-points/<str:code>/", access_points.access_point, name="access-point"),
    path("access-points/<str:code>/edit/", access_points.edit, name="access-point-edit"),
    path("access-points/<str:code>/assure/", access_points.assure, name="access-point-assure"),
    path("access-points/<str:code>/close/", access_points.close, name="access-point-close"),
    path("services/", services.services, name="services"),
    path("services/areas/", services.areas, name="service-areas"),
    path("services/new/", services.create, name="service-new"),
    path("services/files/", directory_files.files, name="directory-files"),
    path("services/files/bring/", directory_files.bring, name="directory-bring"),
    path("services/files/out/", directory_files.export, name="directory-export"),
    path("services/say/<str:token>/", service_links.say, name="service-say"),
    path("services/<str:code>/", services.service, name="service"),
    path("services/<str:code>/edit/", services.edit, name="service-edit"),
    path("services/<str:code>/capacity/", services.say, name="service-capacity"),
    path("services/<str:code>/assure/", services.assure, name="service-assure"),
    path("services/<str:code>/points/", services.points, name="service-points"),
    path("services/<str:code>/focal/", services.focal, name="service-focal"),
    path("services/<str:code>/ask/", service_links.ask, name="service-ask"),
    path("services/<str:code>/close/", services.close, name="service-close"),
    path("services/<str:code>/place/", secret_places.create, name="location-new"),
    path("protected-places/<str:code>/", secret_places.location, name="location"),
    path("protected-places/<str:code>/close/", secret_places.close, name="location-close"),
]
