"""A release of statistics: looked at and signed by the second person, in the browser."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cairn.access.models import User
from cairn.observatory.actions import signing
from cairn.observatory.models import Release
from cairn.observatory.rules.pipeline import ReleaseState
from cairn.observatory.tests.pipeline_scene import (
    Records,
    actor,
    built,
    last_digest,
    plan,
    source_of,
    usual,
)

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True, databases=["default", "keys"]),
]


@pytest.fixture
def release(live_server: object) -> Iterator[Release]:
    """Built by one, signed by another."""
    with source_of(Records(usual(f_child_a=3))):
        made = built(actor(name="builder"), plan())
        signing.sign(actor("data-protection-officer", "first"), made.code, last_digest(made))
        yield made


def test_the_second_person_looks_at_the_figures_and_signs(
    page: Page, sign_in: SignIn, accessibility: Accessibility, release: Release
) -> None:
    sign_in(page, role="statistics-officer")
    page.goto(reverse("observatory:releases"))
    accessibility(page)
    page.get_by_role("link", name=release.code).first.click()
    expect(page.get_by_role("heading", name="What the attack found")).to_be_visible()
    accessibility(page)
    page.get_by_role("link", name="Look at the figures").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    accessibility(page)
    page.goto(reverse("observatory:release-sign", args=[release.code]))
    expect(page.get_by_text(last_digest(release))).to_be_visible()
    accessibility(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign it").click()
    expect(page.get_by_text("You signed the release.")).to_be_visible()
    release.refresh_from_db()
    assert release.state == ReleaseState.SIGNED
