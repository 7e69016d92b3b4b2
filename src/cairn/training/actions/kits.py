"""Kits of an installation: enrolling them, checking events out, calling lost ones back."""

import hashlib
import io
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.rules import Purpose
from cairn.training.actions import kits_keys
from cairn.training.actions.steps import check_kept_here, locked_event
from cairn.training.bundles import cards, container
from cairn.training.bundles.headers import Purpose as Way
from cairn.training.bundles.headers import Route
from cairn.training.models import Kit, KitCheckout, TrainingEvent
from cairn.training.queries.kits_packing import Names, pack_out, persons_of
from cairn.training.rules import kits as rules
from cairn.training.rules.states import CheckoutState, EventState

SEALED = ("name", "name_latin")


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A checkout and the bundle to carry to the kit. `filename`: codes only."""

    checkout: KitCheckout
    content: bytes
    filename: str


@transaction.atomic
def enrol_kit(
    actor: Actor, organisation: Organisation, label: str, card_text: str, mark: str
) -> Kit:
    """Take a laptop in as a kit of `organisation`.

    `card_text`: the line that the kit prints; `mark`: what its screen shows, typed by whoever
    stands before it, so that nobody slips in a card of their own on the way.
    Raises PermissionDenied, RuleBroken ("kits.card", "kits.mark", "kits.label", "kits.known").
    """
    card = cards.of_text(card_text)
    rules.check_mark(card.mark, cards.tidied_mark(mark))
    kit = Kit(
        label=rules.check_label(label),
        organisation=organisation,
        recipient=card.recipient,
        verifier=card.signer.hex(),
        enrolled_at=clock.now(),
        enrolled_by=actor.user_id,
    )
    require(actor, Permission.KIT_OPERATE)
    if not actor.is_system and organisation.pk not in {
        scope.organisation_id for scope in actor.scopes_with(Permission.KIT_OPERATE)
    }:
        raise PermissionDenied(Permission.KIT_OPERATE.value)
    same = Kit.objects.filter(recipient=card.recipient, revoked_at=None)
    if (known := same.first()) is not None:
        raise RuleBroken(
            "kits.known",
            _("This laptop is enrolled already, as kit %(code)s.") % {"code": known.code},
            _("Use that kit, or revoke it first."),
        )
    save_with_code(kit)
    audit.record(actor, "kit.enrolled", kit, kit=kit.code)
    return kit


@transaction.atomic
def revoke_kit(actor: Actor, code: str, reason: str) -> Kit:
    """Trust a kit no more: nothing is checked out to it, and what it brings is refused.

    Events that are on it are called back, so that they can be edited here again.
    Raises Kit.DoesNotExist, RuleBroken ("kits.reason").
    """
    kit = Kit.objects.visible_to(actor).select_for_update(of=("self",)).get(code=code)
    require(actor, Permission.KIT_OPERATE)
    reason = rules.check_reason(reason)
    now = clock.now()
    for checkout in kit.checkouts.filter(state=CheckoutState.OUT).select_related("event"):
        _end(actor, checkout, reason)
    if kit.revoked_at is None:
        kit.revoked_at = now
        kit.save(update_fields=["revoked_at"])
        audit.record(actor, "kit.revoked", kit, kit=kit.code)
    return kit


def check_out(
    actor: Actor, kit_code: str, reference: str, *, with_names: bool, reason: str
) -> CheckedOut:
    """Put an event on a kit: until it returns or is recalled, only the kit edits it.

    Names leave only `with_names`, each reading written down with `reason`, so this is never called
    inside another transaction.
    Raises TrainingEvent.DoesNotExist, Kit.DoesNotExist, PermissionDenied, RuleBroken
    ("kits.revoked", "kits.event-state", "kits.aggregate", "kits.too-many", "kits.reason",
    "kit.checked-out", "oversight.reason").
    """
    event, kit = _found(actor, kit_code, reference)
    reason = rules.check_reason(reason)
    rules.check_event(EventState(event.state), is_named=event.participation == "named")
    check_kept_here(event)
    names = _opened(actor, event, reason) if with_names else {}
    with transaction.atomic():
        event = locked_event(actor, reference)
        check_kept_here(event)
        checkout = KitCheckout(
            kit=kit, event=event, checked_out_at=clock.now(), checked_out_by=actor.user_id
        )
        content = _written(checkout, names)
        checkout.bundle_digest = hashlib.sha256(content).hexdigest()
        checkout.persons = len(persons_of(event))
        checkout.save(force_insert=True)
        audit.record(
            actor,
            "kit.checked_out",
            checkout,
            kit=kit.code,
            event=event.reference,
            persons=checkout.persons,
            names=len(names),
            sha256=checkout.bundle_digest,
        )
    return CheckedOut(checkout, content, _filename(kit, event))


def write_again(actor: Actor, checkout_id: UUID, *, with_names: bool, reason: str) -> CheckedOut:
    """The bundle of a checkout once more, where the file was lost before it reached the kit.

    Raises KitCheckout.DoesNotExist, PermissionDenied, RuleBroken ("kits.not-out", "kits.reason",
    "kits.too-many", "oversight.reason").
    """
    checkout = _of_mine(actor, checkout_id)
    reason = rules.check_reason(reason)
    rules.check_is_out(CheckoutState(checkout.state))
    names = _opened(actor, checkout.event, reason) if with_names else {}
    with transaction.atomic():
        content = _written(checkout, names)
        digest = hashlib.sha256(content).hexdigest()
        KitCheckout.objects.filter(pk=checkout.pk).update(bundle_digest=digest)
        audit.record(
            actor,
            "kit.bundle_repeated",
            checkout,
            kit=checkout.kit.code,
            event=checkout.event.reference,
            names=len(names),
            sha256=digest,
        )
    return CheckedOut(checkout, content, _filename(checkout.kit, checkout.event))


@transaction.atomic
def recall(actor: Actor, checkout_id: UUID, reason: str) -> KitCheckout:
    """Call an event back from a kit that is lost or late: it is edited here again, and whatever
    the kit brings later is refused.

    Raises KitCheckout.DoesNotExist, PermissionDenied, RuleBroken ("kits.not-out", "kits.reason").
    """
    checkout = _of_mine(actor, checkout_id, lock=True)
    rules.check_is_out(CheckoutState(checkout.state))
    _end(actor, checkout, rules.check_reason(reason))
    return checkout


def _end(actor: Actor, checkout: KitCheckout, reason: str) -> None:
    checkout.state = CheckoutState.RECALLED
    checkout.ended_at, checkout.ended_reason = clock.now(), reason
    checkout.save(update_fields=["state", "ended_at", "ended_reason"])
    audit.record(
        actor, "kit.recalled", checkout, kit=checkout.kit.code, event=checkout.event.reference
    )


def _found(actor: Actor, kit_code: str, reference: str) -> tuple[TrainingEvent, Kit]:
    event = TrainingEvent.objects.visible_to(actor).get(reference=reference)
    require(actor, Permission.KIT_OPERATE)
    kit = Kit.objects.visible_to(actor).get(code=kit_code)
    require(actor, Permission.KIT_OPERATE, within=event)
    rules.check_not_revoked(kit.revoked_at)
    return event, kit


def _of_mine(actor: Actor, checkout_id: UUID, *, lock: bool = False) -> KitCheckout:
    rows = KitCheckout.objects.visible_to(actor).select_related("kit", "event")
    if lock:
        rows = rows.select_for_update(of=("self",))
    checkout: KitCheckout = rows.get(pk=checkout_id)
    require(actor, Permission.KIT_OPERATE, within=checkout)
    return checkout


def _opened(actor: Actor, event: TrainingEvent, reason: str) -> Names:
    """The names of everybody at the event, each reading written down; unreadable ones left out."""
    persons = persons_of(event)
    rules.check_persons(len(persons), readings.MOST_AT_ONCE)
    opened = readings.read(actor, persons, list(SEALED), Purpose.TRAINING, reason)
    return {
        each.record.pk: {name: text for name, text in each.values.items() if isinstance(text, str)}
        for each in opened
    }


def _written(checkout: KitCheckout, names: Names) -> bytes:
    kit, event = checkout.kit, checkout.event
    home = kits_keys.card(kits_keys.home_identity(checkout.pk))
    file = io.BytesIO()
    container.write(
        file,
        Route(Way.OUT, kit.code, event.pk, checkout.pk, 1),
        pack_out(event, names),
        recipient=kit.recipient,
        sign=kits_keys.sign,
        made_at=clock.now(),
        notes={"home": home.text, "label": kit.label, "event": event.reference},
    )
    return file.getvalue()


def _filename(kit: Kit, event: TrainingEvent) -> str:
    return f"{event.reference}-{kit.code}{container.ENDING}"
