"""The scene: somebody in every role, and a record of every kind in every relation to them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.accounts.models import Invitation
from cairn.access.models import User
from cairn.access.roles import ROLES
from cairn.access.tests.factories import user_with_role
from cairn.core.models import Organisation
from cairn.imports.models import BatchState, ImportBatch
from cairn.portfolio.models import Agreement, Project, Remark
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories
from cairn.referral.models import Person
from tests.doors.accounts import account_of
from tests.doors.outcome import Relation as R
from tests.doors.people import add_desk, add_keys, add_persons, add_watch
from tests.doors.protection import add_protection
from tests.doors.results import add_results
from tests.doors.scene_field import add_field
from tests.doors.scene_training import add_training
from tests.doors.stage import HERE, THERE, Scene, Subject, other_organisation, own_organisation

NAMES = {HERE: "Nepal", THERE: "Kenya"}
# Kinds whose addresses hold a number, which no id of another zone is.
CODED = frozenset({"person", "procedure", "erasable"})
NUMBERED = frozenset({"indicator", "finding", "factor", "passkey", "session", "member"})
SIGNED = date(2026, 1, 1)


def add_people(scene: Scene) -> None:
    """One user for each role, all of one organisation and for one country of its work."""
    for role in ROLES:
        scene.users[role] = user_with_role(
            role, name=f"at-{role}", at=own_organisation(), country=HERE
        )


def add_shown(scene: Scene) -> None:
    """Records that everybody may see at least in part, and one's own."""
    add_project(scene, R.OWN, "X01", HERE, own_organisation())
    add_project(scene, R.OTHER_ORGANISATION, "X02", HERE, other_organisation())
    add_project(scene, R.OTHER_COUNTRY, "X03", THERE, own_organisation())
    add_project(
        scene,
        R.REDUCED,
        "X04",
        HERE,
        own_organisation(),
        publication=Publication.REDUCED,
        public_title="Invented project shown reduced",
    )
    reduced = Project.objects.get(reference="X04")
    scene.put(
        "project",
        R.REDUCED_BY_PUBLIC_ID,
        reduced.public_id,
        *scene.subjects["project"][R.REDUCED].marks,
        "X04",
    )
    for role, user in scene.users.items():
        scene.personal.setdefault("batch", {})[role] = Subject(str(batch(user, "mine.csv").pk))


def add_accounts(scene: Scene) -> None:
    """Second factors, sessions and invitations: everybody's own, and those of two strangers."""
    strangers = {
        R.OTHER_ORGANISATION: user_with_role(
            "administrator", name="other-organisation", at=other_organisation(), country=HERE
        ),
        R.OTHER_COUNTRY: user_with_role(
            "administrator", name="other-country", at=own_organisation(), country=THERE
        ),
    }
    for role, user in scene.users.items():
        for kind, key in account_of(user).items():
            scene.personal.setdefault(kind, {})[role] = Subject(str(key))
    for relation, user in strangers.items():
        for kind, key in account_of(user).items():
            scene.put(kind, relation, key, f"Passkey {user.username}")
    for relation, at, country in (
        (R.OWN, own_organisation(), HERE),
        (R.OTHER_ORGANISATION, other_organisation(), HERE),
        (R.OTHER_COUNTRY, own_organisation(), THERE),
    ):
        made = Invitation.objects.create(
            token_hash=f"{relation.value:0<64}",
            organisation=at,
            role="trainer",
            country=country,
            expires_at=timezone.now() + timedelta(hours=1),
        )
        scene.put("invitation", relation, made.pk)


def add_hidden(scene: Scene) -> None:
    """Records that the public must not learn of, and those of colleagues and strangers."""
    add_project(
        scene, R.WITHHELD, "X05", HERE, own_organisation(), publication=Publication.WITHHELD
    )
    for relation, name in (
        (R.OTHER_ORGANISATION, "other-organisation"),
        (R.OTHER_COUNTRY, "other-country"),
    ):
        stranger = User.objects.create_user(f"stranger-{name}", display_name=f"Stranger {name}")
        file = f"brought-{name}.csv"
        scene.put("batch", relation, batch(stranger, file).pk, file, f"Stranger {name}")
    for relation, country in (
        (R.OWN, HERE),
        (R.OTHER_ORGANISATION, HERE),
        (R.OTHER_COUNTRY, THERE),
    ):
        name = relation.value.replace(" ", "-")
        made = factories.request(
            f"XR-{name}"[:20],
            requested_by=f"asking body {name}",
            request=f"help wanted {name}",
            countries=[country],
        )
        scene.put("request", relation, made.reference, f"asking body {name}", f"help wanted {name}")


def add_project(
    scene: Scene, relation: R, reference: str, place: str, by: Organisation, **fields: Any
) -> None:
    """A project with a record of every kind that hangs on it."""
    word = f"marked{reference.lower()}"
    project = factories.project(
        reference,
        places=[NAMES[place]],
        themes=["protection"],
        title=f"Invented {word} title",
        **fields,
    )
    factories.partner(project, f"Partner {word}")
    factories.event(f"XE-{reference}", of=project, place=f"Place {word}", place_countries=[place])
    factories.outcome(f"XO-{reference}", of=project, note=f"Note {word}")
    Remark.objects.create(project=project, kind="gap", remark=f"Remark {word}")
    donor = factories.donor(f"Donor {word}")
    pledge = factories.pledge(project, donor, note=f"Pledge {word}")
    agreement = Agreement.objects.create(
        pledge=pledge, reference=f"A {word}", signed_on=SIGNED, amount=10, usd=10
    )
    indicator = factories.indicator(project)
    finding = factories.finding(project, explanation=f"Explained {word}")
    # The address of a donor holds its name, so that is no mark there.
    for kind, key, mark in (
        ("project", project.reference, word),
        ("pledge", pledge.pk, word),
        ("agreement", agreement.pk, word),
        ("indicator", indicator.pk, word),
        ("finding", finding.pk, word),
        ("donor", donor.slug, f"Invented {word} title"),
    ):
        scene.put(kind, relation, key, mark)


def batch(author: User, filename: str) -> ImportBatch:
    """A file that was applied: there is nothing left to do with it."""
    return ImportBatch.objects.create(
        kind="projects",
        filename=filename,
        sha256="0" * 64,
        size=1,
        author_id=author.pk,
        author_name=author.display_name,
        created_at=timezone.now(),
        state=BatchState.APPLIED,
    )


def add_strays(scene: Scene) -> None:
    """What is not there: keys that name nothing, and ids of records of another zone."""
    number = 999_999
    for kind in scene.subjects:
        is_numbered = kind in NUMBERED
        missing: object = number if is_numbered else uuid4()
        scene.put(kind, R.MISSING, "ZZZ-ZZZ" if kind in CODED else missing)
        if not is_numbered:
            scene.put(kind, R.OTHER_ZONE, other_zone(scene, kind))


def other_zone(scene: Scene, kind: str) -> object:
    """The key of a record of another zone, one's own where there is such a thing."""
    if kind in CODED:
        other = "person" if kind == "procedure" else "procedure"
        return scene.subjects[other][R.OWN].key
    return Person.objects.get(code=scene.subjects["person"][R.OWN].key).pk


STEPS: tuple[Callable[[Scene], None], ...] = (
    add_people,
    add_shown,
    add_accounts,
    add_hidden,
    add_persons,
    add_desk,
    add_watch,
    add_training,
    add_field,
    add_protection,
    add_results,
    add_keys,
    add_strays,
)


def build(*steps: Callable[[Scene], None]) -> Scene:
    """The scene as far as `steps`; without any, the whole."""
    scene = Scene()
    for step in steps or STEPS:
        step(scene)
    return scene
