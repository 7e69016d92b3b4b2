"""Ten thousand interruptions: what was sealed arrives once, and every phone comes to know it."""

import pytest

from tests.field_app.conftest import App

pytestmark = pytest.mark.processes  # a browser

TARGET = 10_000


def test_after_ten_thousand_interruptions_nothing_is_lost_and_nothing_doubled(app: App) -> None:
    found = app.run("simulation", "simulate", {"seed": 20261122, "target": TARGET, "groups": 6})
    print(f"\n{found['total']} interruptions, {found['sealed']} reports, {found['seconds']:.1f} s")
    for kind, count in sorted(found["counted"].items()):
        print(f"  {count:>6} {kind}")
    assert found["total"] >= TARGET
    assert found["wrongs"] == []
    assert found["sealed"] > 100
    # At the server: each sealed report, with its own bytes, once.
    assert (found["missing"], found["doubled"], found["clashes"]) == (0, 0, 0)
    assert found["kept"] == found["sealed"]
    assert found["digests"]
    # On the phones: all known as received, no sealed bytes left, no number left out.
    assert (found["received"], found["leftOver"], found["gaps"]) == (found["sealed"], 0, 0)
    died = sum(count for kind, count in found["counted"].items() if kind.startswith("died"))
    assert died > 2_000
    assert len(found["counted"]) >= 24
