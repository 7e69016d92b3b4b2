"""Which database holds what: keys live in `keys` and nowhere else, everything else in `default`."""

from typing import Any

from django.db import models

ALIAS = "keys"
LABEL = "vault"


class Router:
    """Django's database router of the key store."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL else None

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str | None:
        return self.db_for_read(model)

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool | None:
        """No foreign key joins a key to a record: ids only."""
        if (one._meta.app_label == LABEL) != (other._meta.app_label == LABEL):
            return False
        return None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == LABEL) == (db == ALIAS)
