"""What a reader asks of a published table, read from an address: columns and filters."""

from django.http import QueryDict
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.publication import MOST_COLUMNS, Publication
from cairn.observatory.rules.publication_tables import Asked, choices

# Names in an address that are no columns.
BY, ALL, PAGE = "by", "all", "page"
RESERVED = frozenset({BY, ALL, PAGE})


def asked(found: Publication, query: QueryDict) -> Asked:
    """`?by=sex,age&area=NPL`, also `?by=sex&by=age`. A column with a filter is not also a column.

    Without anything the first table of one column. Raises RuleBroken("observatory.column") for a
    name that is neither; the rest is checked where the table is made.
    """
    wanted = [name for text in query.getlist(BY) for name in text.split(",") if name]
    filters: list[tuple[str, str]] = []
    for name in query:
        if name in RESERVED:
            continue
        if name not in found.by_name:
            raise RuleBroken(
                "observatory.column",
                _("There is no column “%(name)s” in this release.") % {"name": name[:40]},
                _("It has: %(names)s.") % {"names": ", ".join(found.names)},
            )
        if code := query.get(name, ""):
            filters.append((name, str(code)))
    fixed = {name for name, _code in filters}
    columns = tuple(dict.fromkeys(name for name in wanted if name not in fixed))
    if not columns and not filters:
        first = next(iter(choices(found)), ())
        columns = first if len(first) == 1 else ()
    return Asked(columns[: MOST_COLUMNS + 1], tuple(filters))
