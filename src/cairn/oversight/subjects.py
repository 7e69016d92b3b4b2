"""The register of kinds of records about people, so that oversight works on all without import.

A context registers its kind in `AppConfig.ready`. What is registered can be read with a reason,
opened in an emergency, linked, exported, held, kept longer and erased; nothing else can.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils.functional import Promise

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.vault.fields import SealedModel


def _nobodys(actor: Actor, record: Any) -> bool:
    return False


def _nothing(record: Any) -> None:
    return None


def _no_keys(record: Any) -> Iterable[UUID]:
    return ()


def _plain(name: str, value: Any) -> str:
    """Text as it is, a list as lines."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")


@dataclass(frozen=True, slots=True)
class Shown:
    """One clear fact that a link shows: its words, its first and last day (None: none is set)."""

    words: str
    starts_on: date | None = None
    ends_on: date | None = None
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """Clear facts of a record that a link may show to the other zone.

    `facts(record, today)` asks a constant number of queries.
    """

    words: Promise
    facts: Callable[[Any, date], Sequence[Shown]]


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """One kind of record about people.

    `model` ("app.Model") has `code`, `organisation_id`, `unit_id`, `country`, `data_key` and
    `keep_until` (a date, may be None); its manager has `visible_to`. `sealed`: name of each
    sealed field -> its words. `view`, `open`: the permissions. `break_glass`: only for kinds of
    the protection zone. `export`: who may ask to take records out, None: nobody.
    `is_own_caseload(actor, record)`: True when the record is the actor's own work.
    `works_with(actor, record)`: True when the actor may open the record although no membership of
    theirs covers it, because they work with this very person; the kind says on what permission.
    `handed_over`: code of the audit entry that tells of a record coming into other hands; its fact
    `before` is the id of the user who worked on it till then, or empty.
    `address(code)`: the page of a record. `after_erasure(record)`: empties what else would tell
    who it was; called inside the transaction that notes the erasure. `further_keys(record)`: other
    data keys that go with it, the same each time that it is asked until `after_erasure` was called.
    `part_of(record)`: key of the kind and id of the record that this one belongs to, whose
    emergency access opens it as well. `in_words(name, value)`: an opened value as people read it.
    `shares`: what else a link may show to the other zone, without opening anything.
    """

    key: str
    model: str
    zone: Zone
    label: Promise
    plural: Promise
    sealed: Mapping[str, Promise]
    view: Permission
    open: Permission
    address: Callable[[str], str]
    export: Permission | None = None
    break_glass: Permission | None = None
    is_own_caseload: Callable[[Actor, Any], bool] = _nobodys
    works_with: Callable[[Actor, Any], bool] = _nobodys
    handed_over: str = ""
    after_erasure: Callable[[Any], None] = _nothing
    further_keys: Callable[[Any], Iterable[UUID]] = _no_keys
    part_of: Callable[[Any], tuple[str, UUID] | None] = _nothing
    in_words: Callable[[str, Any], str] = _plain
    shares: Mapping[str, Share] = field(default_factory=dict)

    @property
    def linkable(self) -> dict[str, Promise]:
        """What a link may let the other zone read: name -> words."""
        return {**self.sealed, **{name: share.words for name, share in self.shares.items()}}

    @property
    def model_class(self) -> type[SealedModel]:
        found = apps.get_model(self.model)
        if not issubclass(found, SealedModel):
            raise TypeError(f"{self.model} holds no sealed fields.")
        return found

    def visible_to(self, actor: Actor) -> QuerySet[Any]:
        """The records of this kind that `actor` may see."""
        rows: QuerySet[Any] = self.model_class._default_manager.visible_to(actor)  # type: ignore[attr-defined]
        return rows

    def every(self) -> QuerySet[Any]:
        """All records, for what the installation does itself: erasure, retention, break-glass."""
        return self.model_class._default_manager.all()


_KINDS: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Add a kind. Raises ValueError for a second one with its key, or break-glass elsewhere."""
    if kind.key in _KINDS and _KINDS[kind.key] != kind:
        raise ValueError(f"{kind.key} is registered twice.")
    if kind.break_glass and kind.zone != Zone.PROTECTION:
        raise ValueError(f"{kind.key}: emergency access exists in the protection zone only.")
    _KINDS[kind.key] = kind


def kinds() -> list[SubjectKind]:
    return sorted(_KINDS.values(), key=lambda kind: kind.key)


def kind(key: str) -> SubjectKind:
    """The kind with this key. Raises LookupError."""
    try:
        return _KINDS[key]
    except KeyError:
        raise LookupError(f"No kind of record is called {key!r}.") from None


def kind_of(record: object) -> SubjectKind:
    """The kind that `record` is of. Raises LookupError for records that are not registered."""
    label = getattr(getattr(record, "_meta", None), "label", "")
    for each in _KINDS.values():
        if each.model == label:
            return each
    raise LookupError(f"{label or record!r} is not a registered kind of record.")
