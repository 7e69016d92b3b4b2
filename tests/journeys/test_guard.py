"""The browser of the journeys itself: it finds no other machine, and asking for one is told."""

import pytest
from playwright.sync_api import Error, Page

from tests.journeys.conftest import Opened


@pytest.mark.parametrize("host", ["cairn.example", "192.0.2.7"])
def test_another_machine_is_not_found_and_the_question_is_told(
    page: Page, opened: list[Opened], host: str
) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto(f"http://{host}/")
    assert opened[0].complaints == [f"left the machine: http://{host}/"]
    opened[0].complaints.clear()
