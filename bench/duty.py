"""The pages of today and of referrals over a million referrals against 10,000: the same work.

Invented places refer persons to each other, with dangers, consents, plans and visits: ten places
at first, a hundred in the end, each with ten times the years behind it; as many persons are helped
at a time as before, and as large a share of all referrals waits. Rows are copies of a few that the
actions made, put in by COPY; nothing sealed is opened. A caseworker, a supervisor and a focal point
ask for their pages; the processor time is that of the web process and of the database together, and
every page asks as many queries of the large register as of the small one.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.intake import on_postgres

SIZES = (10_000, 100_000)
TARGET_CPU = 1.3
ROUNDS = 30
SMALL = "small"  # the name of the database with the small register
SERVER = (
    "shared_buffers=2GB",
    "max_wal_size=8GB",
    "max_connections=40",
    "max_parallel_workers_per_gather=0",  # so that all of a query's time is one process's
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A page and who asks for it."""

    who: str
    path: str


PAGES = (
    Asked("caseworker", "/today/"),
    Asked("supervisor", "/today/"),
    Asked("focal", "/today/"),
    Asked("caseworker", "/home/"),
    Asked("caseworker", "/referrals/"),
    Asked("caseworker", "/referrals/?page=3"),
    Asked("caseworker", "/referrals/?state=waiting"),
    Asked("caseworker", "/referrals/?state=ended&need=legal"),
    Asked("caseworker", "/referrals/?q={code}"),
    Asked("caseworker", "/referrals/?q=Invented+Town+3"),
    Asked("caseworker", "/referrals/?q=Nowhere"),
    Asked("focal", "/referrals/received/"),
    Asked("focal", "/referrals/received/?state=waiting"),
    Asked("focal", "/referrals/received/?need=safe-place"),
    Asked("focal", "/referrals/received/?q=Invented+Town+3"),
)


@dataclass
class Measured:
    """One page at one size. Milliseconds; `database`: the part of `cpu` that is the server's."""

    queries: int = 0
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return sorted(self.wall)[int(len(self.wall) * 0.95)]


def backend_ms(pid: int) -> float:
    """Processor time that the database's process for this connection used so far (Linux)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000


def keep_copy(name: str) -> None:
    """The database as it stands, under another name beside it."""
    import psycopg
    from django.db import connection, connections

    address = connection.get_connection_params()
    own = connection.settings_dict["NAME"]
    _let_go(*connections.all())
    wanted = {key: address[key] for key in ("user", "host") if address.get(key)}
    with psycopg.connect(dbname="template1", autocommit=True, **wanted) as plain:
        plain.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')


def _let_go(*connections: Any) -> None:
    """Close them, and what is kept open for the next one."""
    for each in connections:
        each.close()
        if each.vendor == "postgresql":
            each.close_pool()


@contextmanager
def over(name: str) -> Iterator[int]:
    """Django asks the database `name`; gives the id of the server's process that answers."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    _let_go(connection)
    connection.settings_dict["NAME"] = name
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        yield pid
    finally:
        _let_go(connection)
        connection.settings_dict["NAME"] = before


def measure(
    visitors: dict[str, Any], registers: dict[str, str], rounds: int
) -> list[dict[Asked, Measured]]:
    """Every page of every register several times, in turns: a busy moment falls on all of them.

    `registers`: name of the database -> the code that is searched for there.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {name: {page: Measured() for page in PAGES} for name in registers}

    def ask(page: Asked, code: str) -> None:
        answer = visitors[page.who].get(page.path.format(code=code))
        assert answer.status_code == 200, (page, answer.status_code)

    for turn in range(rounds):
        for name, code in registers.items():
            with over(name) as pid:
                for page, each in found[name].items():
                    ask(page, code)  # what a connection does once is not counted
                    if not turn:
                        with CaptureQueriesContext(connection) as captured:
                            ask(page, code)
                        each.queries = len(captured)
                    own, theirs, wall = time.process_time(), backend_ms(pid), time.perf_counter()
                    ask(page, code)
                    each.wall.append(1_000 * (time.perf_counter() - wall))
                    each.database.append(backend_ms(pid) - theirs)
                    each.cpu.append(1_000 * (time.process_time() - own) + each.database[-1])
    return list(found.values())


def explain(visitors: dict[str, Any], code: str, slowest: int) -> None:
    """The plans of the queries that take longest, for whoever mends them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    queries: list[tuple[float, Asked, str]] = []
    for page in PAGES:
        with CaptureQueriesContext(connection) as captured:
            visitors[page.who].get(page.path.format(code=code))
        queries += [(float(each["time"]), page, each["sql"]) for each in captured]
    queries.sort(key=lambda each: -each[0])
    for seconds, page, sql in queries[:slowest]:
        print(f"\n-- {1_000 * seconds:.0f} ms: {page.who} {page.path}\n{sql}")
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}".replace("%", "%%"))
                print("\n".join(line for (line,) in cursor.fetchall()))


def told(small: dict[Asked, Measured], large: dict[Asked, Measured], sizes: Sequence[int]) -> bool:
    """The table, and whether the targets are met."""
    print(
        f"\n{'page':66} {'queries':>9} {'cpu ms':>13} {'ratio':>6} {'of it db':>13} "
        f"{'median ms':>13} {'p95 ms':>13}"
    )
    total = [0.0, 0.0]
    for page in PAGES:
        one, many = small[page], large[page]
        cpu = [statistics.median(each.cpu) for each in (one, many)]
        database = [statistics.median(each.database) for each in (one, many)]
        wall = [statistics.median(each.wall) for each in (one, many)]
        total = [total[0] + cpu[0], total[1] + cpu[1]]
        print(
            f"{page.who + ' ' + page.path:66} {one.queries:4} {many.queries:4} "
            f"{cpu[0]:6.1f} {cpu[1]:6.1f} {cpu[1] / cpu[0]:6.2f} "
            f"{database[0]:6.1f} {database[1]:6.1f} {wall[0]:6.1f} {wall[1]:6.1f} "
            f"{one.p95:6.1f} {many.p95:6.1f}"
        )
    worst = max(
        statistics.median(large[page].cpu) / statistics.median(small[page].cpu) for page in PAGES
    )
    is_constant = all(small[page].queries == large[page].queries for page in PAGES)
    print(
        f"Processor time over {sizes[1]:,} against {sizes[0]:,}: {total[1] / total[0]:.2f} times "
        f"for all pages, {worst:.2f} for the worst (at most {TARGET_CPU}); queries "
        f"{'the same' if is_constant else 'NOT the same'}"
    )
    return is_constant and worst <= TARGET_CPU


def main(arguments: Sequence[str]) -> int:
    """`arguments`: the two sizes; 10,000 and 1,000,000 take some ten minutes and 6 GB of disk."""
    parser = argparse.ArgumentParser(prog="bench duty")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--explain", type=int, default=0, help="plans of so many slow queries")
    given = parser.parse_args(arguments)
    if len(given.sizes) != 2 or given.sizes[0] >= given.sizes[1]:
        parser.error("two sizes, the smaller one first")
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

    def act() -> int:
        from bench import duty_scene, scene

        scene.set_up()
        from django.db import connections

        register = duty_scene.Register.begun()
        large = str(connections["default"].settings_dict["NAME"])
        codes = [_filled(register, given.sizes[0])]
        keep_copy(SMALL)
        codes.append(_filled(register, given.sizes[1]))
        found = measure(register.visitors, {SMALL: codes[0], large: codes[1]}, given.rounds)
        fine = told(found[0], found[1], given.sizes)
        if given.explain:
            explain(register.visitors, register.code, given.explain)
        for each in connections.all():
            each.close()
        return 0 if fine else 1

    return on_postgres(act, SERVER)


def _filled(register: Any, size: int) -> str:
    """Fill the register up to `size`; a code to search for."""
    began = time.perf_counter()
    register.fill(size)
    print(f"{size:,} referrals are in after {time.perf_counter() - began:.0f} s", flush=True)
    code: str = register.code
    return code
