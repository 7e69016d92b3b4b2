"""Preparing an installation: the demonstration comes in once, and again changes nothing."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from cairn.access.actions import demo_accounts
from cairn.access.models import Membership, User
from cairn.access.queries import SYSTEM, actor_for
from cairn.access.roles import LABELS
from cairn.core import audit
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import Decision, Project
from cairn.web import demo

# The whole demonstration is made for each.
pytestmark = [pytest.mark.django_db, pytest.mark.processes]
TODAY = date(2026, 1, 2)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DEMO = True
    return tmp_path


def test_the_demonstration_has_the_real_portfolio_and_an_account_for_each_role_once() -> None:
    demo.load_demo(today=TODAY)
    assert Project.objects.count() == 49
    assert set(User.objects.values_list("username", flat=True)) == set(demo_accounts())
    assert set(demo_accounts().values()) == set(LABELS)
    officer = actor_for(User.objects.get(username="programme-officer"), today=TODAY)
    assert officer.may("portfolio:edit")
    before = (Decision.objects.count(), Membership.objects.count())
    assert demo.load_demo(today=TODAY) == (0, 0)
    assert (Decision.objects.count(), Membership.objects.count()) == before


def test_every_file_of_the_seed_reads_in_unchanged_the_second_time() -> None:
    load_seed(SYSTEM)
    for report in load_seed(SYSTEM):
        assert report.counts["created"] == report.counts["changed"] == 0, report.kind
    assert audit.verify().broken_at is None


@pytest.mark.once  # files and words
def test_the_pass_phrase_is_made_once_and_only_its_owner_can_read_it(home: Path) -> None:
    first = demo.demo_password()
    assert demo.demo_password() == first
    assert (home / "demo-password").stat().st_mode & 0o077 == 0
    assert len(first) >= 16


@pytest.mark.once  # files and words
def test_prepare_prints_a_sign_in_for_every_role(home: Path) -> None:
    out = StringIO()
    call_command("prepare", stdout=out)
    assert all(role in out.getvalue() for role in LABELS)
    assert demo.demo_password() in out.getvalue()
    assert json.loads((home / "demo-sign-ins.json").read_text()) == demo.sign_ins()


@pytest.mark.once  # files and words
def test_without_demo_mode_no_account_is_made(settings: Settings) -> None:
    settings.DEMO = False
    call_command("prepare", stdout=StringIO())
    assert not User.objects.exists()
    assert not Project.objects.exists()
