"""Asking a list of codes in a JSON column for one code, in words that every database reads."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

AnyModel = TypeVar("AnyModel", bound=Model)


def naming(rows: QuerySet[AnyModel], code: str, *columns: str) -> QuerySet[AnyModel]:
    """Rows that hold `code` in one of the lists `columns`.

    SQLite cannot ask whether a list contains a value, so the list's text is searched for the code
    in quotation marks. Safe for codes alone: free text in a list could look like one.
    """
    condition = Q()
    for column in columns:
        rows = rows.annotate(**{f"{column}_text": Cast(column, TextField())})
        condition |= Q(**{f"{column}_text__contains": f'"{code}"'})
    return rows.filter(condition)
