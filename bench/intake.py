"""Sealed reports in through HTTP, PostgreSQL, two workers: 2,000 a second, memory and queue flat.

Phones' reports are made before they are sent and only the sending is timed; a few sealed contents
serve for all of them, since the server cannot read them anyway, but each has its own id, number
and signature. The same rows go into a table of the same shape by executemany in the same run. The
database waits for its disk at each commit, as on a server.
"""

import argparse
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

ROUND = 20_000  # reports that are made, then sent, then timed
BATCH = 200
SINGLE = 1_500
DEVICES = 100
SENDERS = 4
CONTENTS = 64
SEED = 5
TARGET = 2_000.0
TARGET_SHARE = 0.1  # of executemany
TARGET_CPU = 1.3
TARGET_GROWTH = 1.15  # of a worker's memory between the first round and the last
FIRST_QUEUE = 10_000
PAGE_ROUNDS = 15
PATIENCE = 60.0
PATH = "/field/api/envelopes"
DURABLE = ("shared_buffers=512MB", "max_wal_size=4GB", "max_connections=40")


@dataclass
class Fleet:
    """Enrolled phones, and sealed contents to send. `turn`: which phone is next."""

    phones: list[Any]
    sealed: list[tuple[bytes, bytes]]
    key: str
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311

    def reports(self, count: int) -> Iterator[dict[str, Any]]:
        """The next reports, signed one by one."""
        from datetime import UTC, datetime
        from uuid import UUID

        from cairn.identification.envelopes.format import Envelope

        now = datetime.now(UTC).replace(microsecond=0)
        turns = cycle(self.phones)
        for number in range(count):
            phone = next(turns)
            phone.sequence += 1
            content, identity = self.sealed[number % len(self.sealed)]
            envelope = Envelope(
                id=str(UUID(int=self.chance.getrandbits(128), version=4)),
                device=phone.code,
                sequence=phone.sequence,
                key=self.key,
                made_at=now,
                edition="2026-1",
                is_urgent=number % 50 == 0,
                content=content,
                identity=identity,
            )
            signed = replace(envelope, signature=phone.sign(envelope.signed_text()))
            yield signed.as_mapping()

    def batches(self, count: int, size: int) -> list[bytes]:
        """Bodies of requests with `count` new reports in them."""
        made = list(self.reports(count))
        return [
            json.dumps({"v": 1, "items": made[start : start + size]}).encode()
            for start in range(0, count, size)
        ]


def prepare() -> tuple[Fleet, Any]:
    """A receiving unit with its key and phones, and an officer who sees its queue."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from cairn.access.tests.factories import sign_in, user_with_role
    from cairn.identification.envelopes import hpke
    from cairn.identification.envelopes.content import padded
    from cairn.identification.tests import intake_factories as factories
    from cairn.identification.tests.envelopes import CONTENT, Phone

    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    unit = factories.receiver()
    key, _ = factories.reception_key(unit)
    public = bytes(key.public)
    phones = []
    for _ in range(DEVICES):
        device, private = factories.device(unit)
        phones.append(Phone(device.code, public, private))
    sealed = []
    for number in range(CONTENTS):
        content = hpke.seal(public, padded(CONTENT | {"note": "x" * (7 * number)}), b"bench")
        identity = hpke.seal(public, padded({"v": 1, "name": "Invented"}), b"bench")
        sealed.append((content, identity if number % 3 == 0 else b""))
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    visitor = Client()
    user = user_with_role("identification-authority", name="bench", at=unit.organisation)
    sign_in(visitor, user)
    return Fleet(phones, sealed, key.pk), visitor


# --- Sending -----------------------------------------------------------------------------------


def send_all(port: int, bodies: Sequence[bytes]) -> tuple[float, list[float]]:
    """Send every body once, by SENDERS lines that stay open; (seconds, seconds of each answer).

    Each line has an address of its own, as the limits count by address. Raises RuntimeError for
    any answer but that all was received.
    """
    waiting, lock = list(reversed(bodies)), threading.Lock()
    took: list[float] = []
    troubles: list[str] = []

    def send(number: int) -> None:
        turn = 0
        line: http.client.HTTPConnection | None = None
        while True:
            with lock:
                if not waiting or troubles:
                    break
                body = waiting.pop()
            if turn % 400 == 0:  # another address, before a minute's share of this one is used
                if line:
                    line.close()
                place = f"127.{number + 1}.{(turn // 400) % 250}.{random.randint(1, 250)}"  # noqa: S311
                line = http.client.HTTPConnection(
                    "127.0.0.1", port, timeout=PATIENCE, source_address=(place, 0)
                )
            turn += 1
            assert line is not None
            began = time.perf_counter()
            line.request("POST", PATH, body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            told = answer.read()
            seconds = time.perf_counter() - began
            with lock:
                took.append(seconds)
                if answer.status != 200 or told.count(b'"received"') != told.count(b'"digest"'):
                    troubles.append(f"{answer.status}: {told[:300]!r}")
        if line:
            line.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(SENDERS)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if troubles:
        raise RuntimeError(troubles[0])
    return time.perf_counter() - began, took


@contextmanager
def serving(port: int) -> Iterator[int]:
    """The web process with two workers; gives its process id."""
    from cairn_tool.places import SRC
    from cairn_tool.server import answers, web_command

    command = web_command("127.0.0.1", port)
    command[command.index("--workers") + 1] = "2"
    environment = dict(os.environ) | {"PYTHONPATH": str(SRC), "CAIRN_DEBUG": "0"}
    running = subprocess.Popen([sys.executable, "-m", "granian", *command[1:]], env=environment)
    try:
        until = time.monotonic() + PATIENCE
        while not answers("127.0.0.1", port):
            if time.monotonic() > until or running.poll() is not None:
                raise RuntimeError("The web process did not answer.")
            time.sleep(0.2)
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def worker_seconds(parent: int) -> float:
    """Processor time that the workers used so far (Linux)."""
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def worker_mib(parent: int) -> float:
    """Memory of the larger worker, resident now, in MiB (Linux)."""
    sizes = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"\nPPid:\t{parent}\n" in text and "VmRSS:" in text:
            sizes.append(int(text.partition("VmRSS:")[2].split()[0]) / 1024)
    return max(sizes)


# --- The baseline and the queue ----------------------------------------------------------------


def executemany(count: int) -> float:
    """Rows a second of the same bytes into a table of the same shape, in one transaction."""
    import psycopg
    from django.db import connection

    from cairn.identification.models import Report

    table = Report._meta.db_table
    columns = [str(each.column) for each in Report._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_rows (LIKE {table} INCLUDING ALL)")
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT {count}")  # noqa: S608
        rows = cursor.fetchall()
    marks = ", ".join(["%s"] * len(columns))
    address = connection.get_connection_params()
    wanted = {name: address[name] for name in ("dbname", "user", "host") if address.get(name)}
    with psycopg.connect(**wanted) as plain:
        began = time.perf_counter()
        with plain.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO bench_rows ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                rows,
            )
        plain.commit()
        return len(rows) / (time.perf_counter() - began)


@dataclass(frozen=True)
class Page:
    """The page of the queue: processor milliseconds (median), queries, rows behind it."""

    ms: float
    queries: int
    rows: int


def queue_page(visitor: Any) -> Page:
    """Ask for the first page of the queue several times."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cairn.identification.models import Report

    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Report._meta.db_table}")

    def ask() -> float:
        began = time.process_time()
        answer = visitor.get("/reports/")
        took = (time.process_time() - began) * 1_000
        assert answer.status_code == 200, answer.status_code
        return took

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)  # the next request empties the log
    took = statistics.median(ask() for _ in range(PAGE_ROUNDS))
    return Page(took, queries, Report.objects.count())


# --- The run -----------------------------------------------------------------------------------


def measure(fleet: Fleet, visitor: Any, port: int, pid: int, rows: int) -> int:
    """Everything, once the server answers. Returns an exit code."""
    send_all(port, fleet.batches(2_000, BATCH))  # warm
    singles = fleet.batches(SINGLE, 1)
    single_s, single_each = send_all(port, singles)
    rates: list[float] = []
    processor_s = worker_seconds(pid)
    first_mib = last_mib = 0.0
    small: Page | None = None
    sent = 2_000 + SINGLE
    while sent < rows:
        count = min(ROUND if small else FIRST_QUEUE - sent, max(BATCH, rows - sent))
        seconds, _ = send_all(port, fleet.batches(count, BATCH))
        sent += count
        rates.append(count / seconds)
        last_mib = worker_mib(pid)
        first_mib = first_mib or last_mib
        if small is None:
            small = queue_page(visitor)
    processor_ms = 1_000 * (worker_seconds(pid) - processor_s) / (sent - 2_000 - SINGLE)
    plain = executemany(min(ROUND, rows))
    assert small is not None
    large = queue_page(visitor)
    batch_rate = statistics.median(rates)
    single_ms = 1_000 * statistics.median(single_each)
    print(f"{sent:,} reports are in; {large.rows:,} rows in the table")
    print(
        f"Batches of {BATCH}            {batch_rate:8.0f} a second, median of {len(rates)} rounds "
        f"(slowest {min(rates):.0f}, last {rates[-1]:.0f}; at least {TARGET:.0f})"
    )
    print(f"Processor time of workers {processor_ms:8.2f} ms a report")
    print(f"One report a request      {SINGLE / single_s:8.0f} a second, median {single_ms:.1f} ms")
    print(
        f"executemany, same bytes   {plain:8.0f} a second; batches reach {batch_rate / plain:.2f} "
        f"of it (at least {TARGET_SHARE})"
    )
    print(
        f"Memory of a worker        {first_mib:8.0f} MiB after the first round, {last_mib:.0f} "
        f"after the last ({last_mib / first_mib:.2f} times, at most {TARGET_GROWTH})"
    )
    ratio = large.ms / small.ms
    print(
        f"Page of the queue         {small.ms:8.1f} ms processor time over {small.rows:,}, "
        f"{large.ms:.1f} over {large.rows:,} ({ratio:.2f} times, at most {TARGET_CPU}); "
        f"{small.queries} and {large.queries} queries"
    )
    fine = (
        large.rows == sent
        and batch_rate >= TARGET
        and batch_rate >= TARGET_SHARE * plain
        and last_mib <= TARGET_GROWTH * first_mib
        and ratio <= TARGET_CPU
        and small.queries == large.queries
    )
    return 0 if fine else 1


def on_postgres(act: Callable[[], int], options: Sequence[str] = DURABLE) -> int:
    """Run `act` with CAIRN_DATABASE_URL of a database that waits for its disk."""
    from cairn_tool import system_parts

    binaries = system_parts.obtain("postgres")
    if binaries is None:
        print(f"PostgreSQL is not here; {system_parts.remedy('postgres')}.", file=sys.stderr)
        return 2
    system_parts.THROW_AWAY = tuple(options)  # type: ignore[assignment]
    with system_parts.throw_away_cluster(binaries) as address:
        os.environ["CAIRN_DATABASE_URL"] = address
        return act()


def main(arguments: Sequence[str]) -> int:
    """`arguments`: how many reports (60,000 if not said; 1,000,000 takes a quarter of an hour)."""
    parser = argparse.ArgumentParser(prog="bench intake")
    parser.add_argument("rows", nargs="?", type=int, default=60_000)
    rows = max(FIRST_QUEUE + ROUND, parser.parse_args(arguments).rows)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

    def act() -> int:
        from bench import scene

        scene.set_up()
        from django.db import connections

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        fleet, visitor = prepare()
        with serving(port) as pid:
            outcome = measure(fleet, visitor, port, pid, rows)
        for each in connections.all():
            each.close()
        return outcome

    return on_postgres(act)
