"""Addresses of signing in and of the role table."""

from django.urls import path

from cairn.access import views

app_name = "access"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("roles/", views.roles, name="roles"),
]
