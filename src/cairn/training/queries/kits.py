"""What the pages of kits show: kits, what is on them, what left and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.queries.people import names
from cairn.training.bundles.clocks import TOLERANCE
from cairn.training.models import (
    Kit,
    KitCheckout,
    KitReturn,
    KitSelf,
    ReceivedRecord,
    RefusedRecord,
    TrainingEvent,
)
from cairn.training.queries.kits_packing import leaving, persons_of
from cairn.training.rules.kits import TAKEN_ALONG
from cairn.training.rules.kits_words import kind_label
from cairn.training.rules.states import CheckoutState
from cairn.training.wording.kits import SENTENCES

OUT = CheckoutState.OUT


def kits(actor: Actor) -> QuerySet[Kit]:
    """Kits that the actor may work with, each with `events_out`: how many events are on it."""
    out = Count("checkouts", filter=Q(checkouts__state=OUT))
    rows = Kit.objects.visible_to(actor).select_related("organisation")
    return rows.annotate(events_out=out).order_by("revoked_at", "label", "code")


def checkouts_of(actor: Actor, kit: Kit) -> list[KitCheckout]:
    """What was on the kit and is, newest first."""
    rows = KitCheckout.objects.visible_to(actor).filter(kit=kit)
    return list(rows.select_related("event").order_by("-checked_out_at"))


def checkout_of(event: TrainingEvent) -> KitCheckout | None:
    """The checkout of an event that is on a kit now; None: it is kept here."""
    return KitCheckout.objects.filter(event=event, state=OUT).select_related("kit").first()


def events_to_take(actor: Actor) -> list[TrainingEvent]:
    """Events that the actor may put on a kit: planned or running, by person, and kept here."""
    rows = TrainingEvent.objects.worked_on(actor).filter(
        state__in=TAKEN_ALONG, participation="named"
    )
    return list(rows.exclude(checkouts__state=OUT).order_by("-starts", "reference"))


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves with an event. `kinds`: (words, how many); `codes`: of the people."""

    kinds: Sequence[tuple[str, int]]
    codes: Sequence[str]


def what_leaves(event: TrainingEvent) -> Leaving:
    """Counted before anything leaves. Constant in the number of people."""
    counted = [(kind_label(kind), rows.count()) for kind, rows in leaving(event).items()]
    return Leaving(
        [each for each in counted if each[1]], [person.code for person in persons_of(event)]
    )


@dataclass(frozen=True, slots=True)
class ClockError:
    """By how many minutes a kit's clock was wrong. `low`, `high`: the bounds, None: open.

    `is_wrong`: it was certainly wrong by more than two minutes.
    """

    low: int | None
    high: int | None
    is_wrong: bool


def clock_of(done: KitReturn) -> ClockError:
    limit = TOLERANCE.total_seconds()
    low, high = done.offset_low, done.offset_high
    wrong = (low is not None and low > limit) or (high is not None and high < -limit)
    return ClockError(_minutes(low), _minutes(high), wrong)


def returns_of(checkout: KitCheckout) -> list[KitReturn]:
    """Bundles that came back, newest first."""
    return list(checkout.returns.order_by("-brought_at"))


def return_found(actor: Actor, pk: UUID) -> KitReturn:
    """One bundle that came back. Raises KitReturn.DoesNotExist."""
    rows = KitReturn.objects.filter(checkout__in=KitCheckout.objects.visible_to(actor))
    return rows.select_related("checkout__kit", "checkout__event__organisation").get(pk=pk)


def not_taken(checkout: KitCheckout) -> QuerySet[RefusedRecord]:
    """What this kit brought of this event that was refused or waits, open ones first."""
    return RefusedRecord.objects.filter(event=checkout.event, origin=checkout.kit.code).order_by(
        "resolved_at", "kind", "received_at", "pk"
    )


def taken_by_kind(checkout: KitCheckout) -> list[tuple[str, int]]:
    """(words, how many) of the records that this kit brought and that were taken."""
    rows = (
        ReceivedRecord.objects.filter(
            event=checkout.event, origin=checkout.kit.code, kind__startswith="kit:"
        )
        .values_list("kind")
        .annotate(count=Count("pk"))
        .order_by("kind")
    )
    return [(kind_label(kind.removeprefix("kit:")), count) for kind, count in rows]


def acceptance(actor: Actor, pk: UUID, today: datetime) -> dict[str, Any]:
    """What the acceptance sheet says of one bundle: plain values. Raises KitReturn.DoesNotExist."""
    done = return_found(actor, pk)
    checkout = done.checkout
    clock = clock_of(done)
    return {
        "kit": checkout.kit.code,
        "label": checkout.kit.label,
        "event": checkout.event.reference,
        "organisation": checkout.event.organisation.display_name,
        "number": done.sequence,
        "sha256": done.digest,
        "is_last": done.is_last,
        "made_at": done.kit_made_at,
        "brought_at": done.brought_at,
        "clock": [clock.low, clock.high] if clock.is_wrong else None,
        "counts": {
            "accepted": done.accepted,
            "duplicate": done.repeated,
            "refused": done.refused,
            "parked": done.parked,
        },
        "records": done.records,
        "not_taken": [
            [kind_label(row.kind), str(row.record_id)[:8], row.reason]
            for row in not_taken(checkout).filter(resolved_at=None)
        ],
        "printed_at": today,
    }


# -- on the kit itself ---------------------------------------------------------------------------


def carried() -> list[KitSelf]:
    """The events that this machine carries as a kit; empty where it is none. One query."""
    return list(KitSelf.objects.select_related("event").order_by("imported_at"))


def carried_found(pk: UUID) -> KitSelf:
    """One event that this machine carries. Raises KitSelf.DoesNotExist."""
    return KitSelf.objects.select_related("event").get(pk=pk)


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / 60)


# -- history ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of a history: who, what, why, when."""

    who: str
    what: str
    why: str
    when: datetime


def history(actor: Actor, kit: Kit) -> list[Told]:
    """What was done with a kit and its checkouts, newest first, at most fifty. Four queries."""
    reasons = dict(kit.checkouts.exclude(ended_reason="").values_list("pk", "ended_reason"))
    checkouts = list(kit.checkouts.values_list("pk", flat=True))
    returns = KitReturn.objects.filter(checkout__in=checkouts).values_list("pk", flat=True)
    ids = [str(pk) for pk in (kit.pk, *checkouts, *returns)]
    entries = list(
        AuditEntry.objects.filter(subject_id__in=ids, code__in=SENTENCES).order_by("-sequence")[:50]
    )
    known = names(_user(entry.actor_id) for entry in entries)
    return [
        Told(
            _who(_user(entry.actor_id), known, actor),
            str(SENTENCES[entry.code]) % entry.facts,
            reasons.get(UUID(entry.subject_id), "") if entry.code == "kit.recalled" else "",
            entry.at,
        )
        for entry in entries
    ]


def _user(actor_id: str) -> UUID | None:
    try:
        return UUID(actor_id)
    except ValueError:
        return None


def _who(user: UUID | None, known: Mapping[UUID | None, str], actor: Actor) -> str:
    if user is None:
        return "Cairn"
    return _("You") if user == actor.user_id else known.get(user, "–")
