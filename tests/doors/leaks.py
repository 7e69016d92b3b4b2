"""What could tell of a record that somebody may not see: lists, sums, searches, files, errors.

The measure is the same everywhere: with the record or without it, every answer is the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import caches

from cairn.access.tests.factories import user_with_role
from cairn.identification.models import ProcedureQuerySet
from cairn.imports.models import BatchState, ImportBatchQuerySet
from cairn.portfolio.models import Event, OutcomeRecord, Pledge, Project, ProjectCountry
from cairn.portfolio.models.funding import PledgeQuerySet
from cairn.portfolio.models.project import ProjectQuerySet
from cairn.portfolio.models.requests import AssistanceRequestQuerySet
from cairn.portfolio.models.results import EventQuerySet, OutcomeRecordQuerySet
from cairn.portfolio.queries import listing
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories
from cairn.referral.models import PersonQuerySet
from tests.doors.asking import Browser, ask, plain, undone
from tests.doors.leaks_training import TRAINING_SECRETS
from tests.doors.outcome import Relation as R
from tests.doors.people import make_person, make_procedure
from tests.doors.scene import add_project, batch
from tests.doors.secret import MANY, SIGNS, Secret, everything
from tests.doors.stage import HERE, THERE, Scene, other_organisation, own_organisation


def withheld_projects(scene: Scene) -> None:
    """One with a record of every kind, and so many more that lists would get a further page."""
    add_project(
        scene, R.WITHHELD, "X05", HERE, own_organisation(), publication=Publication.WITHHELD
    )
    for number in range(MANY):
        factories.project(f"X1{number:02}", publication=Publication.WITHHELD)


def files_of_strangers(scene: Scene) -> None:
    """Read, and waiting for the word of whoever brought them."""
    for relation in (R.OTHER_ORGANISATION, R.OTHER_COUNTRY):
        stranger = user_with_role("programme-officer", name=f"bringing-{relation.name.lower()}")
        for number in range(MANY):
            made = batch(stranger, f"stranger-{number}.csv")
            made.state = BatchState.PREVIEWED
            made.save()


def requests_of_states(scene: Scene) -> None:
    for number in range(MANY):
        factories.request(f"XR-{number:02}", countries=[HERE], request=f"hidden wish {number}")


def other_words_in_reduced(scene: Scene) -> None:
    """A reduced project with another title, reference, country, partner and donor.

    Its language stays: the public title is written in it.
    """
    project = Project.objects.get(publication=Publication.REDUCED)
    project.reference, project.code = "A00", "CODE-A00"
    project.title = "Aardvark " * 3
    project.save()
    project.countries.all().delete()
    ProjectCountry.objects.create(project=project, country="BTN")
    Event.objects.filter(project=project).update(place="Aardvark place")
    OutcomeRecord.objects.filter(project=project).update(note="Aardvark note")
    Pledge.objects.filter(project=project).update(donor=factories.donor("Aardvark Fund"))
    project.partners.all().delete()
    factories.partner(project, "Aardvark partner")


def persons_elsewhere(scene: Scene) -> None:
    """Persons and procedures of another organisation, and of one's own in another country."""
    places = ((other_organisation(), HERE), (own_organisation(), THERE))
    for sign, (organisation, country) in zip("KM", places, strict=True):
        for number in range(MANY // 2 + 1):
            code = f"{sign}{number:02}".translate(SIGNS)
            make_person(f"{code}-CCC", organisation, country, "elsewhere")
            make_procedure(f"{code}-DDD", organisation, country, "elsewhere")


PROGRAMME = (
    (ProjectQuerySet, "visible_to", everything),
    (ProjectQuerySet, "open_to", everything),
    (PledgeQuerySet, "visible_to", everything),
    (EventQuerySet, "visible_to", everything),
    (OutcomeRecordQuerySet, "visible_to", everything),
    (listing, "sees_whole", lambda actor, project: True),
)
PUBLIC_LISTS = (
    "/",
    "/data/",
    "/projects/",
    "/projects/?view=map",
    "/projects/?view=charts",
    "/projects/?page=2",
    f"/projects/?country={HERE}",
    "/projects/?sort=-budget",
    "/projects/export.csv",
    "/projects/export.json",
    "/projects/export.xlsx",
    "/aid-data/activities.xml",
    "/projects/folder/",
    "/projects/folder.json",
    "/projects/folder.html",
    "/donors/",
    "/countries/",
    f"/countries/{HERE}/",
    "/events/",
)
SECRETS = {
    "withheld projects": Secret(
        withheld_projects,
        ("", "participant"),
        (
            *PUBLIC_LISTS,
            "/projects/?q=markedx05",
            "/projects/?theme=protection",
            "/projects/?donor=donor-markedx05",
            "/donors/?q=markedx05",
            "/donors/donor-markedx05/",
            f"/events/?country={HERE}",
        ),
        ("/about/", "/projects/X05/", "/projects/X05/page.json"),
        PROGRAMME,
    ),
    "files of others": Secret(
        files_of_strangers,
        ("trainer", "programme-officer"),
        ("/home/",),
        (),
        ((ImportBatchQuerySet, "visible_to", everything),),
    ),
    "requests of States": Secret(
        requests_of_states,
        ("", "participant", "trainer"),
        (f"/countries/{HERE}/",),
        ("/requests/", "/requests/XR-01/", "/home/"),
        ((AssistanceRequestQuerySet, "visible_to", everything),),
    ),
    "persons elsewhere": Secret(
        persons_elsewhere,
        ("service-provider",),
        ("/persons/", "/persons/?page=2", "/persons/find/?code=KCC-CCC", "/persons/KCC-CCC/"),
        ("/persons/duty/", "/home/", "/procedures/"),
        ((PersonQuerySet, "visible_to", everything),),
    ),
    "procedures elsewhere": Secret(
        persons_elsewhere,
        ("identification-authority",),
        (
            "/procedures/",
            "/procedures/?page=2",
            "/procedures/find/?code=KCC-DDD",
            "/procedures/KCC-DDD/",
        ),
        ("/home/", "/persons/"),
        ((ProcedureQuerySet, "visible_to", everything),),
    ),
    "words of a reduced project": Secret(
        other_words_in_reduced,
        ("", "participant"),
        (
            "/projects/",
            "/projects/?q=aardvark",
            "/projects/?country=BTN",
            f"/projects/?country={HERE}",
            "/projects/?sort=title",
            "/projects/?donor=aardvark-fund",
            "/projects/export.csv",
            "/projects/export.json",
            "/projects/folder.json",
            "/donors/",
            "/donors/?q=aardvark",
            "/donors/aardvark-fund/",
            "/countries/",
            "/countries/BTN/",
            f"/countries/{HERE}/",
            "/events/",
        ),
        ("/projects/A00/",),
        PROGRAMME,
    ),
    **TRAINING_SECRETS,
}


def answers(browser: Browser, addresses: tuple[str, ...]) -> dict[str, tuple[int, str, str]]:
    """What each address answers, without its tokens: status, text, names of places and files."""
    found = {}
    for address in addresses:
        # Documents are kept until an action writes something, which none does here.
        caches["documents"].clear()
        answer = ask(browser, address)
        found[address] = (answer.status, plain(answer), answer.headers)
    return found


def telling(scene: Scene, browser: Browser, secret: Secret) -> list[str]:
    """The addresses whose answers differ with the secret and without it."""
    asked = secret.addresses + secret.twice
    before = answers(browser, asked)
    with undone():
        secret.happen(scene)
        after = answers(browser, asked)
    return [address for address in asked if before[address] != after[address]]


@contextmanager
def without_rules(secret: Secret) -> Iterator[None]:
    """The site as it would be if somebody had forgotten the rules that keep the secret."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, instead in secret.rules:
            patch.setattr(owner, name, instead)
        yield
