"""Reception keys of units: made, handed over, taken back, put out of use, destroyed by two persons.

The private half is never stored bare and never leaves a request: it is unwrapped with a member's
passphrase, used, and forgotten. The wrapped copies are sealed once more under a key of the vault,
so that a stolen database alone cannot be tried out with guessed passphrases.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cairn.access.models import User
from cairn.access.permissions import Permission, person, require
from cairn.access.queries import actor_for
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.identification.actions.intake_rows import held_body
from cairn.identification.envelopes import hpke
from cairn.identification.envelopes.format import Refused, parse
from cairn.identification.models import (
    HeldEnvelope,
    KeyHandover,
    KeyHolder,
    ReceivingUnit,
    ReceptionKey,
    Report,
)
from cairn.identification.rules import unit_keys as rules
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.held import RELEASABLE
from cairn.vault.wraps import Wraps

# Copies of all keys are sealed under one data key of the zone, as they are the unit's, nobody's.
_VAULT_KEY = "reception-keys"
RECOVERY = "recovery"


def make_key(actor: Actor, receiver: ReceivingUnit, passphrase: str) -> tuple[ReceptionKey, str]:
    """A new key pair for a unit, to which phones seal from now on, and its recovery code.

    The maker is its first holder, under the own reading passphrase; the code is given here only.
    Earlier keys stay with their holders and open what was sealed to them.
    Raises ReceivingUnit.DoesNotExist, PermissionDenied, WrongPassphrase (the maker has another
    one for this unit), RuleBroken ("key.passphrase-weak", "key.member").
    """
    unit = ReceivingUnit.objects.visible_to(actor).get(pk=receiver.pk)
    require(actor, Permission.RECEIVER_MANAGE, within=unit)
    user_id = person(actor)
    rules.check_member(may_open(actor, unit))
    tidy = _same_as_before(actor, unit, passphrase)
    private = hpke.new_private()
    public = hpke.public_of(private)
    code = rules.recovery_code()
    with transaction.atomic():
        rows = ReceivingUnit.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
        unit = rows.get(pk=receiver.pk)
        now = clock.now()
        ReceptionKey.objects.filter(receiver=unit, is_current=True).update(is_current=False)
        key = ReceptionKey.objects.create(
            id=hpke.key_id(public),
            receiver=unit,
            public=public,
            made_at=now,
            made_by=user_id,
            not_after=rules.last_day(timezone.localdate(now)),
        )
        _keep(key, user_id, private, tidy)
        _keep(key, None, private, rules.tidied_code(code))
        audit.record(actor, "reception_key.made", key, receiver=unit.code)
    return key, code


def private_half(actor: Actor, key: ReceptionKey, passphrase: str) -> bytes:
    """The private half of `key`, 32 bytes, for the one thing that is being done now.

    Not inside a transaction: a wrong passphrase is recorded, and stays recorded.
    Raises RuleBroken ("key.destroyed", "key.holder") or WrongPassphrase.
    """
    rules.check_usable(key.destroyed_at)
    user_id = person(actor)
    return _tried(actor, rules.held(_live(key, user_id)), passphrase)


def hand_over(actor: Actor, key_id: str, passphrase: str, for_user: UUID) -> str:
    """Hand a key to a colleague: gives the code, valid for a day, that is told by mouth.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, WrongPassphrase, RuleBroken
    ("key.destroyed", "key.holder", "key.member", "key.holds-already").
    """
    key = _visible(actor, key_id)
    require(actor, Permission.REPORT_OPEN, within=key.receiver)
    private = private_half(actor, key, passphrase)
    code = rules.handover_code()
    with transaction.atomic():
        key = _locked(actor, key_id)
        rules.check_usable(key.destroyed_at)
        rules.check_member(is_member(for_user, key.receiver))
        rules.check_new_holder(_live(key, for_user) is not None)
        now = clock.now()
        # One code at a time for one colleague: an earlier one is void from now on.
        KeyHandover.objects.filter(key=key, for_user=for_user, taken_at=None).update(
            wrapped=None, expires_at=now
        )
        KeyHandover.objects.create(
            key=key,
            for_user=for_user,
            made_by=person(actor),
            made_at=now,
            expires_at=now + rules.HANDOVER_WAITS,
            wrapped=_sealed(private, key.pk, f"handover {for_user}", rules.tidied_code(code)),
        )
        audit.record(actor, "reception_key.handed_over", key, to=str(for_user))
    return code


def take_over(actor: Actor, key_id: str, code: str, passphrase: str) -> KeyHolder:
    """Take the key that a colleague handed over, under one's own reading passphrase.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, RuleBroken ("key.handover", "key.code",
    "key.destroyed", "key.holds-already", "key.passphrase-weak", "key.passphrase").
    """
    key = _visible(actor, key_id)
    require(actor, Permission.REPORT_OPEN, within=key.receiver)
    rules.check_usable(key.destroyed_at)
    user_id = person(actor)
    waiting = _handover(key, user_id)
    tidy = _same_as_before(actor, key.receiver, passphrase)
    private = _by_code(actor, key, waiting.wrapped, f"handover {user_id}", code)
    with transaction.atomic():
        key = _locked(actor, key_id)
        rules.check_usable(key.destroyed_at)
        waiting = _handover(key, user_id)
        rules.check_new_holder(_live(key, user_id) is not None)
        holder = _keep(key, user_id, private, tidy)
        waiting.taken_at, waiting.wrapped = holder.taken_at, None
        waiting.save(update_fields=["taken_at", "wrapped"])
        audit.record(actor, "reception_key.taken_over", key, given_by=str(waiting.made_by))
    return holder


def recover(actor: Actor, key_id: str, code: str, passphrase: str) -> KeyHolder:
    """Come to hold a key by the recovery code of the safe, when nobody can hand it over.

    Raises as `take_over`, and RuleBroken "key.holder" where no recovery code is left.
    """
    key = _visible(actor, key_id)
    require(actor, Permission.REPORT_OPEN, within=key.receiver)
    require(actor, Permission.RECEIVER_MANAGE, within=key.receiver)
    rules.check_usable(key.destroyed_at)
    user_id = person(actor)
    safe = rules.held(_live(key, None))
    # Whoever forgot the old passphrase is here for that reason: a new one is chosen.
    tidy = rules.check_passphrase(passphrase)
    private = _by_code(actor, key, safe.wrapped, RECOVERY, code)
    with transaction.atomic():
        key = _locked(actor, key_id)
        rules.check_usable(key.destroyed_at)
        if before := _live(key, user_id):
            _end(before, user_id)
        holder = _keep(key, user_id, private, tidy)
        audit.record(actor, "reception_key.recovered", key)
    return holder


def change_passphrase(actor: Actor, receiver_code: str, old: str, new: str) -> int:
    """Wrap one's copies of the keys of a unit under a new passphrase; gives how many there are.

    Raises ReceivingUnit.DoesNotExist, PermissionDenied, WrongPassphrase, RuleBroken
    ("key.passphrase-weak", "key.holder").
    """
    unit = ReceivingUnit.objects.visible_to(actor).get(code=receiver_code)
    require(actor, Permission.REPORT_OPEN, within=unit)
    user_id = person(actor)
    tidy = rules.check_passphrase(new, name=_user_name(user_id))
    copies = _own_copies(unit, user_id)
    rules.held(copies[0] if copies else None)
    opened = [(copy, _tried(actor, copy, old)) for copy in copies]
    with transaction.atomic():
        for copy, private in opened:
            # A copy that was taken away meanwhile stays away.
            KeyHolder.objects.filter(pk=copy.pk, ended_at=None).update(
                wrapped=_sealed(private, copy.key_id, str(user_id), tidy)
            )
        audit.record(actor, "reception_key.rewrapped", unit, copies=len(copies))
    return len(copies)


@transaction.atomic
def end_holder(actor: Actor, key_id: str, user_id: UUID | None) -> None:
    """Take a copy away for good: of a member who left, or (None) the recovery code of the safe.

    Raises ReceptionKey.DoesNotExist, KeyHolder.DoesNotExist, PermissionDenied, RuleBroken
    ("key.last-holder").
    """
    key = _locked(actor, key_id)
    require(actor, Permission.RECEIVER_MANAGE, within=key.receiver)
    holder = _live(key, user_id)
    if holder is None:
        raise KeyHolder.DoesNotExist(str(user_id))
    if user_id is not None:
        people = key.holders.filter(ended_at=None).exclude(user_id=None).count()
        rules.check_ending(people)
    _end(holder, person(actor))
    # Nobody comes back by a code that was told before, nor lets another in by one.
    under_way = Q(for_user=user_id) | Q(made_by=user_id)
    key.handovers.filter(under_way, taken_at=None).update(wrapped=None, expires_at=clock.now())
    audit.record(actor, "reception_key.holder_ended", key, holder=str(user_id or RECOVERY))


@transaction.atomic
def retire(actor: Actor, key_id: str) -> ReceptionKey:
    """Put an earlier key out of use: no phone is told of it any more. It still opens reports.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, RuleBroken ("key.current",
    "key.destroyed").
    """
    key = _locked(actor, key_id)
    require(actor, Permission.RECEIVER_MANAGE, within=key.receiver)
    rules.check_usable(key.destroyed_at)
    rules.check_retiring(key.is_current)
    if key.retired_at is None:
        key.retired_at = clock.now()
        key.save(update_fields=["retired_at"])
        audit.record(actor, "reception_key.retired", key)
    return key


@transaction.atomic
def ask_destruction(actor: Actor, key_id: str) -> ReceptionKey:
    """Ask that a key is destroyed; another person confirms it with `destroy`.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, RuleBroken ("key.current",
    "key.destroyed").
    """
    key = retire(actor, key_id)
    if key.destruction_asked_by is None:
        key.destruction_asked_by, key.destruction_asked_at = person(actor), clock.now()
        key.save(update_fields=["destruction_asked_by", "destruction_asked_at"])
        audit.record(actor, "reception_key.destruction_asked", key)
    return key


@transaction.atomic
def keep_key(actor: Actor, key_id: str) -> ReceptionKey:
    """Withdraw or refuse a destruction that was asked for; the key stays as it is.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, RuleBroken ("key.not-asked",
    "key.destroyed").
    """
    key = _locked(actor, key_id)
    require(actor, Permission.RECEIVER_MANAGE, within=key.receiver)
    rules.check_usable(key.destroyed_at)
    rules.check_asked(key.destruction_asked_by)
    key.destruction_asked_by = key.destruction_asked_at = None
    key.save(update_fields=["destruction_asked_by", "destruction_asked_at"])
    audit.record(actor, "reception_key.kept", key)
    return key


@transaction.atomic
def destroy(actor: Actor, key_id: str) -> ReceptionKey:
    """Destroy every copy of a key, as somebody else asked. What is still sealed to it stays shut.

    Raises ReceptionKey.DoesNotExist, PermissionDenied, RuleBroken ("key.current",
    "key.unopened", "key.not-asked", "key.second-person", "key.destroyed").
    """
    key = _locked(actor, key_id)
    require(actor, Permission.RECEIVER_MANAGE, within=key.receiver)
    rules.check_usable(key.destroyed_at)
    who = person(actor)
    rules.check_destruction(
        key.destruction_asked_by, who, is_current=key.is_current, has_unopened=_is_waited_for(key)
    )
    now = clock.now()
    copies = key.holders.filter(ended_at=None).update(ended_at=now, ended_by=who)
    key.holders.update(wrapped=None)
    key.handovers.update(wrapped=None)
    key.destroyed_at, key.destroyed_by = now, who
    key.save(update_fields=["destroyed_at", "destroyed_by"])
    audit.record(actor, "reception_key.destroyed", key, copies=copies)
    return key


def _is_waited_for(key: ReceptionKey) -> bool:
    """True while reports wait that only this key opens, or are held and may still be released."""
    waiting = Report.objects.filter(receiver=key.receiver, state=ReportState.RECEIVED, key=key)
    if waiting.exists():
        return True
    rows = HeldEnvelope.objects.filter(
        receiver=key.receiver, settled_at=None, reason__in=RELEASABLE
    )
    return any(_is_sealed_to(row, key) for row in rows.iterator(chunk_size=100))


def _is_sealed_to(row: HeldEnvelope, key: ReceptionKey) -> bool:
    """True for what is held under this key; what names no key is no report and opens nothing."""
    try:
        return parse(held_body(row)).key == key.pk
    except Refused:
        return False


# --- Who may hold a key ----------------------------------------------------------------------


def may_open(actor: Actor, unit: ReceivingUnit) -> bool:
    """True when the actor may open reports of this unit."""
    return actor.may_within(
        Permission.REPORT_OPEN, unit.organisation_id, unit.unit_id, unit.country
    )


def is_member(user_id: UUID, unit: ReceivingUnit) -> bool:
    """True when this user may open reports of this unit today."""
    user = User.objects.filter(pk=user_id).first()
    return user is not None and may_open(actor_for(user, today=timezone.localdate()), unit)


# --- Copies ----------------------------------------------------------------------------------


def _keep(key: ReceptionKey, user_id: UUID | None, private: bytes, words: str) -> KeyHolder:
    whose = RECOVERY if user_id is None else str(user_id)
    return KeyHolder.objects.create(
        key=key,
        user_id=user_id,
        taken_at=clock.now(),
        wrapped=_sealed(private, key.pk, whose, words),
    )


def _end(holder: KeyHolder, who: UUID) -> None:
    holder.ended_at, holder.ended_by, holder.wrapped = clock.now(), who, None
    holder.save(update_fields=["ended_at", "ended_by", "wrapped"])


def _live(key: ReceptionKey, user_id: UUID | None) -> KeyHolder | None:
    return key.holders.filter(user_id=user_id, ended_at=None).first()


def _handover(key: ReceptionKey, user_id: UUID) -> KeyHandover:
    newest = key.handovers.filter(for_user=user_id).order_by("-made_at").first()
    waiting = rules.handed_over(newest)
    rules.check_handover(waiting.expires_at, waiting.taken_at, now=clock.now())
    return waiting


def _by_code(actor: Actor, key: ReceptionKey, blob: bytes | None, whose: str, typed: str) -> bytes:
    try:
        return _opened(blob, key.pk, whose, rules.tidied_code(typed))
    except rules.WrongPassphrase:
        with transaction.atomic():
            audit.record(actor, "reception_key.refused", key, use=whose.split()[0])
        raise rules.WrongCode from None


def _same_as_before(actor: Actor, unit: ReceivingUnit, passphrase: str) -> str:
    """The passphrase, tidy: the one that the person has for this unit already, or a new one.

    So one passphrase opens all that one may open, and a session that was left open cannot bring
    in another. Raises WrongPassphrase, RuleBroken("key.passphrase-weak").
    """
    user_id = person(actor)
    tidy = rules.check_passphrase(passphrase, name=_user_name(user_id))
    if copies := _own_copies(unit, user_id):
        _tried(actor, copies[0], tidy)
    return tidy


def _own_copies(unit: ReceivingUnit, user_id: UUID) -> list[KeyHolder]:
    """What this user holds of the keys of a unit, newest first."""
    rows = KeyHolder.objects.filter(
        key__receiver=unit, key__destroyed_at=None, user_id=user_id, ended_at=None
    )
    return list(rows.select_related("key").order_by("-taken_at"))


def _tried(actor: Actor, copy: KeyHolder, passphrase: str) -> bytes:
    """The private half in a member's copy; a wrong passphrase is recorded, outside of any change.

    Raises WrongPassphrase.
    """
    try:
        return _opened(copy.wrapped, copy.key_id, str(copy.user_id), passphrase)
    except rules.WrongPassphrase:
        with transaction.atomic():
            audit.record(actor, "reception_key.refused", copy.key)
        raise


def _user_name(user_id: UUID) -> str:
    return User.objects.filter(pk=user_id).values_list("username", flat=True).first() or ""


def _sealed(private: bytes, key_id: str, whose: str, words: str) -> bytes:
    place = rules.bound(key_id, whose)
    return _wraps().seal(rules.wrapped(private, words, place), place)


def _opened(blob: bytes | None, key_id: str, whose: str, words: str) -> bytes:
    """Raises WrongPassphrase; Altered or KeyGone when the vault cannot open its own seal."""
    if blob is None:
        raise rules.WrongPassphrase
    place = rules.bound(key_id, whose)
    return rules.unwrapped(_wraps().unseal(bytes(blob), place), words, place)


def _wraps() -> Wraps:
    return Wraps(Zone.IDENTIFICATION, _VAULT_KEY)


# --- Finding ---------------------------------------------------------------------------------


def _visible(actor: Actor, key_id: str) -> ReceptionKey:
    rows = ReceptionKey.objects.visible_to(actor).select_related("receiver")
    found: ReceptionKey = rows.get(pk=key_id)
    return found


def _locked(actor: Actor, key_id: str) -> ReceptionKey:
    rows = ReceptionKey.objects.visible_to(actor).select_related("receiver")
    found: ReceptionKey = rows.select_for_update(no_key=True, of=("self",)).get(pk=key_id)
    return found
