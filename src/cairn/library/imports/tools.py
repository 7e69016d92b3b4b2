"""The file of tools and the languages that they exist in."""

from collections.abc import Hashable, Sequence

from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.library.models import Tool

AS_OF = 2010  # the year in the file's column names: of the partnership folder
_FIELDS = {
    "kind": "kind",
    "topic": "topic",
    "languages_available_2010": "languages",
    "languages_forthcoming_2010": "forthcoming",
}


def _prepare(rows: Sequence[Row]) -> None:
    for row in rows:
        row.key = row.label = row.cleaned["title"]
        row.after = row.given(_FIELDS)


def _existing(keys: Sequence[Hashable]) -> Existing:
    return {
        tool.title: (tool.pk, {field: getattr(tool, field) for field in _FIELDS.values()})
        for tool in Tool.objects.filter(title__in=keys)
    }


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    Tool.objects.bulk_create(
        [
            Tool(title=row.cleaned["title"], as_of=AS_OF, source="004", **row.after)
            for row in created
        ]
    )
    for row in changed:
        Tool.objects.filter(pk=row.target).update(**row.after)


register(
    Kind(
        code="tools",
        label=_("Tools and publications"),
        permission=Permission.LIBRARY_EDIT.value,
        columns=(
            Column("title", cells.text(300), _("title"), True),
            Column("kind", cells.text(60), _("kind, for example toolkit"), True),
            Column("topic", cells.text(60), _("topic"), True),
            Column("languages_available_2010", cells.words, _("codes, | between"), empty=[]),
            Column("languages_forthcoming_2010", cells.words, _("codes, | between"), empty=[]),
        ),
        prepare=_prepare,
        existing=_existing,
        write=_write,
        order=70,
    )
)
