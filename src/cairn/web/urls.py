"""Addresses of the public front and of the homes."""

from django.urls import path

from cairn.web import views

app_name = "web"
urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("data/", views.open_data, name="data"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
]
