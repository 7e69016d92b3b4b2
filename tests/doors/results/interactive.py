"""The table, the scene and the readings of: open questions."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cairn.observatory.models import BudgetEntry, BudgetYear
from tests.doors.outcome import FORM, Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
# No source is open in the scene: a form that is sent finds nothing to ask.
DOORS: dict[str, Door] = {"observatory:ask": Door(methods=FORM, is_open=True, posts=404)}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    BudgetYear: lambda _someone, _budget: True,
    BudgetEntry: lambda _someone, _entry: True,
}


def add(_scene: Scene) -> None:
    """A budget of which one question was answered."""
    budget = BudgetYear.objects.create(series="invented", year=2025, yearly="4.00", spent="0.25")
    BudgetEntry.objects.create(
        budget=budget,
        number=1,
        question="0" * 64,
        columns=["sex"],
        epsilon="0.25",
        cells=[[["f"], 40]],
        answered_at=timezone.now(),
    )
