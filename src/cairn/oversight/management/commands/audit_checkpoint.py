"""./cairn audit-checkpoint: sign the audit log as it is now, for somebody outside to keep."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.access.queries import SYSTEM
from cairn.oversight.actions.checkpoints import export_checkpoint
from cairn.vault import signing
from cairn.vault.errors import VaultError


class Command(BaseCommand):
    help = (
        "Write a signed checkpoint of the audit log. Keep it where whoever runs this "
        "installation cannot change it; docs/drills/checkpoint.md says how it is checked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", metavar="FILE", help="a new file; default: print it")
        parser.add_argument(
            "--public-key",
            metavar="FILE",
            help="also write the public key (PEM), which the outside party keeps from the start",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        targets = [Path(options[name]) for name in ("out", "public_key") if options[name]]
        for path in targets:
            if path.exists():
                raise CommandError(f"{path} is there already; nothing was written over it.")
            if not path.parent.is_dir():
                raise CommandError(f"There is no folder {path.parent}.")
        try:
            checkpoint = export_checkpoint(SYSTEM, whole=True)
            pem = next(key.pem for key in signing.public_keys() if key.is_current)
        except VaultError as problem:
            raise CommandError(f"Nothing was signed. {problem}") from None
        if options["public_key"]:
            _write(Path(options["public_key"]), pem)
        if options["out"]:
            _write(Path(options["out"]), checkpoint.as_text())
            self.stdout.write(
                f"Checkpoint of {checkpoint.entries} entries, up to {checkpoint.sequence}, signed "
                f"by key {checkpoint.key_id}: {options['out']}"
            )
        else:
            self.stdout.write(checkpoint.as_text(), ending="")
        if checkpoint.broken_at is not None:
            self.stderr.write(f"The chain is broken at entry {checkpoint.broken_at}; it says so.")


def _write(path: Path, text: str) -> None:
    """Write a new file whole or not at all."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
