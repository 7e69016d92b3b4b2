"""Every address, by context."""

from django.urls import include, path

urlpatterns = [
    path("", include("cairn.web.urls")),
    path("", include("cairn.access.urls")),
    path("", include("cairn.access.accounts.urls")),
    path("", include("cairn.portfolio.urls")),
    path("", include("cairn.library.urls")),
    path("", include("cairn.identification.urls")),
    path("", include("cairn.training.urls")),
    path("", include("cairn.referral.urls")),
    path("", include("cairn.observatory.urls")),
    path("", include("cairn.results.urls")),
    path("", include("cairn.field.urls")),
    path("imports/", include("cairn.imports.urls")),
    path("oversight/", include("cairn.oversight.urls")),
    path("ui/", include("cairn.ui.urls")),
    path("language/", include("django.conf.urls.i18n")),
]

handler400 = "cairn.ui.views.bad_request"
