"""Addresses of questionnaires and practical tasks."""

from django.urls import URLPattern, path

from cairn.training.views import followup as views
from cairn.training.views import practical

urlpatterns: list[URLPattern] = [
    path("f/<str:token>/", views.answer, name="answer"),
    path("training/events/<str:reference>/waves/", views.waves, name="waves"),
    path("training/events/<str:reference>/waves/new/", views.wave_new, name="wave-new"),
    path("training/events/<str:reference>/practical/", practical.practical, name="practical"),
    path("training/waves/<uuid:pk>/", views.wave, name="wave"),
    path("training/waves/<uuid:pk>/slips/", views.slips, name="wave-slips"),
    path("training/waves/<uuid:pk>/invite/", views.invite, name="wave-invite"),
    path("training/waves/<uuid:pk>/remind/", views.remind, name="wave-remind"),
    path(
        "training/waves/<uuid:pk>/asked/<uuid:invitation>/", views.unreached, name="wave-unreached"
    ),
]
