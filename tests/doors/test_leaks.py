"""Nothing that somebody may not see changes anything that they can: sums, pages, files."""

import pytest

from tests.doors.asking import Browser
from tests.doors.leaks import SECRETS, telling, without_rules
from tests.doors.people import add_keys
from tests.doors.scene import add_accounts, add_people, add_shown, build
from tests.doors.scene_training import add_training
from tests.doors.stage import Scene

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.processes]
CASES = [(name, reader) for name, secret in SECRETS.items() for reader in secret.readers]
ONE_READER_EACH = [(name, secret.readers[-1]) for name, secret in SECRETS.items()]


@pytest.fixture(scope="module")
def scene(stage: None) -> Scene:
    """The scene without what is hidden: each secret is added by its test."""
    return build(add_people, add_shown, add_accounts, add_training, add_keys)


@pytest.mark.parametrize(("name", "reader"), CASES)
def test_a_secret_changes_no_answer(
    scene: Scene, browsers: dict[str, Browser], name: str, reader: str
) -> None:
    assert telling(scene, browsers[reader], SECRETS[name]) == []


@pytest.mark.once
@pytest.mark.parametrize(("name", "reader"), ONE_READER_EACH)
def test_every_one_of_these_answers_would_tell_if_the_rule_were_gone(
    scene: Scene, browsers: dict[str, Browser], name: str, reader: str
) -> None:
    secret = SECRETS[name]
    with without_rules(secret):
        told = telling(scene, browsers[reader], secret)
    assert set(secret.addresses) - set(told) == set()
