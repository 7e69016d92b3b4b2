"""./cairn migrate asks the system checks about both databases, or the one that is named."""

import pytest
from django.db import DEFAULT_DB_ALIAS

from cairn.vault.management.commands.migrate import Command
from cairn.vault.router import ALIAS


@pytest.mark.parametrize(
    ("named", "checked"),
    [(None, [DEFAULT_DB_ALIAS, ALIAS]), (ALIAS, [ALIAS]), (DEFAULT_DB_ALIAS, [DEFAULT_DB_ALIAS])],
)
def test_checks_run_for_the_databases_that_are_migrated(
    named: str | None, checked: list[str]
) -> None:
    assert Command().get_check_kwargs({"database": named, "skip_checks": False})["databases"] == (
        checked
    )
