"""How a sealed column may appear in a query: read with its record, or asked whether it is there."""

from typing import Any

from django.db.models.expressions import Col
from django.db.models.lookups import IsNull
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery

from cairn.vault.errors import SealedFieldError


def refusal(field: str, use: str) -> SealedFieldError:
    return SealedFieldError(
        f"{field} is sealed: the database sees only ciphertext, so it cannot {use}."
    )


class SealedCol(Col):
    """The column in SQL. Django compiles it wherever it is used, so every misuse passes here."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Only as one of the columns that make up a record, never inside another expression."""
        query = compiler.query
        in_select = compiler.select is None and query.default_cols
        if (
            not in_select
            or isinstance(query, UpdateQuery)
            or any(_mentions(each, self) for each in query.annotation_select.values())
        ):
            raise refusal(str(self.target), "filter, order, group, compare, count or list by it")
        return super().as_sql(compiler, connection)

    def get_group_by_cols(self) -> list[Any]:
        """None: rows are grouped by their primary key, which this column hangs on."""
        return []

    def name_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """The bare column, for the one question that is allowed."""
        return super().as_sql(compiler, connection)


class SealedIsNull(IsNull):
    """`field__isnull`: is there a value at all?"""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        column = lhs or self.lhs
        if isinstance(column, SealedCol):
            return column.name_sql(compiler, connection)
        return super().process_lhs(compiler, connection, lhs)


def _mentions(expression: Any, column: SealedCol) -> bool:
    """True when `column` is in `expression` other than as the question whether it is empty."""
    if isinstance(expression, SealedIsNull):
        return False
    if isinstance(expression, Col):
        return expression.target == column.target
    # Conditions are no expressions to Django, yet have parts as these do.
    parts: list[Any] = getattr(expression, "get_source_expressions", list)()
    return any(_mentions(each, column) for each in parts)
