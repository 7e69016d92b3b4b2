"""Addresses of training: trainers, teams, outcomes from the field, requests after trainings."""

from django.urls import path

from cairn.training.views import outcomes, requests, roster, teams

_TRAINER = "training/trainers/<str:code>/"
_TEAM = "training/teams/<str:code>/"
_OUTCOME = "training/outcomes/<str:reference>/"

urlpatterns = [
    path("training/trainers/", roster.trainers, name="trainers"),
    path("training/trainers/names/", roster.open_names, name="trainers-open"),
    path("training/trainers/new/", roster.add, name="trainer-new"),
    path(_TRAINER, roster.trainer, name="trainer"),
    path(_TRAINER + "travel/", roster.travel, name="trainer-travel"),
    path(_TRAINER + "level/", roster.level, name="trainer-level"),
    path(_TRAINER + "observe/", roster.observe, name="trainer-observe"),
    path(_TRAINER + "days/", roster.availability, name="trainer-availability"),
    path(
        _TRAINER + "days/<uuid:pk>/remove/",
        roster.availability_remove,
        name="trainer-availability-remove",
    ),
    path(_TRAINER + "restrict/", roster.restrict, name="trainer-restrict"),
    path(
        _TRAINER + "restrictions/<uuid:pk>/lift/",
        roster.restriction_lift,
        name="trainer-restriction-lift",
    ),
    path("training/teams/", teams.teams, name="teams"),
    path("training/teams/new/", teams.create, name="team-new"),
    path(_TEAM, teams.team, name="team"),
    path(_TEAM + "needs/", teams.change_needs, name="team-needs"),
    path(_TEAM + "members/", teams.member, name="team-member"),
    path(_TEAM + "members/<uuid:pk>/remove/", teams.member_remove, name="team-member-remove"),
    path(_TEAM + "move/", teams.move, name="team-move"),
    path(_TEAM + "tasks/", teams.task, name="team-task"),
    path(_TEAM + "tasks/<uuid:pk>/", teams.task_settle, name="team-task-settle"),
    path("training/outcomes/", outcomes.outcomes, name="outcomes"),
    path("training/outcomes/new/", outcomes.create, name="outcome-new"),
    path(_OUTCOME, outcomes.outcome, name="outcome"),
    path(_OUTCOME + "claim/", outcomes.claim, name="outcome-claim"),
    path(_OUTCOME + "withdraw/", outcomes.withdraw, name="outcome-withdraw"),
    path("training/requests/", requests.requests, name="requests"),
    path("training/requests/new/", requests.create, name="request-new"),
    path("training/requests/<str:reference>/", requests.plan, name="request-plan"),
]
