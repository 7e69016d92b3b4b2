"""For memberships drawn at random, `visible_to` lets see what its plain reading says."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cairn.access.models import Membership, User
from cairn.access.queries import actor_for
from cairn.access.roles import ROLES
from cairn.core.actor import PUBLIC, Actor
from cairn.core.models import Organisation, Unit
from cairn.identification.models import CountryProfile, Decision, Procedure
from cairn.identification.rules.procedures import Standard, State
from cairn.library.models import Tool
from cairn.oversight.models import Notice
from cairn.oversight.models.base import DeskQuerySet
from cairn.portfolio.models import Project
from cairn.portfolio.tests import factories
from cairn.referral.models import Person
from cairn.training.models import (
    AttendanceMark,
    Call,
    Credential,
    Deployment,
    Enrolment,
    Kit,
    Nomination,
    Practitioner,
    StagedFile,
    TestSitting,
    VettingCheck,
)
from tests.doors.asking import undone
from tests.doors.outcome import Relation
from tests.doors.people import make_person, make_procedure
from tests.doors.readings import READINGS
from tests.doors.readings_training import SETS, SHARED, TOGETHER, TRAINING_READINGS
from tests.doors.scene import batch, build
from tests.doors.scene_field_rows import add_field_rows
from tests.doors.scene_training_rows import EVENTS, add_training_rows, bring_file, staff
from tests.doors.someone import Held, Someone
from tests.doors.stage import HERE, THERE, Scene, other_organisation, own_organisation

pytestmark = pytest.mark.django_db(databases="__all__")
ROLES_DRAWN = sorted(ROLES)
# Records of training that depend on more than on one permission, and who gets to see some.
BY_PLACE = sorted(set(TRAINING_READINGS) - set(SHARED), key=str)
TRAINING_ROLES = ["training-officer", "vetting-officer", "trainer", "agency-focal-point"]
DAYS = st.sampled_from([-2, -1, 0, 1, 2])

# Role, organisation, unit and country of a membership; the event where its holder teaches.
OF_TRAINING = [
    ("training-officer", "own", "", HERE, ""),
    ("training-officer", "other", "", "", "XT-G"),
    ("training-officer", "own", "First unit", "", "XT-K"),
    ("vetting-officer", "own", "", THERE, "XT-H"),
    ("trainer", "own", "", HERE, "XT-H"),
    ("trainer", "other", "", "", "XT-K"),
    ("trainer", "own", "First unit", "", ""),
    ("agency-focal-point", "own", "", HERE, "XT-H"),
    ("agency-focal-point", "other", "", "", ""),
    ("programme-officer", "own", "", "", "XT-G"),
]
BY_PERSON = (Practitioner, Deployment, Enrolment, TestSitting, Credential)
# Models of which such a role sees some rows and others not, so that its rule is tried out.
IN_PART: dict[str, tuple[Any, ...]] = {
    "training-officer": (*BY_PERSON, Nomination, VettingCheck, AttendanceMark, Kit, StagedFile),
    "vetting-officer": (*BY_PERSON, Nomination, VettingCheck, AttendanceMark, StagedFile),
    "trainer": (*BY_PERSON, AttendanceMark, StagedFile),
    "agency-focal-point": (Practitioner, Deployment, Nomination, Call, StagedFile),
    "programme-officer": (StagedFile,),
}


@pytest.fixture(scope="module")
def scene(stage: None) -> Scene:
    """The whole scene, and in each organisation units with records in two countries."""
    scene = build()
    letters = iter("CDFGHJKMNPQRTVWX")
    for organisation in (own_organisation(), other_organisation()):
        for name in ("First unit", "Second unit"):
            unit = Unit.objects.create(organisation=organisation, name=name)
            for country in (HERE, THERE):
                code = f"{next(letters)}77-77"
                for made in (
                    make_person(f"{code}3", organisation, country, "drawn"),
                    make_procedure(f"{code}4", organisation, country, "drawn"),
                ):
                    type(made).objects.filter(pk=made.pk).update(unit=unit)
    add_loose_ends()
    add_training_rows()
    add_field_rows()
    return scene


def add_loose_ends() -> None:
    """A tool, a profile, notices, decisions; events and outcomes of no project, or of one held
    back."""
    Tool.objects.create(title="Invented tool", kind="manual", topic="training")
    CountryProfile.objects.create(country=HERE, source="Invented law", decided_at=timezone.now())
    for user in User.objects.all():
        Notice.objects.create(user_id=user.pk, code="invented")
    for procedure in Procedure.objects.all():
        Decision.objects.create(
            procedure=procedure,
            number=1,
            code=f"{procedure.code.lower()}.1",
            outcome=State.UNDER_ASSESSMENT,
            standard=Standard.GROUNDS,
            authority="Invented order",
            reasons="drawn",
            decided_by=uuid4(),
            decided_at=timezone.now(),
            data_key=procedure.data_key,
        )
    factories.event("XE-free")
    factories.outcome("XO-free")
    for number, project in enumerate(Project.objects.all()):
        event = factories.event(f"XE-{number}", of=project)
        factories.outcome(f"XO-{number}", event=event)


@st.composite
def memberships(draw: Any, roles: list[str]) -> list[dict[str, Any]]:
    """Up to three, each perhaps narrowed, not begun, over, or not confirmed."""
    drawn: list[dict[str, Any]] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from(roles),
                    "organisation": st.sampled_from(["own", "other"]),
                    "unit": st.sampled_from(["", "First unit", "Second unit"]),
                    "country": st.sampled_from(["", HERE, THERE]),
                    "starts": DAYS,
                    "lasts": st.sampled_from([None, 0, 1, 3]),
                    "is_confirmed": st.booleans(),
                }
            ),
            max_size=3,
            unique_by=lambda drawn: (drawn["role"], drawn["organisation"]),
        )
    )
    return drawn


def give(user: User, drawn: list[dict[str, Any]], today: date) -> Iterator[Held]:
    """Store the memberships of `user`; the same as the plain reading takes them."""
    for each in drawn:
        at: Organisation = own_organisation() if each["organisation"] == "own" else other()
        unit = Unit.objects.filter(organisation=at, name=each["unit"]).first()
        starts = today + timedelta(days=each["starts"])
        ends = None if each["lasts"] is None else starts + timedelta(days=each["lasts"])
        Membership.objects.create(
            user=user,
            organisation=at,
            role=each["role"],
            unit=unit,
            country=each["country"],
            starts_on=starts,
            ends_on=ends,
            confirmed_at=timezone.now() if each["is_confirmed"] else None,
        )
        yield Held(
            each["role"],
            at.pk,
            unit.pk if unit else None,
            each["country"],
            starts,
            ends,
            each["is_confirmed"],
        )


@contextmanager
def somebody(drawn: list[dict[str, Any]], teaches_at: str = "") -> Iterator[tuple[Someone, Actor]]:
    """A user with these memberships, as the plain readings take it and as the models do; gone
    afterwards."""
    today = timezone.localdate()
    with undone():
        user = User.objects.create_user("drawn")
        batch(user, "drawn.csv")
        Notice.objects.create(user_id=user.pk, code="invented")
        bring_file(user.pk)
        if teaches_at:
            staff(user.pk, teaches_at)
        held = tuple(each for each in give(user, drawn, today) if each.holds(today))
        yield Someone(user.pk, held), actor_for(user, today=today)


def other() -> Organisation:
    return other_organisation()


def differences(someone: Someone, actor: Actor, models: Iterable[type] = READINGS) -> list[str]:
    """Records that one of the two readings shows and the other does not."""
    found = []
    for model in models:
        manager: Any = model._default_manager  # type: ignore[attr-defined]
        shown: set[UUID | int] = set(manager.visible_to(actor).values_list("pk", flat=True))
        rows = manager.select_related(*TOGETHER.get(model, ()))
        rows = rows.prefetch_related(*SETS.get(model, ()))
        plain = {each.pk for each in rows if READINGS[model](someone, each)}
        found += [f"{model.__name__} {key}" for key in shown ^ plain]
    return found


SETTINGS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(drawn=memberships(ROLES_DRAWN))
@SETTINGS
def test_visible_to_is_its_plain_reading(scene: Scene, drawn: list[dict[str, Any]]) -> None:
    models = [model for model in READINGS if model not in TRAINING_READINGS]
    with somebody(drawn) as (someone, actor):
        assert differences(someone, actor, models) == []


@given(drawn=memberships(TRAINING_ROLES), teaches_at=st.sampled_from(["", *EVENTS]))
@settings(SETTINGS, max_examples=25)
def test_who_sees_which_record_of_training_is_its_plain_reading(
    scene: Scene, drawn: list[dict[str, Any]], teaches_at: str
) -> None:
    with somebody(drawn, teaches_at) as (someone, actor):
        assert differences(someone, actor, BY_PLACE) == []


@pytest.mark.parametrize(("role", "at", "unit", "country", "teaches_at"), OF_TRAINING)
def test_whoever_works_on_training_sees_what_its_plain_reading_says(
    scene: Scene, role: str, at: str, unit: str, country: str, teaches_at: str
) -> None:
    place = {"role": role, "organisation": at, "unit": unit, "country": country}
    drawn = [place | {"starts": 0, "lasts": None, "is_confirmed": True}]
    with somebody(drawn, teaches_at) as (someone, actor):
        assert differences(someone, actor, TRAINING_READINGS) == []
        for model in () if unit else IN_PART[role]:
            seen = model._default_manager.visible_to(actor).count()
            assert 0 < seen < model._default_manager.count(), model.__name__


def test_a_visitor_sees_what_the_plain_reading_of_nobody_says(scene: Scene) -> None:
    assert differences(Someone(None, ()), PUBLIC) == []


@pytest.mark.parametrize("model", sorted(READINGS, key=str))
def test_the_plain_reading_notices_a_rule_that_lets_everybody_see_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    nobody, manager = Someone(None, ()), model._default_manager
    rows = list(manager.all())
    assert rows, "The scene holds none."
    hidden = {f"{model.__name__} {each.pk}" for each in rows if not READINGS[model](nobody, each)}
    monkeypatch.setattr(manager._queryset_class, "visible_to", lambda self, actor: self.all())
    assert hidden <= set(differences(nobody, PUBLIC, [model]))


def test_every_model_with_a_rule_has_a_plain_reading() -> None:
    ruled = {
        model
        for model in apps.get_models()
        if hasattr(model._default_manager, "visible_to")
        # Records of the desk share one rule, which the addresses are tested for.
        and not issubclass(type(model._default_manager.all()), DeskQuerySet)
    }
    missing = sorted(model._meta.label for model in ruled - set(READINGS))
    assert missing == [], "Add a plain reading of each to READINGS in tests/doors/readings.py."


def test_units_narrow_what_is_seen(scene: Scene) -> None:
    """The scene is rich enough: records differ in unit, country and organisation."""
    for model in (Person, Procedure):
        places = set(model.objects.values_list("organisation", "unit", "country"))
        assert len(places) >= 3 * 2
    assert scene.subject("person", Relation.OWN, "") is not None
