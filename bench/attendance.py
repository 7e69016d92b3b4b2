"""Attendance from 200 phones to one laptop, SQLite: all marks in, median under 300 ms.

The laptop is a web process as `./cairn up --lan` starts it. Each phone belongs to an account of its
own and sends marks as the page of a session does. Two loads: phones that scan a badge every ten
seconds or so, and, told apart, all phones at the same moment, as after an hour without the network.
"""

import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

PHONES = 200
MARKS = 6  # of each phone in the steady load
EVERY = 10.0  # seconds between two marks of a phone: a person shows a badge and walks on
TARGET_MS = 300.0
SEED = 4
TOKEN = "invented" * 4
PATIENCE = 60.0


@dataclass
class Load:
    """What the phones met. `took`: seconds of each answer; `outcomes`: word -> how many."""

    took: list[float] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    retried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float, receipts: Sequence[dict[str, Any]]) -> None:
        with self.lock:
            self.took.append(seconds)
            for each in receipts:
                self.outcomes[each["outcome"]] = self.outcomes.get(each["outcome"], 0) + 1

    def line(self, label: str) -> str:
        ordered = sorted(1_000 * each for each in self.took)
        late = ordered[int(0.95 * (len(ordered) - 1))]
        return (
            f"{label:34} {len(ordered):5} answers  median {statistics.median(ordered):7.0f} ms  "
            f"95 % {late:7.0f} ms  worst {ordered[-1]:7.0f} ms  again {self.retried:4}"
        )


@dataclass(frozen=True)
class Laptop:
    """What a phone has to know: where to send, who is asked for, and its own session."""

    port: int
    session: str
    codes: list[str]
    cookies: list[str]


def prepare(port: int) -> Laptop:
    """A running event with a participant and an account for each phone."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from cairn.access.tests.factories import sign_in, user_with_role
    from cairn.training.rules.states import EventState
    from cairn.training.testing import personal_codes
    from cairn.training.tests import factories

    call_command("createcachetable", verbosity=0)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    event = factories.event("B01", state=EventState.RUNNING)
    session = factories.session(event, starts_at=timezone.now(), minutes=240)
    session.marks_open_from = timezone.now()
    session.save()
    codes: list[str] = []
    cookies = []
    for number in range(PHONES):
        codes.append(personal_codes.drawn(set(codes)))
        person = factories.practitioner(f"Invented Participant {number}")
        factories.enrolment(event, person, code=codes[-1])
        user = user_with_role("trainer", name=f"invented-phone-{number}", at=event.organisation)
        factories.staffing(
            event, factories.practitioner(f"Invented Trainer {number}", user_id=user.pk)
        )
        visitor = Client()
        sign_in(visitor, user)
        cookies.append(visitor.cookies["sessionid"].value)
    return Laptop(port, str(session.pk), codes, cookies)


def body(laptop: Laptop, phone: int, number: int, chance: random.Random) -> bytes:
    """One mark of one phone."""
    now = datetime.now(UTC).isoformat()
    mark = {
        "id": str(UUID(int=chance.getrandbits(128), version=4)),
        "session": laptop.session,
        "code": laptop.codes[(phone + number) % PHONES],
        "kind": "in" if number % 2 == 0 else "out",
        "means": "qr",
        "at": now,
        "sequence": number + 1,
    }
    values = {"event": "B01", "sent_at": now, "device": f"phone-{phone}", "marks": [mark]}
    return json.dumps(values).encode()


def send(laptop: Laptop, phone: int, content: bytes, load: Load) -> None:
    """Send until it is acknowledged, as a phone does."""
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={laptop.cookies[phone]}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
    }
    began = time.perf_counter()
    while True:
        line = http.client.HTTPConnection("127.0.0.1", laptop.port, timeout=PATIENCE)
        try:
            line.request("POST", "/training/marks/", content, headers)
            answer = line.getresponse()
            told = answer.read()
            if answer.status == 200:
                load.note(time.perf_counter() - began, json.loads(told)["receipts"])
                return
            if answer.status < 500 and answer.status != 429:
                raise RuntimeError(f"{answer.status}: {told[:300]!r}")
        except OSError:
            pass
        finally:
            line.close()
        with load.lock:
            load.retried += 1
        time.sleep(0.5)


def all_phones(laptop: Laptop, marks: int, every: float) -> Load:
    """Every phone sends `marks` marks, one in `every` seconds; 0: all at the same moment."""
    load, threads = Load(), []
    start = time.perf_counter() + 1.0

    def phone(number: int) -> None:
        chance = random.Random(SEED * 1_000 + number * 10 + marks)  # noqa: S311 - a benchmark
        due = start + chance.uniform(0, every)
        for sent in range(marks):
            time.sleep(max(0.0, due - time.perf_counter()))
            send(laptop, number, body(laptop, number, sent, chance), load)
            due += chance.uniform(0.5 * every, 1.5 * every)

    for number in range(PHONES):
        threads.append(threading.Thread(target=phone, args=(number,)))
        threads[-1].start()
    for each in threads:
        each.join()
    return load


def started(port: int) -> subprocess.Popen[bytes]:
    """The web process of `./cairn up`, once it answers."""
    from cairn_tool.places import SRC
    from cairn_tool.server import answers, web_command

    environment = dict(os.environ) | {"PYTHONPATH": str(SRC), "CAIRN_DEBUG": "0"}
    command = [sys.executable, "-m", "granian", *web_command("127.0.0.1", port)[1:]]
    running = subprocess.Popen(command, env=environment)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        if answers("127.0.0.1", port):
            return running
        time.sleep(0.2)
    running.terminate()
    raise RuntimeError("The web process did not answer.")


def main(arguments: Sequence[str]) -> int:
    """`arguments`: seconds between two marks of a phone, if not EVERY."""
    every = float(arguments[0]) if arguments else EVERY
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    from bench import scene

    scene.set_up()
    from django.core.management import call_command
    from django.db import connections

    from cairn.training.models import AttendanceMark

    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    laptop = prepare(port)
    for each in connections.all():
        each.close()
    running = started(port)
    try:
        send(laptop, 0, body(laptop, 0, 0, random.Random(SEED)), Load())  # noqa: S311 - warm
        steady = all_phones(laptop, MARKS, every)
        burst = all_phones(laptop, 1, 0.0)
    finally:
        running.terminate()
        running.wait()
    kept = AttendanceMark.objects.count()
    sent = PHONES * (MARKS + 1) + 1
    print(steady.line(f"{PHONES} phones, a mark every {every:.0f} s"))
    print(burst.line(f"{PHONES} phones at the same moment"))
    print(f"{kept} of {sent} marks are in; {steady.outcomes} {burst.outcomes}")
    median = 1_000 * statistics.median(steady.took)
    print(f"Median of the steady load: {median:.0f} ms (under {TARGET_MS:.0f})")
    return 0 if kept == sent and median < TARGET_MS else 1
