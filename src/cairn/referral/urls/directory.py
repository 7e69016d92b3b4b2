"""Addresses of the directory of services."""

from django.urls import path

from cairn.referral.views import access_points

urlpatterns = [
    path("access-points/", access_points.access_points, name="access-points"),
    path("access-points/new/", access_points.create, name="access-point-new"),
    path("access-points/<str:code>/", access_points.access_point, name="access-point"),
    path("access-points/<str:code>/edit/", access_points.edit, name="access-point-edit"),
    path("access-points/<str:code>/assure/", access_points.assure, name="access-point-assure"),
    path("access-points/<str:code>/close/", access_points.close, name="access-point-close"),
]
