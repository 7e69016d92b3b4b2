"""The register of tools: what exists in which language, as of the year that a source says."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cairn.core.actor import Actor
from cairn.core.lists import naming
from cairn.library.models import Tool


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
