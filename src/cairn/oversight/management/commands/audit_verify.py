"""./cairn audit-verify: walk the audit chain and name the first entry that is broken."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.core import audit
from cairn.core.audit import Verdict
from cairn.oversight import checkpoints
from cairn.oversight.actions.checkpoints import (
    fingerprint,
    hold_against,
    is_known_key,
    still_stands,
)
from cairn.oversight.checkpoints import Checkpoint, NotACheckpoint

LINE = re.compile(r"(?:checkpoint )?([0-9]{1,18}):([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "Verify the audit chain. Exit status 1 and the first broken entry when it does not hold. "
        "With a checkpoint that was kept outside: also whether the chain still contains it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--checkpoint",
            metavar="FILE",
            help="a file that audit-checkpoint wrote, or a line SEQUENCE:HASH that this command "
            "printed, kept outside since then",
        )
        parser.add_argument(
            "--public-key",
            metavar="FILE",
            help="the key that the outside party kept when it got its first checkpoint: a PEM "
            "file, a file with its base64, or that first checkpoint itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given, kept_key = options["checkpoint"], options["public_key"]
        if kept_key and (not given or LINE.fullmatch(given)):
            raise CommandError("--public-key goes with --checkpoint FILE.")
        if not given:
            verdict = audit.verify()
        elif line := LINE.fullmatch(given):
            verdict = audit.verify((int(line[1]), line[2]))
        else:
            verdict = self._verify_file(given, kept_key)
        self._refuse_broken(verdict)
        self.stdout.write(f"{verdict.entries} entries, chain whole.")
        self.stdout.write(f"checkpoint {verdict.entries}:{verdict.last_hash}")

    def _verify_file(self, given: str, kept_key: str | None) -> Verdict:
        checkpoint = self._read(given)
        self._check_genuine(checkpoint, kept_key)
        verdict = hold_against(checkpoint)
        if verdict.broken_at is None:
            self.stdout.write(
                f"The chain contains the checkpoint of {checkpoint.made_at}: entry "
                f"{checkpoint.sequence}, and after it the entry about its making."
            )
        elif verdict.broken_at <= checkpoint.sequence and still_stands(checkpoint):
            self.stderr.write(f"Entry {checkpoint.sequence} itself is as the checkpoint has it.")
        if checkpoint.broken_at is not None:
            self.stderr.write(
                f"When the checkpoint was made, entry {checkpoint.broken_at} was broken already."
            )
        return verdict

    def _read(self, given: str) -> Checkpoint:
        path = Path(given)
        if not path.is_file():
            raise CommandError(
                f"{given!r} is not SEQUENCE:HASH as audit-verify prints it, and no file."
            )
        try:
            return checkpoints.read(_text(path))
        except (NotACheckpoint, ValueError) as problem:
            raise CommandError(f"{given} is not a checkpoint: {problem}.") from None

    def _check_genuine(self, checkpoint: Checkpoint, kept_key: str | None) -> None:
        """Refuse a checkpoint that is forged, altered, or not from here.

        With the key that was kept outside, that key alone decides: the key store of this machine
        may have been replaced together with the database.
        """
        key = checkpoint.raw_key if kept_key is None else _kept(kept_key)
        if key != checkpoint.raw_key:
            raise CommandError(
                f"The checkpoint was signed by another key ({checkpoint.key_id}) than the one "
                f"that was kept ({checkpoints.key_id(key)})."
            )
        if not checkpoint.is_signed_by(key):
            raise CommandError(
                "The signature does not fit the checkpoint: one of them was altered or forged."
            )
        if kept_key is not None:
            self.stdout.write(f"Signed by the key that was kept, {checkpoint.key_id}.")
        elif not is_known_key(key):
            raise CommandError(
                f"The checkpoint was signed by a key that this installation does not know "
                f"({checkpoint.key_id}). Either it is of another installation, or the key store "
                "here was replaced: then give the key that was kept outside with --public-key."
            )
        elif checkpoint.installation != fingerprint():
            raise CommandError("The checkpoint was made by another installation.")
        else:
            self.stdout.write(f"Signed by a key of this installation, {checkpoint.key_id}.")

    def _refuse_broken(self, verdict: Verdict) -> None:
        if verdict.broken_at is not None:
            raise CommandError(
                f"Broken at entry {verdict.broken_at}: {verdict.reason}. "
                f"{verdict.entries} entries before it hold.",
                returncode=1,
            )


def _kept(given: str) -> bytes:
    path = Path(given)
    if not path.is_file():
        raise CommandError(f"There is no file {given!r} with a public key.")
    try:
        return checkpoints.read_public_key(_text(path))
    except (NotACheckpoint, ValueError) as problem:
        raise CommandError(f"{given} holds no public key: {problem}.") from None


def _text(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.read(checkpoints.MOST_BYTES + 1)
