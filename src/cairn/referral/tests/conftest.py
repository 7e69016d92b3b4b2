"""A caseworker at a browser, and a person whom they look after."""

import pytest
from django.test import Client

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.referral.models import Person
from cairn.referral.tests.factories import actor_of, person


@pytest.fixture
def user() -> User:
    return user_with_role("service-provider")


@pytest.fixture
def worker(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def made(user: User) -> Person:
    return person(actor_of(user))
