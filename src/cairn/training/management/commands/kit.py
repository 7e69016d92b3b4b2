"""./cairn kit: what is done on a laptop that runs an event without a line."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core.errors import RuleBroken
from cairn.training.actions import kits_device, kits_wiping
from cairn.training.bundles import cards
from cairn.training.bundles.cards import Card
from cairn.training.bundles.headers import Purpose
from cairn.training.models import KitSelf

ENDING = ".cairn-bundle"


class Command(BaseCommand):
    help = "On the laptop of an event: init, import, export, status, wipe (docs/event-kit.md)."
    # Far from help, records must be able to leave the laptop whatever a check finds.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("init", help="make this machine's keys and print its card")
        verbs.add_parser("status", help="who this kit is, what it carries, what is not home yet")
        taken = verbs.add_parser("import", help="take in an event, or the receipt for a bundle")
        taken.add_argument("file", type=Path)
        taken.add_argument(
            "--from",
            dest="mark",
            default="",
            metavar="MARK",
            help="the mark on the page of the checkout; else it is shown and asked for",
        )
        packed = verbs.add_parser("export", help="write what was done here to a bundle for home")
        packed.add_argument("file", type=Path, help=f"a new file, ending in {ENDING}")
        packed.add_argument("--event", default="", help="its reference, where there are several")
        packed.add_argument(
            "--last", action="store_true", help="give the event back: no more changes here"
        )
        packed.add_argument(
            "--time",
            type=_moment,
            metavar="ISO",
            help="what a right clock says now, with its zone: 2026-03-04T12:00+05:45",
        )
        wiped = verbs.add_parser("wipe", help="destroy the keys and all records of this kit")
        wiped.add_argument(
            "--unanswered-too",
            action="store_true",
            help="even what no receipt answered: it is lost for good",
        )
        wiped.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEMO:
            raise CommandError("The demo is no kit: set CAIRN_HOME to a folder of its own.")
        verb = {
            "init": self._init,
            "status": self._status,
            "import": self._import,
            "export": self._export,
            "wipe": self._wipe,
        }[options["verb"]]
        try:
            verb(options)
        except RuleBroken as refusal:
            raise CommandError(str(refusal)) from refusal

    def _init(self, options: dict[str, Any]) -> None:
        card = kits_device.own_card()
        self.stdout.write("This machine can carry events. Enrol it at home, under Training, Kits:")
        self.stdout.write(f"\n{card.text}\n")
        self.stdout.write(f"Mark to compare and type there: {card.mark}")

    def _status(self, options: dict[str, Any]) -> None:
        card = kits_device.own_card()
        self.stdout.write(f"Card: {card.text}\nMark: {card.mark}")
        now = timezone.now()
        self.stdout.write(f"Clock: {now:%Y-%m-%d %H:%M:%S} UTC")
        carried = list(KitSelf.objects.select_related("event"))
        if not carried:
            self.stdout.write("It carries no event.")
        for each in carried:
            self._tell_of(each)

    def _tell_of(self, carried: KitSelf) -> None:
        state = "given back" if carried.last_sequence is not None else "open here"
        self.stdout.write(
            f"Event {carried.event.reference} as kit {carried.kit_code}: {state}; "
            f"{carried.sequence} bundles made, answered through {carried.answered_through}."
        )
        here = kits_device.counted(kits_device.changed(carried))
        left = kits_device.counted(kits_device.unanswered(carried))
        for kind, count in here.items():
            waiting = left.get(kind, 0)
            told = f"{waiting} without an answer" if waiting else "all answered"
            self.stdout.write(f"  {kind}: {count} made or changed here, {told}")

    def _import(self, options: dict[str, Any]) -> None:
        with _opened(options["file"]) as file:
            brought = kits_device.take_in(SYSTEM, file, self._confirming(options["mark"]))
        reference = brought.carried.event.reference
        if brought.way is Purpose.RECEIPT:
            left = len(kits_device.unanswered(brought.carried))
            self.stdout.write(f"Event {reference}: {brought.records} records are answered.")
            if left:
                self.stdout.write(f"{left} are not answered yet: export and check in once more.")
            elif brought.carried.last_sequence is not None:
                self.stdout.write("All is home. ./cairn kit wipe empties this machine.")
            return
        if not brought.is_news:
            self.stdout.write(f"Event {reference} is on this kit already; nothing was changed.")
            return
        self.stdout.write(f"Event {reference} is on this kit: {brought.records} records.")
        name = brought.carried.event.organisation.name
        self.stdout.write(
            f'Next: ./cairn invite --role training-officer --organisation "{name}"\n'
            "and: ./cairn up --no-demo --lan"
        )

    def _confirming(self, mark: str) -> Any:
        def confirm(home: Card) -> bool:
            if mark:
                return cards.tidied_mark(mark) == home.mark
            self.stdout.write(f"The sender's mark is {home.mark}.")
            said = input("Is it the one on the page of the checkout? Type yes or no: ")
            return said.strip().lower() in {"yes", "y"}

        return confirm

    def _export(self, options: dict[str, Any]) -> None:
        target: Path = options["file"]
        if not target.name.endswith(ENDING):
            raise CommandError(f"The file has to end in {ENDING}.")
        if not target.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {target.absolute().parent}.")
        packed = kits_device.pack(
            SYSTEM,
            self._chosen(options["event"]),
            target.absolute(),
            is_last=options["last"],
            true_time=options["time"],
        )
        told = ", ".join(f"{count} {kind}" for kind, count in packed.counts.items())
        self.stdout.write(f"Bundle {packed.sequence}: {told or 'nothing new'}.")
        if packed.is_last:
            self.stdout.write("The event is given back; it is not edited here any more.")

    def _chosen(self, reference: str) -> UUID:
        rows = KitSelf.objects.select_related("event")
        found = list(rows.filter(event__reference=reference) if reference else rows)
        if len(found) != 1:
            carried = ", ".join(each.event.reference for each in rows) or "none"
            raise CommandError(f"Say which event with --event. On this kit: {carried}.")
        return found[0].pk

    def _wipe(self, options: dict[str, Any]) -> None:
        kits_wiping.check(even_unanswered=options["unanswered_too"])
        if not options["yes"]:
            said = input("All keys and records of this kit are destroyed. Type wipe to go on: ")
            if said.strip().lower() != "wipe":
                raise CommandError("Nothing was changed.")
        for connection in connections.all():
            connection.close()
        gone = kits_wiping.wipe(Path(settings.HOME))
        self.stdout.write(f"This kit is empty: {gone} files were destroyed.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write it as 2026-03-04T12:00+05:45") from None
    if found.tzinfo is None:
        raise ArgumentTypeError("say the zone too, as in 2026-03-04T12:00+05:45")
    return found


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as problem:
        raise CommandError(f"{path} cannot be read: {problem.strerror}.") from None
