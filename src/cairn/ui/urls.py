"""Addresses of the shell itself: the gallery of components and the choice of theme."""

from django.urls import path

from cairn.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("theme/", views.theme, name="theme"),
]
