"""What could tell of records of training that somebody may not see."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from cairn.core.actor import Actor
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories
from cairn.training.models import (
    CascadePlan,
    Deployment,
    FieldOutcomeReport,
    MobileTrainingTeam,
    TrainerProfile,
    TrainingEvent,
)
from cairn.training.models.credentials import CredentialQuerySet
from cairn.training.models.nominations import NominationQuerySet, VettingCheckQuerySet
from cairn.training.models.people import PractitionerQuerySet
from cairn.training.rules.states import DeploymentState
from tests.doors.scene_training import DAY
from tests.doors.scene_training_rows import add_certificate, add_participant, add_person, propose
from tests.doors.secret import MANY, SIGNS, Secret, everything
from tests.doors.stage import HERE, THERE, Scene, other_organisation, own_organisation

EVENT = "/training/events/XT-G/"
STRANGER = "MTT-992"
PLAN = UUID("77777777-7777-4777-8777-777777777777")
SOON = timedelta(days=5)


def trainees_elsewhere(scene: Scene) -> None:
    """Trainers with a check and a post, of another organisation, and in another country."""
    places = ((other_organisation(), HERE), (own_organisation(), THERE))
    for sign, (organisation, country) in zip("KM", places, strict=True):
        for number in range(MANY // 2 + 1):
            code = f"{sign}{number:02}".translate(SIGNS)
            person = add_person(f"{code}-CCC", organisation, country)
            TrainerProfile.objects.create(practitioner=person, listed_on=DAY)
            Deployment.objects.filter(practitioner=person).update(
                state=DeploymentState.IN_POST, planned_until=timezone.localdate() + SOON
            )


def nominations_of_others(scene: Scene) -> None:
    """Another agency gets seats in a call where one has some, and nominates for them."""
    event = TrainingEvent.objects.get(reference="XT-G")
    for number in range(3):
        propose(
            event,
            add_person(f"M7{number + 2}-992", other_organisation(), HERE),
            other_organisation(),
        )


def participants_of_others(scene: Scene) -> None:
    """Somebody takes part in an event that one does not run, and gets a certificate there."""
    event = TrainingEvent.objects.get(reference="XT-H")
    person = add_person(STRANGER, own_organisation(), HERE)
    TrainerProfile.objects.create(practitioner=person, listed_on=DAY)
    add_participant(event, person, "M-77")
    add_certificate(person, "M77-77M-777", event, own_organisation(), HERE)


def projects_of_trainings(scene: Scene) -> None:
    """A withheld project has the training, the team and the outcome that one knows, and a plan."""
    project = factories.project("X77", publication=Publication.WITHHELD)
    TrainingEvent.objects.filter(reference="XT-G").update(project=project)
    MobileTrainingTeam.objects.filter(code="XTEAM-G").update(project=project)
    FieldOutcomeReport.objects.filter(reference="XFO-G").update(project=project)
    CascadePlan.objects.create(pk=PLAN, title="Hidden cascade", project=project)


PEOPLE = (
    (PractitionerQuerySet, "visible_to", everything),
    (VettingCheckQuerySet, "visible_to", everything),
    (NominationQuerySet, "visible_to", everything),
    (CredentialQuerySet, "visible_to", everything),
)
TRAINING_SECRETS = {
    "trainees elsewhere": Secret(
        trainees_elsewhere,
        ("vetting-officer", "training-officer"),
        (
            "/training/people/",
            "/training/people/?page=2",
            "/training/people/find/?code=KCC-CCC",
            "/training/people/KCC-CCC/",
            "/training/trainers/",
            "/training/deployments/",
            "/training/deployments/rotation/",
            "/training/vetting/",
            "/training/vetting/kcc-ccc.v1/",
        ),
        ("/home/", "/training/", "/training/calls/", "/training/kits/", f"{EVENT}participants/"),
        PEOPLE,
    ),
    "nominations of other agencies": Secret(
        nominations_of_others,
        ("agency-focal-point",),
        ("/training/calls/XT-G/", "/training/people/M72-992/"),
        ("/training/calls/", "/home/", "/training/people/", "/training/calls/XT-G/women/"),
        PEOPLE,
    ),
    "participants of other events": Secret(
        participants_of_others,
        ("agency-focal-point", "trainer"),
        (
            f"/training/people/{STRANGER}/",
            "/training/trainers/",
            f"/training/trainers/{STRANGER}/",
            "/training/credentials/M77-77M-777/",
            "/training/credentials/find/?code=M77-77M-777",
        ),
        ("/home/", "/training/people/", f"{EVENT}participants/", f"{EVENT}credentials/"),
        PEOPLE,
    ),
    "projects behind trainings": Secret(
        projects_of_trainings,
        ("vetting-officer",),
        (
            EVENT,
            f"{EVENT}closing/",
            f"{EVENT}closing/json/",
            "/training/?q=X77",
            "/training/events/export/csv/",
            "/training/teams/XTEAM-G/",
            "/training/outcomes/XFO-G/",
            "/training/cascade/plans/",
            f"/training/cascade/plans/{PLAN}/",
        ),
        (
            "/training/",
            f"{EVENT}results/",
            "/training/teams/",
            "/training/outcomes/",
            "/training/cascade/",
            "/training/overview/",
            "/training/reports/",
            "/home/",
        ),
        ((Actor, "may", lambda actor, permission: True),),
    ),
}
