"""Addresses of helplines and partners: a report on the web, and files of submissions."""

from django.urls import path

from cairn.field.views import submit

urlpatterns = [
    path("", submit.start, name="submit"),
    path("new/", submit.report, name="submit-form"),
    path("done/<str:token>/", submit.done, name="submit-done"),
    path("file/", submit.bring_file, name="submit-file"),
    path("form.xlsx", submit.template, name="submit-template"),
]
