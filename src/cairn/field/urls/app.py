"""Addresses of the app itself. Each file stands under its build: a new build, new addresses."""

from django.urls import path

from cairn.field.views import packs, shell

urlpatterns = [
    path("", shell.app, name="app"),
    path("sw.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("icon-<int:size>.png", shell.icon, name="icon"),
    path("app/<slug:build>/<path:path>", shell.file, name="file"),
    path("packs/<slug:language>.json", packs.pack, name="pack"),
    path("audio/<slug:language>/<str:name>", packs.audio, name="audio"),
]
