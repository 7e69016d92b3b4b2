"""./cairn migrate: Django's own, for both databases unless one is named."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from cairn.vault.router import ALIAS, LABEL


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Of the database that is named, else of both."""
        named = options["database"]
        asked = super().get_check_kwargs(options)
        asked["databases"] = [named] if named else [DEFAULT_DB_ALIAS, ALIAS]
        return asked

    def handle(self, *args: Any, **options: Any) -> None:
        named = options["database"]
        if named != ALIAS:
            super().handle(*args, **{**options, "database": named or DEFAULT_DB_ALIAS})
        if named == ALIAS or (named is None and options["app_label"] in {None, LABEL}):
            # Only its own tables: the migrations of other apps leave nothing there.
            own = {"database": ALIAS, "app_label": options["app_label"] or LABEL}
            super().handle(*args, **{**options, **own, "run_syncdb": False})
