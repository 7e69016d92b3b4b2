"""Addresses of editions of indicators."""

from django.urls import path

from cairn.identification.views import indicators as views
from cairn.identification.views import indicators_drafts as drafts

urlpatterns = [
    path("indicators/", views.editions, name="indicators"),
    path("indicators/new/", drafts.make, name="indicator-edition-new"),
    path("indicators/shipped/", drafts.take_shipped, name="indicators-shipped"),
    path("indicators/<str:code>/", views.edition, name="indicator-edition"),
    path("indicators/<str:code>/file.csv", views.export, name="indicator-edition-file"),
    path("indicators/<str:code>/compare/", views.compare, name="indicator-edition-compare"),
    path("indicators/<str:code>/import/", drafts.bring_file, name="indicator-edition-import"),
    path("indicators/<str:code>/publish/", drafts.publish, name="indicator-edition-publish"),
    path("indicators/<str:code>/withdraw/", drafts.withdraw, name="indicator-edition-withdraw"),
    path("indicators/<str:code>/signs/<slug:sign>/", drafts.sign, name="indicator-edition-sign"),
]
