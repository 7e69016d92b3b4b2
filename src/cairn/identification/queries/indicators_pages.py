"""What the pages of editions of signs read: lists, one edition, its history, two side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.identification.indicatorbank import lists
from cairn.identification.indicatorbank.guidance import Kind
from cairn.identification.indicatorbank.lists import SignRow, SourceList
from cairn.identification.models import Indicator, IndicatorEdition
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.identification.rules.indicators import EditionState
from cairn.oversight.queries.people import names

_MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the signs of an edition are narrowed to. Each is a code, or empty for all."""

    source_list: str = ""
    setting: str = ""
    profile: str = ""
    kind: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""

        def among(name: str, allowed: Iterable[str]) -> str:
            given = query.get(name, "")
            return given if given in set(allowed) else ""

        return cls(
            source_list=among("list", SourceList.values),
            setting=among("setting", Setting.values),
            profile=among("profile", WorkerProfile.values),
            kind=among("kind", [each.value for each in Kind]),
        )


def editions(actor: Actor) -> QuerySet[IndicatorEdition]:
    """Every edition with `sign_count`, the newest first."""
    rows = IndicatorEdition.objects.visible_to(actor)
    return rows.annotate(sign_count=Count("indicators")).order_by("-made_at", "-code")


def find_edition(actor: Actor, code: str) -> IndicatorEdition:
    """The edition of this code. Raises IndicatorEdition.DoesNotExist (also when not visible)."""
    found: IndicatorEdition = IndicatorEdition.objects.visible_to(actor).get(code=code)
    return found


def find_sign(actor: Actor, edition: IndicatorEdition, code: str) -> Indicator:
    """A sign of an edition. Raises Indicator.DoesNotExist."""
    found: Indicator = Indicator.objects.visible_to(actor).get(edition=edition, code=code)
    return found


def signs(actor: Actor, edition: IndicatorEdition, filters: Filters) -> list[Indicator]:
    """The signs of an edition that the filters leave, in their order. One query."""
    rows = Indicator.objects.visible_to(actor).filter(edition=edition)
    if filters.source_list:
        rows = rows.filter(source_list=filters.source_list)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    return [
        row
        for row in rows
        if (not filters.setting or not row.settings or filters.setting in row.settings)
        and (not filters.profile or not row.profiles or filters.profile in row.profiles)
    ]


def meanings(*, other_than: IndicatorEdition) -> dict[str, tuple[str, str, str]]:
    """{code: (list, dimension, kind)} in all other editions that were ever published.

    One query; the shipped edition counts, loaded or not.
    """
    rows = Indicator.objects.filter(~Q(edition__state=EditionState.DRAFT)).exclude(
        edition=other_than
    )
    named = rows.values_list("code", "source_list", "dimension", "kind")
    found = {row.code: row.meaning for row in lists.shipped()}
    return found | {code: (listed, dimension, kind) for code, listed, dimension, kind in named}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a sign differs between two editions. `what`: "added", "removed" or "changed"."""

    code: str
    what: str
    fields: tuple[str, ...]
    before: SignRow | None
    after: SignRow | None


def compare(before: Sequence[SignRow], after: Sequence[SignRow]) -> list[Difference]:
    """Signs that are not the same in both, in the order of the later edition, removed ones last."""
    old = {row.code: row for row in before}
    new = {row.code: row for row in after}
    found = []
    for code, row in new.items():
        if code not in old:
            found.append(Difference(code, "added", (), None, row))
        elif changed := differing(old[code], row):
            found.append(Difference(code, "changed", tuple(changed), old[code], row))
    found += [
        Difference(code, "removed", (), row, None) for code, row in old.items() if code not in new
    ]
    return found


def differing(one: SignRow, other: SignRow) -> list[str]:
    """The names of the fields in which two signs differ."""
    return [
        each.name
        for each in fields(SignRow)
        if getattr(one, each.name) != getattr(other, each.name)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a history: who did what, when."""

    who: str
    what: str
    when: datetime


def history(
    actor: Actor, edition: IndicatorEdition, sentences: Mapping[str, Promise]
) -> list[Told]:
    """What was done with an edition, newest first, at most fifty lines. Two queries."""
    entries = AuditEntry.objects.filter(
        subject_type=IndicatorEdition._meta.label,
        subject_id=str(edition.pk),
        code__in=sentences,
    ).order_by("-sequence")[:_MOST_TOLD]
    lines = [(_user(each.actor_id), each) for each in entries]
    known = names(who for who, _entry in lines)
    return [
        Told(_called(who, actor, known), str(sentences[entry.code]) % entry.facts, entry.at)
        for who, entry in lines
    ]


def _called(who: UUID | None, actor: Actor, known: Mapping[Any, str]) -> str:
    if who is None:
        return "Cairn"
    return _("You") if who == actor.user_id else known.get(who, "–")


def _user(actor_id: str) -> UUID | None:
    try:
        return UUID(actor_id)
    except ValueError:
        return None
