"""One person cannot fill the disk with files."""

from io import BytesIO

import pytest

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import actor_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import actions
from cairn.imports.actions import discard_batch, stage_file
from cairn.imports.models import ImportBatch
from cairn.imports.tests.files import csv_bytes

pytestmark = pytest.mark.django_db


def bring(actor: Actor) -> ImportBatch:
    rows = csv_bytes([("id", "title"), ("X02", "Invented")])
    return stage_file(actor, "projects", "a.csv", BytesIO(rows))


def test_only_so_many_files_lie_here_for_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_OPEN_FILES", 3)
    person = actor_with_role("programme-officer")
    brought = [bring(person) for _ in range(3)]
    with pytest.raises(RuleBroken) as caught:
        bring(person)
    assert caught.value.code == "import.too_many_open"
    assert caught.value.remedy
    assert ImportBatch.objects.count() == 3
    bring(SYSTEM)
    discard_batch(person, brought[0].pk)
    assert bring(person).pk
