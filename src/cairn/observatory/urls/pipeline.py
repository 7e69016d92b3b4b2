"""Addresses of releases on their way: the list, a new one, its steps, signing, the ledger."""

from django.urls import URLPattern, path

from cairn.observatory.views import releases, releases_acts

urlpatterns: list[URLPattern] = [
    path("releases/", releases.releases, name="releases"),
    path("releases/new/", releases_acts.create, name="release-new"),
    path("releases/ledger/", releases.ledger, name="release-ledger"),
    path("releases/<str:code>/", releases.release, name="release"),
    path("releases/<str:code>/figures/", releases.figures, name="release-figures"),
    path("releases/<str:code>/build/", releases_acts.build, name="release-build"),
    path("releases/<str:code>/sign/", releases_acts.sign, name="release-sign"),
    path("releases/<str:code>/publish/", releases_acts.publish, name="release-publish"),
    path("releases/<str:code>/refuse/", releases_acts.refuse, name="release-refuse"),
    path("releases/<str:code>/withdraw/", releases_acts.withdraw, name="release-withdraw"),
]
