"""Whoever takes the steps of a release is its builder, whoever began it."""

import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.actions import releases, signing
from cairn.observatory.tests.pipeline_scene import (
    Records,
    actor,
    last_digest,
    plan,
    source_of,
    usual,
)

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_whoever_takes_the_steps_of_anothers_release_does_not_sign_it() -> None:
    begins, builds = actor(name="begins"), actor(name="builds")
    with source_of(Records(usual())):
        code = releases.begin(begins, plan()).code
        release = releases.build(builds, code)
        with pytest.raises(RuleBroken) as refused:
            signing.sign(builds, code, last_digest(release))
    assert refused.value.code == "observatory.builder-signs"
