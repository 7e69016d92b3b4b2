"""Two installations and a memory stick: an event goes to a kit, is run there, and comes home.

Home keeps its records on the database of the run; the kit always on SQLite in its own folder.
"""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.script.installations import Installation, new_installation

pytestmark = pytest.mark.processes

MADE = """
    from cairn.training.tests import factories
    from cairn.training.tests.kits_scene import REASON
    from cairn.access.queries import SYSTEM
    event = factories.event("K01")
    session = factories.session(event)
    for number in range(int(sys.argv[1])):
        person = factories.practitioner(f"Invented Kit Person {number}")
        factories.enrolment(event, person)
"""
CHECKED_OUT = """
    import json, pathlib
    from cairn.access.queries import SYSTEM
    from cairn.training.actions import kits, kits_keys
    from cairn.training.tests import factories
    from cairn.training.tests.kits_scene import REASON
    card, mark, target = sys.argv[1:]
    kit = kits.enrol_kit(SYSTEM, factories.agency(), "Laptop of the test", card, mark)
    out = kits.check_out(SYSTEM, kit.code, "K01", with_names=True, reason=REASON)
    pathlib.Path(target).write_bytes(out.content)
    home = kits_keys.card(kits_keys.home_identity(out.checkout.pk))
    print(json.dumps({"checkout": str(out.checkout.pk), "mark": home.mark, "kit": kit.code}))
"""
RUN_ON_KIT = """
    from uuid import uuid4
    from django.utils import timezone
    from cairn.training.models import *
    from cairn.training.tests import factories
    event = TrainingEvent.objects.get(reference="K01")
    session = event.sessions.get()
    session.room = "Tent 2"
    session.save()
    walk_in = factories.practitioner("Invented Walk-in Person", organisation=event.organisation)
    factories.enrolment(event, walk_in)
    for enrolment in event.enrolments.all():
        for sequence in range(1, int(sys.argv[1]) + 1):
            AttendanceMark.objects.create(
                event=event, session=session, enrolment=enrolment, kind="in", means="code",
                at=timezone.now(), offset_seconds=0, device="phone", sequence=sequence,
                received_at=timezone.now(),
            )
"""
CHECKED_IN = """
    import json, pathlib
    from uuid import UUID
    from cairn.access.queries import SYSTEM
    from cairn.training.actions import kits_check_in
    checkout, bundle, receipt = sys.argv[1:]
    with open(bundle, "rb") as file:
        done = kits_check_in.check_in(SYSTEM, UUID(checkout), file)
    pathlib.Path(receipt).write_bytes(kits_check_in.receipt(SYSTEM, done.pk)[0])
    print(json.dumps([done.accepted, done.repeated, done.refused, done.parked, done.records]))
"""
# Killed while the given record is being made, inside the transaction of its step.
AT_RECORD = """
    import os, signal
    from cairn.training.actions import kits_check_in, kits_store
    place, made = int(sys.argv.pop(1)), kits_store.Tables._make
    kits_check_in.STEP = 20
    seen = []
    def make(*arguments):
        made(*arguments)
        seen.append(1)
        if len(seen) == place:
            os.kill(os.getpid(), signal.SIGKILL)
    kits_store.Tables._make = make
"""
# Killed before the file is written, when half of it is, or before it is in its place.
AT_MOMENT = """
    import os, pathlib, signal
    from cairn.training.actions import kits_device
    from cairn.training.bundles import container
    moment = sys.argv.pop(1)
    def die(*arguments, **options):
        os.kill(os.getpid(), signal.SIGKILL)
    if moment == "write":
        container.write = die
    if moment == "fsync":
        os.fsync = die
    if moment == "replace":
        pathlib.Path.replace = die
"""
EXPORTED = """
    from cairn.access.queries import SYSTEM
    from cairn.training.models import KitSelf
    target = pathlib.Path(sys.argv[1])
    kits_device.pack(SYSTEM, KitSelf.objects.get().pk, target, is_last=False)
"""
WHAT_IS_HERE = """
    import json
    from cairn.training.models import *
    print(json.dumps({
        "marks": AttendanceMark.objects.count(),
        "people": Practitioner.objects.count(),
        "room": TrainingSession.objects.get().room,
        "out": KitCheckout.objects.filter(state="out").count(),
    }))
"""
NAMES = """
    from cairn.access.queries import SYSTEM
    from cairn.oversight.actions import readings
    from cairn.oversight.rules import Purpose
    from cairn.training.models import Practitioner
    people = list(Practitioner.objects.all())
    reason = "The test compares the names that travelled."
    for each in readings.read(SYSTEM, people, ["name"], Purpose.TRAINING, reason):
        print(each.values["name"])
"""


class Pair:
    """Home, a kit, and the stick between them."""

    def __init__(self, home: Installation, kit: Installation, stick: Path) -> None:
        self.home, self.kit, self.stick = home, kit, stick
        self.checkout: dict[str, Any] = {}

    def taken_along(self, persons: int = 3) -> None:
        """The event is checked out at home and taken in on the kit."""
        self.home.python(MADE, str(persons))
        said = self.kit.run("kit", "init")
        card = next(line for line in said.splitlines() if line.startswith("cairn-card"))
        mark = said.rsplit(": ", 1)[1].strip()
        out = self.stick / "out.cairn-bundle"
        self.checkout = json.loads(self.home.python(CHECKED_OUT, card, mark, str(out)))
        self.kit.run("kit", "import", str(out), "--from", self.checkout["mark"])

    def exported(self, name: str, *options: str) -> Path:
        path = self.stick / name
        self.kit.run("kit", "export", str(path), *options)
        return path

    def checked_in(self, bundle: Path) -> list[int]:
        receipt = self.stick / f"receipt-{bundle.name}"
        said = self.home.python(CHECKED_IN, self.checkout["checkout"], str(bundle), str(receipt))
        counts: list[int] = json.loads(said)
        return counts

    def at_home(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.home.python(WHAT_IS_HERE))
        return found


@pytest.fixture
def pair(installation: Installation, tmp_path: Path) -> Pair:
    # Its keys are its own: they are made when first asked for.
    kit = new_installation(tmp_path / "kit", on_server=False)
    stick = tmp_path / "stick"
    stick.mkdir()
    return Pair(installation, kit, stick)


def test_an_event_is_run_on_a_kit_and_every_record_comes_home_once(pair: Pair) -> None:
    pair.taken_along()
    again = pair.kit.run("kit", "import", str(pair.stick / "out.cairn-bundle"))
    assert "already" in again
    pair.kit.python(RUN_ON_KIT, "2")
    assert pair.checked_in(pair.exported("day-1.cairn-bundle")) == [11, 0, 0, 0, 11]
    assert pair.at_home() == {"marks": 8, "people": 4, "room": "Tent 2", "out": 1}
    assert "Invented Walk-in Person" in pair.home.python(NAMES).splitlines()
    pair.kit.run("kit", "wipe", "--yes", code=1)
    last = pair.exported("last.cairn-bundle", "--last")
    assert pair.checked_in(last) == [0, 11, 0, 0, 11]
    assert pair.at_home()["out"] == 0
    said = pair.kit.run("kit", "import", str(pair.stick / "receipt-last.cairn-bundle"))
    assert "All is home" in said
    assert "without an answer" not in pair.kit.run("kit", "status")
    pair.kit.run("kit", "wipe", "--yes")
    left = {path.name for path in pair.kit.home.rglob("*") if path.is_file()}
    assert not left & {"root-keys", "keys.sqlite3", "cairn.sqlite3", "secret-key"}


def test_a_kit_refuses_what_is_not_from_the_home_whose_mark_was_compared(pair: Pair) -> None:
    pair.home.python(MADE, "1")
    said = pair.kit.run("kit", "init")
    card = next(line for line in said.splitlines() if line.startswith("cairn-card"))
    out = pair.stick / "out.cairn-bundle"
    pair.home.python(CHECKED_OUT, card, said.rsplit(": ", 1)[1].strip(), str(out))
    wrong = said.rsplit(": ", 1)[1].strip()  # the kit's own mark is not its home's
    assert "not confirmed" in pair.kit.run("kit", "import", str(out), "--from", wrong, code=1)
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(bytes(content))
    assert "changed after" in pair.kit.run("kit", "import", str(out), code=1)


def test_killed_at_any_moment_of_export_and_check_in_it_goes_on_and_doubles_nothing(
    pair: Pair,
) -> None:
    pair.taken_along(persons=5)
    pair.kit.python(RUN_ON_KIT, "10")
    target = pair.stick / "cut.cairn-bundle"
    for moment in ("write", "fsync", "replace"):
        _killed(pair.kit, AT_MOMENT + EXPORTED, moment, str(target), "")
        assert not target.exists()
    bundle = pair.exported(target.name, "--last")
    checkout = pair.checkout["checkout"]
    for place in (1, 30, 20):
        _killed(pair.home, AT_RECORD + CHECKED_IN, str(place), checkout, str(bundle))
    assert 0 < pair.at_home()["marks"] < 60
    assert pair.checked_in(bundle) == [63, 0, 0, 0, 63]
    assert pair.at_home() == {"marks": 60, "people": 6, "room": "Tent 2", "out": 0}


def _killed(installation: Installation, script: str, *arguments: str) -> None:
    """Run a script that kills itself, without a chance to tidy up."""
    ended = installation.ended_python(script, *arguments, os.devnull)
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr
