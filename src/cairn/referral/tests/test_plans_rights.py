"""Rights that another zone opened, on the page of a person: through a live link, or not at all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.identification.models import Procedure
from cairn.identification.rules.procedures import State
from cairn.identification.tests import factories as identification
from cairn.oversight.actions.links import grant_link, revoke_link
from cairn.oversight.models import LinkGrant, Reading
from cairn.oversight.rules import LinkBasis
from cairn.referral.models import Person
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.plans_made import today

pytestmark = pytest.mark.django_db
BARRED, REFLECTION = "No removal from the country", "Time for recovery and reflection"


@pytest.fixture
def authority() -> Actor:
    return identification.authority(at=organisation("Invented Authority"))


@pytest.fixture
def procedure(authority: Actor) -> Procedure:
    made = identification.procedure(authority, at=organisation("Invented Authority"))
    identification.decide(authority, made, State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    return made


@pytest.fixture
def made(client: Client) -> Person:
    user = user_with_role("service-provider")
    client.force_login(user)
    return person(actor_of(user))


def joined(authority: Actor, procedure: Procedure, made: Person) -> LinkGrant:
    return grant_link(
        authority,
        procedure,
        "person",
        made.code,
        basis=LinkBasis.CONSENT,
        purpose="So that help knows the days",
        scope=["rights"],
        ends_on=today() + timedelta(days=30),
    )


def shown(client: Client, made: Person) -> str:
    return client.get(reverse("referral:person", args=[made.code])).content.decode()


def test_reflection_and_no_removal_are_shown_while_a_link_lives_and_nothing_is_opened(
    client: Client, authority: Actor, procedure: Procedure, made: Person
) -> None:
    before = shown(client, made)
    assert BARRED not in before
    link = joined(authority, procedure, made)
    page = shown(client, made)
    assert BARRED in page
    assert REFLECTION in page
    assert procedure.code not in page
    assert Reading.objects.count() == 0
    revoke_link(authority, procedure, link.pk)
    assert BARRED not in shown(client, made)


def test_without_a_link_no_table_of_the_other_zone_is_asked(
    client: Client, procedure: Procedure, made: Person
) -> None:
    with CaptureQueriesContext(connection) as asked:
        shown(client, made)
    assert not [each["sql"] for each in asked if "identification_" in each["sql"]]
