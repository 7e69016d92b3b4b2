"""Addresses of what is taught."""

from django.urls import URLPattern, path

from cairn.training.views import curriculum as views
from cairn.training.views import plans

urlpatterns: list[URLPattern] = [
    path("training/modules/", views.modules, name="modules"),
    path("training/modules/new/", views.module_new, name="module-new"),
    path("training/modules/<str:code>/", views.module, name="module"),
    path("training/modules/<str:code>/compare/", views.compare, name="module-compare"),
    path("training/modules/<str:code>/versions/new/", views.version_new, name="version-new"),
    path("training/versions/<uuid:pk>/edit/", views.version_edit, name="version-edit"),
    path("training/versions/<uuid:pk>/move/", views.version_move, name="version-move"),
    path("training/versions/<uuid:pk>/adapt/", views.adapt, name="version-adapt"),
    path("training/versions/<uuid:pk>/taught/", views.integration, name="version-taught"),
    path("training/versions/<uuid:pk>/in/<slug:language>/", views.variant, name="version-variant"),
    path("training/adaptations/<uuid:pk>/move/", views.adaptation_move, name="adaptation-move"),
    path("training/plans/", plans.plans, name="plans"),
    path("training/plans/new/", plans.plan_new, name="plan-new"),
    path("training/plans/<str:code>/", plans.plan_edit, name="plan-edit"),
    path("training/objectives/", plans.objectives, name="objectives"),
    path("training/objectives/new/", plans.objective_new, name="objective-new"),
    path("training/needs/", plans.training_needs, name="needs"),
    path("training/strengths/new/", plans.strength_new, name="strength-new"),
    path("training/needs/new/", plans.need_new, name="need-new"),
]
