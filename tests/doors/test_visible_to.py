"""For memberships drawn at random, `visible_to` lets see what its plain reading says."""

from collections.abc import Iterator
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
from cairn.core.actor import PUBLIC
from cairn.core.models import Organisation, Unit
from cairn.identification.models import CountryProfile, Decision, Procedure
from cairn.identification.rules import Standard, State
from cairn.library.models import Tool
from cairn.oversight.models import Notice
from cairn.oversight.models.base import DeskQuerySet
from cairn.portfolio.models import Project
from cairn.portfolio.tests import factories
from cairn.referral.models import Person
from tests.doors.asking import undone
from tests.doors.outcome import Relation
from tests.doors.people import make_person, make_procedure
from tests.doors.readings import READINGS, Held, Someone
from tests.doors.scene import batch, build
from tests.doors.stage import HERE, THERE, Scene, other_organisation, own_organisation

pytestmark = pytest.mark.django_db(databases="__all__")
ROLES_DRAWN = sorted(ROLES)
DAYS = st.sampled_from([-2, -1, 0, 1, 2])


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
def memberships(draw: Any) -> list[dict[str, Any]]:
    """Up to three, each perhaps narrowed, not begun, over, or not confirmed."""
    drawn: list[dict[str, Any]] = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "role": st.sampled_from(ROLES_DRAWN),
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


def other() -> Organisation:
    return other_organisation()


def differences(someone: Someone, actor: Any) -> list[str]:
    """Records that one of the two readings shows and the other does not."""
    found = []
    for model, reading in READINGS.items():
        manager: Any = model._default_manager  # type: ignore[attr-defined]
        shown: set[UUID | int] = set(manager.visible_to(actor).values_list("pk", flat=True))
        plain = {each.pk for each in manager.all() if reading(someone, each)}
        found += [f"{model.__name__} {key}" for key in shown ^ plain]
    return found


@given(drawn=memberships())
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_visible_to_is_its_plain_reading(scene: Scene, drawn: list[dict[str, Any]]) -> None:
    today = timezone.localdate()
    with undone():
        user = User.objects.create_user("drawn")
        batch(user, "drawn.csv")
        Notice.objects.create(user_id=user.pk, code="invented")
        held = tuple(each for each in give(user, drawn, today) if each.holds(today))
        actor = actor_for(user, today=today)
        assert differences(Someone(user.pk, held), actor) == []


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
    assert hidden <= set(differences(nobody, PUBLIC))


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
