"""What the desk's tests share: a clock that they set."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from cairn.core import clock

Wait = Callable[[timedelta], datetime]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """`wait(timedelta(hours=1))`: let this much time pass, for all that goes by the clock."""
    real, passed = clock.now, [timedelta()]

    def later(by: timedelta) -> datetime:
        passed[0] += by
        return clock.now()

    monkeypatch.setattr(clock, "now", lambda: real() + passed[0])
    return later
