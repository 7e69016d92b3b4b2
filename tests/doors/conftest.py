"""The scene stands once for each module of tests, inside a transaction that is taken back."""

import time
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from tests.doors.asking import undone
from tests.doors.scene import Scene, build


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """An open database for the whole module; nothing of it stays."""
    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture(scope="module")
def scene(stage: None) -> Scene:
    return build()


@pytest.fixture(scope="module")
def clients(scene: Scene) -> dict[str, Client]:
    """A browser for each role, and one for visitors under the empty name."""
    found = {"": Client()}
    for role, user in scene.users.items():
        found[role] = Client()
        found[role].force_login(user)
        show_factors(found[role])
    return found


def show_factors(client: Client) -> None:
    """What signing in by password and second factor leaves in a session (django-allauth 65)."""
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now},
        {"method": "mfa", "at": now, "type": "totp"},
    ]
    session.save()
