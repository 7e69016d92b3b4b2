"""The scene stands once for each module of tests, inside a transaction that is taken back."""

import logging
import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import render
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from cairn.access.accounts import sessions
from cairn.access.models import User
from cairn.access.roles import needs_second_factor
from cairn.access.tests.factories import show
from cairn.ui import middleware
from tests.doors.asking import Browser, undone
from tests.doors.pages import Kept
from tests.doors.scene import build
from tests.doors.stage import Scene

HOUR = 3600


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """An open database for the whole module; nothing of it stays.

    Refusals are what these tests ask for, so the log stays silent about them.
    """
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock(), undone():
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def scene(stage: None) -> Scene:
    return build()


@pytest.fixture(scope="module")
def kept_refusals(stage: None) -> Iterator[None]:
    """The page that tells of a refusal is made once for each person and each thing it says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "render", Kept(render))
        yield


@pytest.fixture(scope="module")
def without_factor(scene: Scene) -> dict[str, Browser]:
    """Browsers of the roles that need a second factor, signed in by the password alone."""
    return {
        role: browser_of(user, "password")
        for role, user in scene.users.items()
        if needs_second_factor(frozenset({role}))
    }


@pytest.fixture(scope="module")
def some_time_ago(scene: Scene) -> dict[str, Browser]:
    """A browser for each role that showed who it is six minutes ago, and was used since."""
    found = {role: browser_of(user, ago=6 * 60) for role, user in scene.users.items()}
    for browser in found.values():
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        session = SessionStore(key)
        session[sessions.SEEN] = int(time.time()) + HOUR
        session.save()
    return found


@pytest.fixture(scope="module")
def browsers(scene: Scene) -> dict[str, Browser]:
    """A browser for each role, and one for visitors under the empty name."""
    return {"": Browser()} | {role: browser_of(user) for role, user in scene.users.items()}


def browser_of(user: User, *methods: str, ago: int = -HOUR) -> Browser:
    """The browser of somebody who signed in `ago` seconds ago, by password and an app.

    Or an hour ahead of time, so that nothing grows old while tests run. `methods` instead of
    these two: as access.tests.factories.show takes them.
    """
    client = Client()
    client.force_login(user)
    show(client, user, *(methods or ("password", "totp")), at=time.time() - ago)
    # The first request of a session notes it in the list of sessions.
    client.get("/healthz")
    return Browser(client.cookies.output(header="", attrs=[]))
