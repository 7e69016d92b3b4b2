"""Addresses of receiving units and their keys."""

from django.urls import URLPattern, path

from cairn.identification.views import receivers, unit_keys

KEY = "reports/units/keys/<str:key>/"
UNIT = "reports/units/<str:code>/"

urlpatterns: list[URLPattern] = [
    path("reports/units/", receivers.receivers, name="receivers"),
    path("reports/units/new/", receivers.create, name="receiver-new"),
    path(f"{KEY}hand-over/", unit_keys.hand, name="key-hand-over"),
    path(f"{KEY}take-over/", unit_keys.take, name="key-take-over"),
    path(f"{KEY}recover/", unit_keys.recover_copy, name="key-recover"),
    path(f"{KEY}end/", unit_keys.end, name="key-end"),
    path(f"{KEY}retire/", unit_keys.put_out_of_use, name="key-retire"),
    path(f"{KEY}destroy/", unit_keys.destroy_key, name="key-destroy"),
    path(f"{KEY}keep/", unit_keys.keep, name="key-keep"),
    path(UNIT, receivers.receiver, name="receiver"),
    path(f"{UNIT}edit/", receivers.edit, name="receiver-edit"),
    path(f"{UNIT}passphrase/", unit_keys.passphrase, name="key-passphrase"),
    path(f"{UNIT}new-key/", unit_keys.make, name="key-new"),
]
