"""Addresses of phones at the desk."""

from django.urls import path

from cairn.field.views import devices

urlpatterns = [
    path("", devices.devices, name="devices"),
    path("find/", devices.find, name="device-find"),
    path("invite/", devices.invite, name="device-invite"),
    path("alerts/<uuid:pk>/answer/", devices.answer_alert, name="device-alert"),
    path("<str:code>/", devices.device, name="device"),
    path("<str:code>/open/", devices.open_officer, name="device-open"),
    path("<str:code>/code/", devices.invite_again, name="device-again"),
    path("<str:code>/renew/", devices.renew, name="device-renew"),
    path("<str:code>/revoke/", devices.revoke, name="device-revoke"),
]
