"""./cairn keys: which keys there are, how old, and what hangs on them. Shows no key."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from cairn.vault import health, roots, rotation
from cairn.vault.errors import RootError
from cairn.vault.models import DestroyedKey, NamedKey, SigningKey
from cairn.vault.router import ALIAS


class Command(BaseCommand):
    help = "State of the key store: zones, versions, counts, root key, rotations under way."
    # Keys must be seen to also while something else is amiss.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        problems = health.check()
        zones = [] if any(each.code == "store.unusable" for each in problems) else rotation.zones()
        source = roots.configured()
        self.stdout.write(f"Root key: {source.where()}")
        try:
            self.stdout.write(f"  current: {source.current()}")
        except RootError:
            pass  # told below
        self.stdout.write(f"Key store: {connections[ALIAS].vendor}")
        if zones:
            self.stdout.write(
                f"{'zone':16} {'version':>7} {'state':10} {'root':16} {'data keys':>10}  made"
            )
        for each in zones:
            self.stdout.write(
                f"{each.zone:16} {each.version:7} {each.state:10} {each.root_id:16} "
                f"{each.data_keys:10,}  {each.made_at:%Y-%m-%d %H:%M}"
            )
        if not problems:
            self._counts()
        for problem in problems:
            self.stderr.write(f"{problem.code}: {problem}")
        if problems:
            raise SystemExit(1)

    def _counts(self) -> None:
        used = [each for each in rotation.zones() if each.state != "destroyed"]
        if used:
            oldest = min(used, key=lambda each: each.made_at)
            self.stdout.write(f"Oldest zone key in use: {oldest.zone}, {oldest.made_at:%Y-%m-%d}")
        self.stdout.write(
            f"Named keys: {NamedKey.objects.count()}; signing keys: {SigningKey.objects.count()}; "
            f"destroyed data keys: {DestroyedKey.objects.count():,}"
        )
        for each in rotation.running():
            what = each.zone or "root"
            self.stdout.write(
                f"Rotation of {what} is not finished: {each.done:,} of {each.total:,} since "
                f"{each.started_at:%Y-%m-%d %H:%M}. Run ./cairn keys-rotate again to go on."
            )
