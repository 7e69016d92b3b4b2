"""./cairn keys-rotate: new zone keys or a new root key, while the system runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cairn.core.classification import Zone
from cairn.vault import rotation
from cairn.vault.errors import VaultError


class Command(BaseCommand):
    help = "Rotate keys: of one zone, of all zones, or the root key. Cut off, it goes on next time."
    # Keys must be seen to also while something else is amiss.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--zone", choices=Zone.values, help="a new key for this zone")
        what.add_argument("--all-zones", action="store_true", help="a new key for every zone")
        what.add_argument("--root", action="store_true", help="a new root key")
        parser.add_argument(
            "--drop-old", action="store_true", help="with --root: forget the old root keys"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["drop_old"] and not options["root"]:
            raise CommandError("--drop-old goes with --root.")
        try:
            if options["root"]:
                self._say(rotation.rotate_root(self._tell, drop_old=options["drop_old"]))
                return
            with_keys = {each.zone for each in rotation.zones()}
            for zone in [options["zone"]] if options["zone"] else sorted(with_keys):
                self._say(rotation.rotate_zone(zone, self._tell))
        except VaultError as problem:
            raise CommandError(str(problem)) from None

    def _tell(self, done: int, total: int, speed: float) -> None:
        self.stdout.write(f"{done:,} of {total:,} keys, {speed:,.0f} a second")

    def _say(self, outcome: rotation.Outcome) -> None:
        what = f"Zone {outcome.zone}" if outcome.zone else "Root key"
        self.stdout.write(f"{what}: {outcome.done:,} keys wrapped anew in {outcome.seconds:.1f} s.")
        if outcome.dropped:
            self.stdout.write(f"Gone for good: {', '.join(outcome.dropped)}.")
        if outcome.left:
            self.stdout.write(
                f"{outcome.left:,} keys were altered and could not be opened; the old zone key "
                "stays for them. Put them back from a copy of the key store and run this again."
            )
