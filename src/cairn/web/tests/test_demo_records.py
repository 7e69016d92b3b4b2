"""The invented persons and procedures of a demonstration."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from cairn.access.actions import create_demo_users
from cairn.access.models import User
from cairn.access.queries import SYSTEM, actor_for
from cairn.access.tests.factories import organisation, user_with_role
from cairn.identification.models import Procedure
from cairn.oversight.rules import Purpose
from cairn.referral.actions import open_person
from cairn.referral.models import Person
from cairn.training.models import Practitioner
from cairn.web.demo_records import PERSONS, PROCEDURES, load_demo_records

# The whole demonstration is made for each; on each database by test_prepare.py.
pytestmark = [pytest.mark.django_db, pytest.mark.processes, pytest.mark.once]


# Events, and the team that comes of them: counted beside the people.
INVENTED_TRAININGS = 3


@pytest.fixture(autouse=True)
def demonstration(settings: Settings) -> None:
    settings.DEMO = True


def load() -> int:
    return load_demo_records(organisation(), today=timezone.localdate())


def test_a_demonstration_has_invented_records_once() -> None:
    create_demo_users(SYSTEM, organisation(), "a phrase", today=timezone.localdate())
    made = load()
    trained = Practitioner.objects.filter(nominations=None).count()
    assert trained > 20
    assert made == len(PERSONS) + len(PROCEDURES) + trained + INVENTED_TRAININGS
    assert load() == 0
    assert Person.objects.count() == len(PERSONS)
    assert Procedure.objects.count() == len(PROCEDURES)


def test_every_sealed_text_says_that_it_is_invented() -> None:
    create_demo_users(SYSTEM, organisation(), "a phrase", today=timezone.localdate())
    load()
    user = User.objects.get(username="service-provider")
    actor = actor_for(user, today=timezone.localdate())
    for person in Person.objects.all():
        opened = open_person(actor, person.code, Purpose.ASSISTANCE, "Looking at the tour.")
        told = [text for text in opened.values.values() if text is not None]
        assert len(told) > 2
        assert all("Invented" in text for text in told)


def test_real_accounts_of_the_same_name_get_no_invented_records() -> None:
    user_with_role("service-provider", name="service-provider")
    assert load() == 0
    assert not Person.objects.exists()
