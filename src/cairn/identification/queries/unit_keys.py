"""What the page of a receiving unit reads: its keys, who holds them, and what hangs on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.access.queries import holders as users_with
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.identification.models import KeyHolder, ReceivingUnit, ReceptionKey, Report
from cairn.identification.rules.choices import ReportState
from cairn.oversight.queries.people import names


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a copy. `user_id` None: the recovery code that lies in the safe."""

    user_id: UUID | None
    name: str
    since: datetime
    is_me: bool


@dataclass(frozen=True, slots=True)
class KeyShown:
    """One key as its unit sees it. `state`: current, earlier, retired, asked or destroyed.

    `has_unopened`: reports wait that only this key opens. `is_mine`: the reader holds
    it; `waits_for_me`: a colleague handed it over to the reader; `asked_by_me`: the reader asked
    that it is destroyed.
    """

    id: str
    state: str
    words: str
    made_at: datetime
    not_after: date
    destroyed_at: datetime | None
    holders: list[Holder]
    has_unopened: bool
    is_mine: bool
    waits_for_me: bool
    asked_by_me: bool

    @property
    def people(self) -> int:
        return sum(holder.user_id is not None for holder in self.holders)

    @property
    def has_recovery(self) -> bool:
        return any(holder.user_id is None for holder in self.holders)

    @property
    def is_live(self) -> bool:
        return self.destroyed_at is None


def find_key(actor: Actor, key_id: str) -> ReceptionKey:
    """The key of this id with its unit. Raises ReceptionKey.DoesNotExist."""
    rows = ReceptionKey.objects.visible_to(actor).select_related("receiver")
    found: ReceptionKey = rows.get(pk=key_id)
    return found


def keys_of(actor: Actor, unit: ReceivingUnit) -> list[KeyShown]:
    """The keys of a unit, the current one first. Five queries, however many keys there are."""
    keys = list(ReceptionKey.objects.visible_to(actor).filter(receiver=unit).order_by("-made_at"))
    copies = list(
        KeyHolder.objects.visible_to(actor)
        .filter(key__in=keys, ended_at=None)
        .order_by("taken_at")
        .defer("wrapped")
    )
    known = names(copy.user_id for copy in copies)
    waiting = _handed_to(actor, keys)
    unopened = _unopened(keys)
    shown = [
        _shown(
            actor,
            key,
            [
                Holder(
                    copy.user_id,
                    known[copy.user_id] if copy.user_id else _("Recovery code, in the safe"),
                    copy.taken_at,
                    copy.user_id is not None and copy.user_id == actor.user_id,
                )
                for copy in copies
                if copy.key_id == key.pk
            ],
            has_unopened=key.pk in unopened,
            waits_for_me=key.pk in waiting,
        )
        for key in keys
    ]
    return sorted(shown, key=lambda each: (each.state != "current", not each.is_live))


def _shown(
    actor: Actor,
    key: ReceptionKey,
    holders: list[Holder],
    has_unopened: bool,
    *,
    waits_for_me: bool,
) -> KeyShown:
    state, words = _state(key)
    return KeyShown(
        id=key.pk,
        state=state,
        words=words,
        made_at=key.made_at,
        not_after=key.not_after,
        destroyed_at=key.destroyed_at,
        holders=holders,
        has_unopened=has_unopened,
        is_mine=any(holder.is_me for holder in holders),
        waits_for_me=waits_for_me,
        asked_by_me=actor.user_id is not None and key.destruction_asked_by == actor.user_id,
    )


def _state(key: ReceptionKey) -> tuple[str, str]:
    if key.destroyed_at:
        return "destroyed", pgettext("key", "Destroyed")
    if key.destruction_asked_by:
        return "asked", _("To be destroyed")
    if key.retired_at:
        return "retired", pgettext("key", "Out of use")
    if key.is_current:
        return "current", _("Phones seal to it")
    return "earlier", _("Earlier key")


def _handed_to(actor: Actor, keys: Iterable[ReceptionKey]) -> set[str]:
    """Ids of the keys that colleagues handed over to the actor and that wait. One query."""
    rows = ReceptionKey.objects.filter(
        pk__in=[key.pk for key in keys],
        handovers__for_user=actor.user_id or UUID(int=0),
        handovers__taken_at=None,
        handovers__expires_at__gt=clock.now(),
    )
    return set(rows.values_list("pk", flat=True))


def _unopened(keys: Iterable[ReceptionKey]) -> set[str]:
    """Ids of the keys to which reports are sealed that nobody has opened. One query."""
    waiting = Report.objects.filter(key=OuterRef("pk"), state=ReportState.RECEIVED)
    rows = ReceptionKey.objects.filter(pk__in=[key.pk for key in keys])
    return set(rows.filter(Exists(waiting)).values_list("pk", flat=True))


def identities(key: ReceptionKey) -> int:
    """How many opened reports have an identity block that only this key opens. One query."""
    rows = Report.objects.filter(receiver=key.receiver_id, key=key, content__erased_on=None)
    return rows.filter(Q(content__identity__isnull=False)).count()


def candidates(unit: ReceivingUnit, key: ReceptionKey) -> list[tuple[str, str]]:
    """(id, name) of those who may open reports at the unit's organisation and do not hold the key.

    Whether the membership covers this very unit is checked when the key is handed over.
    """
    held = set(KeyHolder.objects.filter(key=key, ended_at=None).values_list("user_id", flat=True))
    users = set(users_with(Permission.REPORT_OPEN, unit.organisation_id)) - held
    known = names(users)
    return sorted(((str(user), known[user]) for user in users), key=lambda pair: pair[1])
