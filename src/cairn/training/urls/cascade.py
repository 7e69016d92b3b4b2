"""Addresses of training: cascade."""

from django.urls import path

from cairn.training.views import cascade, cascade_plans, cascade_trainers

_ON = "training/cascade/"

urlpatterns = [
    path(_ON, cascade.cascade, name="cascade"),
    path(_ON + "resting/", cascade_trainers.resting, name="cascade-resting"),
    path(_ON + "trainers/<str:code>/", cascade_trainers.trainer, name="trainer-cascade"),
    path(_ON + "plans/", cascade_plans.plans, name="cascade-plans"),
    path(_ON + "plans/new/", cascade_plans.plan_new, name="cascade-plan-new"),
    path(_ON + "plans/<uuid:plan>/", cascade_plans.plan, name="cascade-plan"),
    path(_ON + "plans/<uuid:plan>/target/", cascade_plans.target_new, name="cascade-target-new"),
    path(
        _ON + "targets/<uuid:target>/remove/",
        cascade_plans.target_remove,
        name="cascade-target-remove",
    ),
]
