"""Addresses of questionnaires: for those who ask, and the one where people answer."""

from django.urls import URLPattern, path

from cairn.training.views import followup as views

urlpatterns: list[URLPattern] = [
    path("f/<str:token>/", views.answer, name="answer"),
    path("training/events/<str:reference>/waves/", views.waves, name="waves"),
    path("training/events/<str:reference>/waves/new/", views.wave_new, name="wave-new"),
    path("training/waves/<uuid:pk>/", views.wave, name="wave"),
    path("training/waves/<uuid:pk>/slips/", views.slips, name="wave-slips"),
    path("training/waves/<uuid:pk>/invite/", views.invite, name="wave-invite"),
    path("training/waves/<uuid:pk>/remind/", views.remind, name="wave-remind"),
    path(
        "training/waves/<uuid:pk>/asked/<uuid:invitation>/", views.unreached, name="wave-unreached"
    ),
]
