"""Addresses of training: kits."""

from django.urls import URLPattern, path

from cairn.training.views import kits as views
from cairn.training.views import kits_returns as returns

urlpatterns: list[URLPattern] = [
    path("training/kits/", views.kits, name="kits"),
    path("training/kits/enrol/", views.enrol, name="kit-enrol"),
    path("training/kits/here/", returns.here, name="kit-here"),
    path("training/kits/here/receipt/", returns.take_receipt, name="kit-receipt-taken"),
    path("training/kits/here/<uuid:pk>/export/", returns.export, name="kit-export"),
    path("training/kits/checkouts/<uuid:pk>/", views.checkout, name="kit-checkout"),
    path("training/kits/checkouts/<uuid:pk>/again/", views.again, name="kit-checkout-again"),
    path("training/kits/checkouts/<uuid:pk>/recall/", views.recall, name="kit-recall"),
    path("training/kits/checkouts/<uuid:pk>/check-in/", returns.check_in, name="kit-check-in"),
    path("training/kits/returns/<uuid:pk>/", returns.result, name="kit-return"),
    path("training/kits/returns/<uuid:pk>/sheet.pdf", returns.sheet, name="kit-sheet"),
    path("training/kits/returns/<uuid:pk>/receipt/", returns.receipt, name="kit-receipt"),
    path("training/kits/<str:code>/", views.kit, name="kit"),
    path("training/kits/<str:code>/check-out/", views.check_out, name="kit-check-out"),
    path("training/kits/<str:code>/revoke/", views.revoke, name="kit-revoke"),
]
