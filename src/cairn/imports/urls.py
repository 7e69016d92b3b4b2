"""Addresses of reading files in."""

from django.urls import path

from cairn.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.start, name="start"),
    path("template/<str:kind>.<str:form>", views.empty_file, name="template"),
    path("<uuid:pk>/", views.batch, name="batch"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/apply/", views.apply, name="apply"),
    path("<uuid:pk>/discard/", views.discard, name="discard"),
]
