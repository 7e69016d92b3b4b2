"""The register of tools: what exists in which language, as of the year that a source says."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from cairn.core.actor import Actor
from cairn.core.lists import naming
from cairn.library.models import Tool, ToolAdaptation, ToolDownloads, ToolVersion

MOST_MONTHS = 60  # lines of the table: five languages over a year


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asked the register for; empty means all. `language`: ISO 639-1."""

    search: str = ""
    kind: str = ""
    topic: str = ""
    language: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.search or self.kind or self.topic or self.language)


@dataclass(frozen=True, slots=True)
class Choices:
    """Values that occur in the register, for its filter."""

    kinds: list[str]
    topics: list[str]
    languages: list[str]


def tools(actor: Actor, asked: Asked) -> QuerySet[Tool]:
    """Tools that match; a language finds what exists in it and what was to come in it."""
    found: QuerySet[Tool] = Tool.objects.visible_to(actor)
    if asked.search:
        found = found.filter(Q(title__icontains=asked.search) | Q(kind__icontains=asked.search))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.topic:
        found = found.filter(topic=asked.topic)
    if asked.language:
        found = naming(found, asked.language, "languages", "forthcoming")
    return found.order_by("topic", "title")


def choices(actor: Actor) -> Choices:
    """What the filter offers. One query; the register is small."""
    kinds: set[str] = set()
    topics: set[str] = set()
    languages: set[str] = set()
    for tool in Tool.objects.visible_to(actor):
        kinds.add(tool.kind)
        topics.add(tool.topic)
        languages.update(tool.languages, tool.forthcoming)
    return Choices(sorted(kinds), sorted(topics), sorted(languages))


def as_of(actor: Actor) -> list[int]:
    """The years in which languages were stated, each once."""
    years = Tool.objects.visible_to(actor).order_by("as_of").values_list("as_of", flat=True)
    return [year for year in years.distinct() if year is not None]


def counted(found: QuerySet[Tool]) -> QuerySet[Tool]:
    """Tools with `version_count`, `adaptation_count` and `download_count`, in the same query."""
    return found.annotate(
        version_count=_number(ToolVersion.objects.filter(tool=OuterRef("pk")), Count("pk")),
        adaptation_count=_number(ToolAdaptation.objects.filter(tool=OuterRef("pk")), Count("pk")),
        download_count=_number(
            ToolDownloads.objects.filter(version__tool=OuterRef("pk")), Sum("count")
        ),
    )


def _number(rows: QuerySet[Any], what: Count | Sum) -> Coalesce:
    """One number of the rows that belong to the outer row; 0 where there is none."""
    group = rows.order_by().annotate(_one=Value(1)).values("_one")
    return Coalesce(Subquery(group.annotate(number=what).values("number")), 0)


def find_tool(actor: Actor, pk: UUID) -> Tool:
    """Raises Tool.DoesNotExist."""
    found: Tool = counted(Tool.objects.visible_to(actor)).get(pk=pk)
    return found


def versions(actor: Actor, tool: Tool) -> list[ToolVersion]:
    """Versions of a tool with `taken`, how often each was taken. One query."""
    rows = ToolVersion.objects.visible_to(actor).filter(tool=tool)
    return list(rows.annotate(taken=Coalesce(Sum("downloads__count"), 0)))


def months(actor: Actor, tool: Tool) -> list[Any]:
    """Mappings with month, language of the version and number, newest first. One query."""
    rows = ToolDownloads.objects.visible_to(actor).filter(version__tool=tool)
    grouped = rows.values("month", "version__language").annotate(number=Sum("count"))
    return list(grouped.order_by("-month", "version__language")[:MOST_MONTHS])


def adaptations(actor: Actor, tool: Tool) -> list[ToolAdaptation]:
    """What was made of a tool elsewhere. One query."""
    return list(ToolAdaptation.objects.visible_to(actor).filter(tool=tool))
