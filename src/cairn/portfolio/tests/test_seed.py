"""The real portfolio is read in by the same door as everybody's files, and twice is once."""

import pytest
from django.apps import apps

from cairn.access.queries import SYSTEM
from cairn.core.models import AuditEntry
from cairn.portfolio.actions import seed
from cairn.portfolio.actions.seed import FILES, load_seed
from cairn.portfolio.models import Project

pytestmark = pytest.mark.django_db


def every_row() -> dict[str, list[tuple[object, ...]]]:
    """All that the portfolio, the library and the organisations hold."""
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=str)
        for name in ("portfolio", "library", "core")
        for model in apps.get_app_config(name).get_models()
        if model is not AuditEntry
    }


def test_reading_the_seed_in_a_second_time_changes_nothing() -> None:
    first = {report.kind: report.counts for report in load_seed(SYSTEM)}
    assert set(first) == set(FILES.values())
    assert first["projects"]["created"] == 49
    before = every_row()
    for report in load_seed(SYSTEM):
        assert report.counts["created"] == report.counts["changed"] == 0, report.kind
        assert report.counts["refused"] == 0
        rows = sum(first[report.kind].values())
        assert report.counts["unchanged"] == rows, report.kind
    assert every_row() == before


def test_a_seed_that_does_not_read_in_leaves_nothing_and_names_the_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seed, "FILES", {"documents": "sources", "pledges": "pledges"})
    with pytest.raises(seed.SeedRefused, match=r"pledges\.csv, row 2, project_id"):
        load_seed(SYSTEM)
    assert not Project.objects.exists()
    assert not any(rows for label, rows in every_row().items() if label.startswith("portfolio."))
