"""Addresses of paper forms: printed in batches, entered by serial, destroyed."""

from django.urls import path

from cairn.field.views import paper

urlpatterns = [
    path("", paper.forms, name="paper"),
    path("print/", paper.print_batch, name="paper-print"),
    path("printed/<str:serial>/", paper.batch, name="paper-batch"),
    path("printed/<str:serial>/forms.pdf", paper.pdf, name="paper-pdf"),
    path("find/", paper.find, name="paper-find"),
    path("<str:serial>/", paper.form, name="paper-form"),
    path("<str:serial>/enter/", paper.enter, name="paper-enter"),
    path("<str:serial>/shred/", paper.shred, name="paper-shred"),
]
