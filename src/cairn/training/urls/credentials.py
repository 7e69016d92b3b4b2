"""Addresses of training: certificates, and the public check."""

from django.urls import path

from cairn.training.views import (
    credentials,
    credentials_check,
    credentials_pages,
    credentials_types,
)

_OF = "training/events/<str:reference>/credentials/"
_ONE = "training/credentials/<str:code>/"

urlpatterns = [
    path("check/", credentials_check.check, name="check"),
    path("check/worker.js", credentials_check.worker, name="check-worker"),
    path("check/list/", credentials_check.lists, name="check-list"),
    path("check/list/<str:purpose>/", credentials_check.one_list, name="check-list-one"),
    path("check/issuer/", credentials_check.issuer, name="check-issuer"),
    path("check/issuer/<str:key>/", credentials_check.key, name="check-key"),
    path("check/<str:code>/", credentials_check.check_code, name="check-code"),
    path("training/c/<str:code>/", credentials_check.own, name="own-credentials"),
    path(_OF, credentials_pages.of_event, name="credentials"),
    path(_OF + "open/", credentials_pages.open_event, name="credentials-open"),
    path(_OF + "issue/", credentials.issue, name="credentials-issue"),
    path(_OF + "print/", credentials.print_all, name="credentials-print"),
    path("training/credentials/types/", credentials.types, name="credential-types"),
    path("training/credentials/types/new/", credentials_types.create, name="credential-type-new"),
    path(
        "training/credentials/types/standard/",
        credentials_types.add_standard,
        name="credential-types-standard",
    ),
    path("training/credentials/types/<slug:code>/", credentials_types.edit, name="credential-type"),
    path("training/credentials/find/", credentials.find, name="credential-find"),
    path("training/credentials/new/", credentials.issue_to, name="credential-new"),
    path(_ONE, credentials_pages.credential, name="credential"),
    path(_ONE + "open/", credentials_pages.open_one, name="credential-open"),
    path(_ONE + "print/", credentials.print_single, name="credential-print"),
    path(_ONE + "badge/", credentials.take_badge, name="credential-badge"),
    path(_ONE + "renew/", credentials.renew, name="credential-renew"),
    path(_ONE + "replace/", credentials.replace, name="credential-replace"),
    path(_ONE + "suspend/", credentials.suspend, name="credential-suspend"),
    path(_ONE + "reinstate/", credentials.reinstate, name="credential-reinstate"),
    path(_ONE + "revoke/", credentials.revoke, name="credential-revoke"),
]
