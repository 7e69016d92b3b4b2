"""The signed checkpoint: what an outside party keeps shows whatever was done to the log since."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from cairn.access.permissions import Permission
from cairn.access.queries import SYSTEM
from cairn.access.roles import ROLES, permissions_of
from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.core.audit import Flaw
from cairn.core.models import AuditEntry
from cairn.core.tests import tampering
from cairn.oversight import checkpoints
from cairn.oversight.actions.checkpoints import EXPORTED, export_checkpoint, hold_against
from cairn.oversight.checkpoints import Checkpoint, NotACheckpoint
from cairn.vault import signing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def five() -> list[AuditEntry]:
    return [audit.record(PUBLIC, "invented.done", number=number) for number in range(1, 6)]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A checkpoint of five entries as the outside party keeps it; the log then has six."""
    path = tmp_path / "checkpoint.json"
    call_command("audit_checkpoint", out=str(path), stdout=StringIO())
    return path


def verify(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("audit_verify", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(CommandError) as told:
        verify(*arguments)
    assert told.value.returncode == 1
    return str(told.value)


def change(path: Path, **members: Any) -> Path:
    content = json.loads(path.read_text()) | members
    path.write_text(json.dumps(content))
    return path


def test_a_checkpoint_fixes_the_last_entry_and_its_export_is_the_next(
    five: list[AuditEntry],
) -> None:
    checkpoint = export_checkpoint(SYSTEM)
    assert (checkpoint.sequence, checkpoint.hash) == (5, five[-1].hash)
    assert (checkpoint.entries, checkpoint.verified_to, checkpoint.broken_at) == (5, 5, None)
    entry = AuditEntry.objects.get(sequence=6)
    assert (entry.code, entry.actor_id) == (EXPORTED, "system")
    assert entry.facts == {"key": checkpoint.key_id}
    assert entry.previous_hash == checkpoint.hash


def test_a_checkpoint_is_signed_by_the_installation_over_every_member() -> None:
    checkpoint = export_checkpoint(SYSTEM)
    (key,) = signing.public_keys()
    assert (checkpoint.raw_key, checkpoint.key_id) == (key.raw, key.key_id)
    assert checkpoint.is_signed_by(key.raw)
    changes: dict[str, Any] = {
        "installation": "0" * 32,
        "made_at": "2020-01-01T00:00:00+00:00",
        "sequence": 4,
        "hash": "0" * 64,
        "entries": 4,
        "verified_to": 4,
        "broken_at": 3,
    }
    for name, value in changes.items():
        assert not replace(checkpoint, **{name: value}).is_signed_by(key.raw), name


def test_a_checkpoint_reads_back_as_it_was_written() -> None:
    checkpoint = export_checkpoint(SYSTEM)
    assert checkpoints.read(checkpoint.as_text()) == checkpoint


def test_only_roles_that_export_the_log_make_a_checkpoint() -> None:
    for role in ROLES:
        permissions = permissions_of(frozenset({role}))
        actor = Actor(name="invented", roles=frozenset({role}), permissions=permissions)
        before = audit.last_sequence()
        if Permission.AUDIT_EXPORT in permissions:
            assert export_checkpoint(actor).sequence == before
        else:
            with pytest.raises(PermissionDenied):
                export_checkpoint(actor)
            assert audit.last_sequence() == before, role


def test_the_command_writes_a_file_that_holds(kept: Path) -> None:
    said = verify("--checkpoint", kept)
    assert "Signed by a key of this installation" in said
    assert "entry 5, and after it the entry about its making" in said
    assert "6 entries, chain whole." in said


def test_a_log_that_has_grown_still_holds_an_old_checkpoint(kept: Path) -> None:
    audit.record(PUBLIC, "invented.done", number=7)
    export_checkpoint(SYSTEM)
    assert "8 entries, chain whole." in verify("--checkpoint", kept)


def test_nothing_is_written_over(kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(CommandError, match="there already"):
        call_command("audit_checkpoint", out=str(kept))
    assert kept.read_bytes() == before
    assert audit.last_sequence() == 6


@pytest.mark.parametrize(
    ("tamper", "broken_at", "reason"),
    [
        (lambda: tampering.alter(3), 3, "altered"),
        (lambda: tampering.remove(3), 3, "missing"),
        (lambda: tampering.reorder(3, 4), 3, "does not follow the one before"),
        (lambda: tampering.cut_off(4), 4, "cut off before the checkpoint"),
        (lambda: tampering.cut_off(5), 5, "cut off before the checkpoint"),
        (lambda: tampering.cut_off(1), 1, "cut off before the checkpoint"),
    ],
    ids=["altered", "removed", "reordered", "cut", "last cut", "emptied"],
)
def test_what_was_done_to_the_log_is_named(
    kept: Path, tamper: Callable[[], None], broken_at: int, reason: str
) -> None:
    tamper()
    assert refusal("--checkpoint", kept).startswith(f"Broken at entry {broken_at}: {reason}.")


def test_a_log_written_anew_holds_alone_and_not_against_the_checkpoint(kept: Path) -> None:
    tampering.rewrite(sequence=2)
    assert "6 entries, chain whole." in verify()
    said = refusal("--checkpoint", kept)
    assert said.startswith("Broken at entry 5: differs from the checkpoint.")


def test_a_log_cut_right_after_the_checkpoint_misses_the_entry_about_it(kept: Path) -> None:
    tampering.cut_off(6)
    assert "5 entries, chain whole." in verify()
    assert refusal("--checkpoint", kept).startswith("Broken at entry 6: cut off")


def test_another_entry_where_the_checkpoint_was_made_is_named(kept: Path) -> None:
    tampering.cut_off(6)
    audit.record(PUBLIC, "invented.done", number=6)
    said = refusal("--checkpoint", kept)
    assert said.startswith("Broken at entry 6: does not tell of the checkpoint")


def test_a_log_that_is_broken_already_is_signed_as_broken(tmp_path: Path) -> None:
    tampering.alter(3)
    checkpoint = export_checkpoint(SYSTEM, whole=True)
    assert (checkpoint.sequence, checkpoint.verified_to, checkpoint.broken_at) == (5, 2, 3)
    path = tmp_path / "kept.json"
    path.write_text(checkpoint.as_text())
    errors = StringIO()
    with pytest.raises(CommandError, match="Broken at entry 3: altered"):
        call_command("audit_verify", checkpoint=str(path), stdout=StringIO(), stderr=errors)
    assert "Entry 5 itself is as the checkpoint has it." in errors.getvalue()
    assert "entry 3 was broken already" in errors.getvalue()


@pytest.mark.parametrize(
    "forged", [{"hash": "0" * 64}, {"sequence": 4}, {"made_at": "2031-01-01T00:00:00+00:00"}]
)
def test_an_altered_checkpoint_is_refused(kept: Path, forged: dict[str, Any]) -> None:
    assert "signature does not fit" in refusal("--checkpoint", change(kept, **forged))


def test_a_forged_signature_is_refused(kept: Path) -> None:
    forged = b64encode(bytes(64)).decode()
    assert "signature does not fit" in refusal("--checkpoint", change(kept, signature=forged))


def _by_another_key(checkpoint: Checkpoint, **changes: Any) -> Checkpoint:
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    other = replace(
        checkpoint,
        public_key=b64encode(raw).decode(),
        key_id=checkpoints.key_id(raw),
        **changes,
    )
    return other.signed(private.sign(other.signed_bytes()))


def test_a_checkpoint_of_another_installation_is_refused(kept: Path) -> None:
    other = _by_another_key(checkpoints.read(kept.read_text()), installation="f" * 32)
    kept.write_text(other.as_text())
    assert "a key that this installation does not know" in refusal("--checkpoint", kept)


def test_a_known_key_does_not_make_another_installation_this_one(kept: Path) -> None:
    other = replace(checkpoints.read(kept.read_text()), installation="f" * 32)
    kept.write_text(other.signed(signing.sign(other.signed_bytes()).value).as_text())
    assert "made by another installation" in refusal("--checkpoint", kept)


@pytest.fixture
def kept_key(tmp_path: Path) -> Path:
    path = tmp_path / "public-key.pem"
    path.write_text(signing.public_keys()[0].pem)
    return path


def test_the_key_kept_outside_decides(kept: Path, kept_key: Path) -> None:
    assert "Signed by the key that was kept" in verify(
        "--checkpoint", kept, "--public-key", kept_key
    )


def test_the_key_kept_outside_finds_a_replaced_key_store(kept: Path, kept_key: Path) -> None:
    """Somebody rewrites the log, makes new keys, and hands out a checkpoint that fits both."""
    signing.renew()
    forged = export_checkpoint(SYSTEM)
    kept.write_text(forged.as_text())
    assert "Signed by a key of this installation" in verify("--checkpoint", kept)
    said = refusal("--checkpoint", kept, "--public-key", kept_key)
    assert "signed by another key" in said


def test_the_key_kept_outside_is_enough_where_the_key_store_is_another(
    kept: Path, kept_key: Path
) -> None:
    checkpoint = _by_another_key(checkpoints.read(kept.read_text()), installation="f" * 32)
    # The entry about the export names the key, so the log is held against the foreign key too.
    kept.write_text(checkpoint.as_text())
    kept_key.write_text(checkpoint.public_key)
    said = refusal("--checkpoint", kept, "--public-key", kept_key)
    assert said.startswith("Broken at entry 6: does not tell of the checkpoint")


def test_after_the_signing_key_changed_old_checkpoints_are_still_known(kept: Path) -> None:
    signing.renew()
    assert "Signed by a key of this installation" in verify("--checkpoint", kept)
    assert export_checkpoint(SYSTEM).key_id != checkpoints.read(kept.read_text()).key_id


@pytest.mark.parametrize("form", ["pem", "base64", "checkpoint"])
def test_the_public_key_is_read_in_each_form(form: str) -> None:
    checkpoint = export_checkpoint(SYSTEM)
    (key,) = signing.public_keys()
    text = {"pem": key.pem, "base64": checkpoint.public_key, "checkpoint": checkpoint.as_text()}
    assert checkpoints.read_public_key(text[form]) == key.raw


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("[]", "format"),
        ("{}", "format"),
        ('{"format": "another"}', "format"),
        ('{"format": 1, "format": 2}', "named twice"),
        ("x" * 20_000, "too long"),
    ],
)
def test_a_file_that_is_no_checkpoint_says_why(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.json"
    path.write_text(text)
    with pytest.raises(NotACheckpoint, match=why):
        checkpoints.read(text)
    assert why in refusal("--checkpoint", path)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"extra": 1}, "missing or unknown: extra"),
        ({"sequence": "5"}, "sequence is not of the right kind"),
        ({"sequence": True}, "sequence is not of the right kind"),
        ({"broken_at": "no"}, "broken_at is not of the right kind"),
        ({"public_key": "short"}, "public_key"),
        ({"key_id": "0" * 16}, "key_id does not belong"),
        ({"signature": "%%"}, "signature is not base64"),
    ],
)
def test_odd_members_are_named(kept: Path, members: dict[str, Any], why: str) -> None:
    assert why in refusal("--checkpoint", change(kept, **members))


def test_a_missing_file_or_key_is_named(kept: Path, tmp_path: Path) -> None:
    assert "no file" in refusal("--checkpoint", tmp_path / "gone.json")
    assert "no file" in refusal("--checkpoint", kept, "--public-key", tmp_path / "gone.pem")
    assert "goes with --checkpoint FILE" in refusal("--public-key", kept)


def test_an_empty_log_has_a_checkpoint_too() -> None:
    tampering.cut_off(1)
    checkpoint = export_checkpoint(SYSTEM)
    assert (checkpoint.sequence, checkpoint.hash) == (0, audit.START)
    assert hold_against(checkpoint).broken_at is None
    tampering.rewrite("invented.undone", 1)
    assert hold_against(checkpoint).flaw is Flaw.UNRECORDED
