"""Addresses of the duty check."""

from django.urls import path

from cairn.identification.views import duty

urlpatterns = [path("duty/", duty.check, name="duty")]
