"""A copy for demonstrations holds nobody: fields as declared; the records stay as they were."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

ENTER = """
    from datetime import date
    from django.db import transaction
    from cairn.access.tests import factories
    from cairn.core import audit
    from cairn.core.actor import Actor
    from cairn.referral.models import Person
    home = factories.organisation("Invented Shelter", "ngo")
    user = factories.user_with_role("service-provider", name="amina.telltale", at=home)
    user.display_name = "Amina Telltale"
    user.save()
    Person(code="P-AAAA", organisation=home, country="KEN", age_band="adult", caseworker=user.pk,
           opened_on=date(2026, 1, 5), keep_until=date(2028, 1, 5), name="Hidden Telltale").save()
    with transaction.atomic():
        audit.record(Actor(user_id=user.pk), "something.happened", user, word="telltale")
"""
NAMES = 'from cairn.access.models import User as U; print(*U.objects.values_list("display_name"))'


def asked(path: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(statement).fetchall()


def test_a_scrubbed_copy_keeps_the_shape_and_nobody_in_it(
    installation: Installation, tmp_path: Path
) -> None:
    installation.python(ENTER)
    said = installation.run("scrub", "--into", str(tmp_path / "demo"))
    copy = tmp_path / "demo" / "cairn.sqlite3"
    assert str(copy) in said
    ((username, shown, password),) = asked(
        copy, "SELECT username, display_name, password FROM access_user"
    )
    assert (username, shown) == ("invented-1", "Invented display name 1")
    assert password == ""
    # Who belongs where is kept, so that a demonstration works.
    joined = (
        "SELECT m.role, o.name FROM access_membership m JOIN access_user u ON u.id = m.user_id "
        "JOIN core_organisation o ON o.id = m.organisation_id"
    )
    assert asked(copy, joined) == [("service-provider", "Invented Shelter")]
    assert asked(copy, "SELECT COUNT(*) FROM referral_person") == [(0,)]
    assert asked(copy, "SELECT COUNT(*) FROM core_auditentry") == [(0,)]
    assert asked(copy, "PRAGMA foreign_key_check") == []
    content = copy.read_bytes().lower()
    assert b"telltale" not in content
    assert b"amina" not in content
    assert [path.name for path in copy.parent.iterdir()] == ["cairn.sqlite3"]
    assert "Amina Telltale" in installation.python(NAMES), "the records themselves stay"


def test_a_scrubbed_copy_never_overwrites(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "cairn.sqlite3").write_text("somebody's")
    said = installation.run("scrub", "--into", str(tmp_path / "demo"), code=1)
    assert "is not empty" in said
    assert (tmp_path / "demo" / "cairn.sqlite3").read_text() == "somebody's"
