"""Addresses of the library."""

from django.urls import path

from cairn.library.views import practices, practices_editing, tools, tools_editing

app_name = "library"
urlpatterns = [
    path("tools/", tools.tools, name="tools"),
    path("tools/export.<str:kind>", tools.export, name="tools-export"),
    path("tools/new/", tools_editing.create, name="tool-new"),
    path("tools/<uuid:pk>/", tools.tool, name="tool"),
    path("tools/<uuid:pk>/edit/", tools_editing.edit, name="tool-edit"),
    path("tools/<uuid:pk>/versions/new/", tools_editing.new_version, name="version-new"),
    path("tools/<uuid:pk>/adaptations/new/", tools_editing.new_adaptation, name="adaptation-new"),
    path("tool-versions/<uuid:pk>/take/", tools.take, name="version-take"),
    path("tool-versions/<uuid:pk>/edit/", tools_editing.edit_version, name="version-edit"),
    path("adaptations/<uuid:pk>/edit/", tools_editing.edit_adaptation, name="adaptation-edit"),
    path("practices/", practices.practices, name="practices"),
    path("practices/export.<str:kind>", practices.export, name="practices-export"),
    path("practices/new/", practices_editing.create, name="practice-new"),
    path("practices/<str:code>/", practices.practice, name="practice"),
    path("practices/<str:code>/edit/", practices_editing.edit, name="practice-edit"),
    path("practices/<str:code>/later/", practices_editing.later, name="practice-later"),
    path("practices/<str:code>/review/", practices_editing.send, name="practice-send"),
    path("practices/<str:code>/decision/", practices_editing.decide, name="practice-decide"),
    path("practices/<str:code>/withdraw/", practices_editing.withdraw, name="practice-withdraw"),
]
