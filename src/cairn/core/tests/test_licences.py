"""Notices: what a licence is read from, and which ones may not come along."""

import pytest

from cairn.core.management import licences
from cairn.core.management.licences import Package


def test_pins_are_read_with_or_without_markers() -> None:
    text = "django==5.2.19 \\\n    --hash=sha256:0\ntzdata==2026.6 ; sys_platform == 'win32' \\\n"
    assert licences.pinned(text) == {"django": "5.2.19", "tzdata": "2026.6"}


def test_an_installed_package_states_its_licence() -> None:
    assert licences.licence_of("django") == "BSD-3-Clause"
    assert licences.licence_of("sqlparse") == "BSD-3-Clause"


def test_an_absent_package_is_not_guessed() -> None:
    with pytest.raises(LookupError):
        licences.licence_of("no-such-package-of-anybody")


@pytest.mark.parametrize(
    ("licence", "welcome"),
    [
        ("MIT", True),
        ("LGPL-3.0-only", True),
        ("MPL-2.0", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MIT AND GPL-2.0-only", False),
    ],
)
def test_licences_that_would_bind_cairn_itself_are_refused(licence: str, welcome: bool) -> None:
    assert (licences.unwelcome([Package("invented", "1", licence)]) == []) is welcome


def test_the_file_tells_running_from_building() -> None:
    text = licences.as_text([Package("one", "1", "MIT")], [Package("two", "2", "GPL-3.0-only")])
    assert text.index("| one | 1 | MIT |") < text.index("Only to develop") < text.index("| two |")
    assert "Natural Earth" in text
