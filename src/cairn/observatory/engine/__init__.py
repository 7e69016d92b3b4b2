"""Counting on engines: the only place that knows DuckDB, Spark and Ibis, imported when used."""

import importlib.util

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

NEEDED = ("duckdb", "ibis", "pyarrow", "sqlglot")


def check_installed() -> None:
    """Raise RuleBroken("observatory.engine") unless counting is possible here."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise RuleBroken(
            "observatory.engine",
            _("Counting needs what is not installed here: %(missing)s.")
            % {"missing": ", ".join(missing)},
            _("Install the extra “analytics”."),
        )
