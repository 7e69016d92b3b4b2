"""Making a signed checkpoint of the audit log, and holding the log against one."""

import base64

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.audit import Flaw, Mark, Verdict
from cairn.core.classification import Zone
from cairn.core.models import AuditEntry
from cairn.oversight import checkpoints
from cairn.oversight.checkpoints import Checkpoint
from cairn.oversight.queries.rounds import verified_mark
from cairn.vault import blind, signing

EXPORTED = "audit.checkpoint_exported"
# For a page: about a second of work. What is older was verified by the watch.
MOST_ON_A_PAGE = 8_000


def export_checkpoint(actor: Actor, *, whole: bool = False) -> Checkpoint:
    """A signed checkpoint of the log as it is now.

    `whole`: verify the log from its start before signing; else from where the watch last came to.
    A log that does not hold is signed too, and the checkpoint says so: it fixes what is there.
    The entry about the export is the one right after the checkpoint. It cannot lie inside, as the
    chain would have to hold its own end; so whoever checks looks for it there.
    Raises PermissionDenied, or what the vault raises when the signing key cannot be used.
    """
    require(actor, Permission.AUDIT_EXPORT)
    verdict = audit.verify() if whole else _verify_rest()
    key = next(each for each in signing.public_keys() if each.is_current)
    installation = fingerprint()
    with transaction.atomic():
        entry = audit.record(actor, EXPORTED, key=key.key_id)
        # No entry can come between: the one of the export follows the one that is signed.
        last = entry.sequence - 1
        checkpoint = Checkpoint(
            installation=installation,
            made_at=checkpoints.moment(clock.now()),
            sequence=last,
            hash=entry.previous_hash,
            entries=AuditEntry.objects.filter(sequence__lte=last).count(),
            verified_to=verdict.entries,
            broken_at=verdict.broken_at,
            public_key=base64.b64encode(key.raw).decode("ascii"),
            key_id=key.key_id,
        )
        signature = signing.sign(checkpoint.signed_bytes())
    return checkpoint.signed(signature.value)


def _verify_rest() -> Verdict:
    return audit.verify(since=verified_mark(), at_most=MOST_ON_A_PAGE)


def fingerprint() -> str:
    """What tells this installation from others: 32 hex signs, derived from a key of its own.

    It stays when signing keys and root keys change; a key store that was made anew has another.
    """
    return blind.index(Zone.OVERSIGHT, "installation", "audit checkpoint")[:32]


def is_known_key(public_key: bytes) -> bool:
    """True for a key with which this installation signs or has signed."""
    return any(each.raw == public_key for each in signing.public_keys())


def hold_against(checkpoint: Checkpoint) -> Verdict:
    """Walk the whole log: does it hold, and does it contain what `checkpoint` fixed?

    Genuineness is not looked at here: see `Checkpoint.is_signed_by`.
    """
    mark = Mark(checkpoint.sequence, checkpoint.hash)
    verdict = audit.verify(mark if mark.sequence else None)
    if verdict.broken_at is not None:
        return verdict
    following = AuditEntry.objects.filter(sequence=mark.sequence + 1).first()
    if following is None:
        return Verdict(*mark, mark.sequence + 1, Flaw.CUT_OFF)
    if following.code != EXPORTED or following.facts.get("key") != checkpoint.key_id:
        return Verdict(*mark, mark.sequence + 1, Flaw.UNRECORDED)
    return verdict


def still_stands(checkpoint: Checkpoint) -> bool:
    """True when the entry that `checkpoint` fixed is there unchanged, whatever others are."""
    entry = AuditEntry.objects.filter(sequence=checkpoint.sequence).first()
    return entry is not None and audit.digest(entry) == checkpoint.hash
