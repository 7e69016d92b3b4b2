"""Marked names are planted through every door of a running Cairn; none may be found anywhere.

The search looks for a mark in many spellings, in every file of the installation, its temporary
folder, its logs, its decoded sessions, and in a dump of the database. What it can find is shown
first, so that finding nothing means something.
"""

import base64
import json
import re
import secrets
import socket
import sqlite3
import string
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from cairn_tool.server import web_command
from cairn_tool.system_parts import find_postgres
from tests.script.installations import SERVER, Installation

pytestmark = pytest.mark.processes

# --- The search ----------------------------------------------------------------------------


def spellings(token: str) -> dict[str, bytes]:
    """How a token of ASCII letters may lie in a file; base64 depends on what came before it."""
    plain = token.encode()
    found = {
        "UTF-8": plain,
        "UTF-16": token.encode("utf-16-le"),
        "UTF-16 big end first": token.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "URL": "".join(f"%{byte:02x}" for byte in plain).encode(),
    }
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + plain)
        # The first and last signs share their bits with the neighbours.
        found[f"base64 after {before}"] = encoded[(8 * before + 5) // 6 : len(plain) * 8 // 6]
    return found


@dataclass(frozen=True)
class Found:
    """A mark in a place where it must not be."""

    what: str
    spelling: str
    place: str


@dataclass
class Marks:
    """What was planted: a word nobody else uses, for each thing planted."""

    tokens: dict[str, str] = field(default_factory=dict)

    def text(self, what: str) -> str:
        """A name to plant as `what`, with letters that encodings treat differently."""
        return f"Zéphira {self.word(what)} Quöll"

    def word(self, what: str) -> str:
        if what not in self.tokens:
            self.tokens[what] = "".join(secrets.choice(string.ascii_lowercase) for _ in range(14))
        return self.tokens[what]

    def search(self, place: str, content: bytes) -> list[Found]:
        """Marks in `content`, in capitals or not; base64 only as it is."""
        folded = content.lower()
        return [
            Found(what, spelling, place)
            for what, token in self.tokens.items()
            for spelling, form in spellings(token).items()
            if (form in content if spelling.startswith("base64") else form in folded)
        ]


def search_folder(marks: Marks, folder: Path) -> list[Found]:
    """Every file, its name included; databases of SQLite also value by value."""
    found = []
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        found += marks.search(f"name of {place}", place.encode())
        if not path.is_file():
            continue
        content = path.read_bytes()
        found += marks.search(place, content)
        if content.startswith(b"SQLite format 3\0"):
            # A value may be spread over pages; here it is in one piece.
            with closing(sqlite3.connect(path)) as database:
                text = "\n".join(database.iterdump())
            found += marks.search(f"{place}, dumped", text.encode(errors="replace"))
    return found


WAYS: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "in capitals": lambda text: text.upper().encode(),
    "in UTF-16": lambda text: text.encode("utf-16"),
    "in hex": lambda text: text.encode().hex().upper().encode(),
    "in base64": lambda text: base64.b64encode(text.encode()),
    "in base64, one on": lambda text: base64.b64encode(b"x" + text.encode()),
    "in base64, two on": lambda text: base64.b64encode(b"xy" + text.encode()),
    "in JSON": lambda text: json.dumps({"name": text}).encode(),
    "in a URL": lambda text: quote(text).encode(),
    "in a URL, all of it": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_mark_is_found_however_it_is_spelt(way: str, tmp_path: Path) -> None:
    marks = Marks()
    (tmp_path / "file").write_bytes(b"\x00noise" + WAYS[way](marks.text("name")) + b"noise\xff")
    assert {found.what for found in search_folder(marks, tmp_path)} == {"name"}
    (tmp_path / "file").write_bytes(WAYS[way](Marks().text("name")))
    assert search_folder(marks, tmp_path) == []


def test_a_mark_is_found_in_a_file_name_and_in_a_log_of_sqlite(tmp_path: Path) -> None:
    marks = Marks()
    (tmp_path / f"{marks.word('file name')}.txt").touch()
    with closing(sqlite3.connect(tmp_path / "some.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (name TEXT)")
        database.execute("INSERT INTO t VALUES (?)", [marks.text("row")])
        database.commit()
        assert {found.what for found in search_folder(marks, tmp_path)} == {"file name", "row"}


# --- The scene -----------------------------------------------------------------------------

PEOPLE = """
    from django.test import Client
    from cairn.access.tests import factories as f
    shelter = f.organisation("Invented Shelter", "ngo")
    elsewhere = f.organisation("Invented Agency")
    worker = f.user_with_role("service-provider", name="canary-worker", at=shelter)
    other = f.user_with_role("service-provider", name="canary-other", at=elsewhere)
    for role in ("data-protection-officer", "administrator", "programme-officer"):
        user = f.user_with_role(role, name=f"canary-{role}", at=elsewhere)
        client = Client()
        f.sign_in(client, user)
        print(role, client.cookies["sessionid"].value)
    client = Client()
    f.sign_in(client, worker)
    print("service-provider", client.cookies["sessionid"].value)
"""
PLANTED = [
    "name",
    "safe contact",
    "note",
    "second note",
    "reason",
    "emergency",
    "emergency reading",
    "export",
]
# Real actions; what they open is printed, to show that the marks were really in there.
WORK = """
    import json
    from datetime import timedelta
    from django.utils import timezone
    from cairn.access.accounts import invitations
    from cairn.access.actions.memberships import Place
    from cairn.access.models import User
    from cairn.access.queries import actor_for
    from cairn.core.models import Organisation
    from cairn.oversight.actions import break_glass, exports
    from cairn.oversight.rules import Purpose
    from cairn.referral import actions
    from cairn.referral.rules import AgeBand

    marks = json.loads(sys.argv[1])
    today = timezone.localdate()
    shelter = Organisation.objects.get(name="Invented Shelter")

    def who(name):
        return actor_for(User.objects.get(username=name), today=today)

    worker = who("canary-worker")
    person = actions.enter_person(
        worker,
        actions.Facts(shelter, "KEN", AgeBand.ADULT, today),
        actions.SealedTexts(marks["name"], marks["safe contact"], marks["note"]),
    )
    opened = actions.open_person(worker, person.code, Purpose.ASSISTANCE, marks["reason"])
    print(opened.values["name"])
    actions.change_person(
        worker, person.code, actions.Facts(shelter, "KEN", AgeBand.ADULT, today),
        actions.SealedTexts(note=marks["second note"]),
    )
    break_glass.break_glass(who("canary-other"), "person", person.code, marks["emergency"])
    opened = actions.open_person(
        who("canary-other"), person.code, Purpose.SAFETY, marks["emergency reading"])
    print(opened.values["note"])
    asked = exports.ask_export(worker, "person", shelter.pk, ["name"], marks["export"])
    exports.decide_export(who("canary-data-protection-officer"), asked.pk, approve=True)
    print("".join(exports.take_export(worker, asked.pk)))
    _, token = invitations.invite(
        who("canary-administrator"), "programme-officer",
        Place(Organisation.objects.get(name="Invented Agency")))
    print("token", token)
"""
SESSIONS = """
    from django.contrib.sessions.models import Session
    print([session.get_decoded() for session in Session.objects.all()])
"""


@contextmanager
def serving(installation: Installation, log: Path) -> Iterator[str]:
    """The web process of an installation; gives its address, keeps what it says in `log`."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own words
            web_command("127.0.0.1", port),
            env=installation.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            until = time.monotonic() + 120
            while not _answers(address):
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.02)
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).status_code < 500
    except (requests.ConnectionError, requests.Timeout):  # not yet, or on a busy machine
        return False


@dataclass
class Visitor:
    """Somebody with a browser. `session`: of a person who is signed in, else nobody."""

    address: str
    session: str = ""
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.browser = requests.Session()
        if self.session:
            self.browser.cookies.set("sessionid", self.session)

    def get(self, path: str, **query: str) -> requests.Response:
        return self._noted(self.browser.get(f"{self.address}{path}", params=query, timeout=60))

    def post(
        self, path: str, files: dict[str, tuple[str, bytes]] | None = None, **fields: str
    ) -> requests.Response:
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        fields["csrfmiddlewaretoken"] = token[1] if token else ""
        headers = {"Referer": f"{self.address}{path}"}
        answer = self.browser.post(
            f"{self.address}{path}", data=fields, files=files, headers=headers, timeout=60
        )
        return self._noted(answer)

    def _noted(self, answer: requests.Response) -> requests.Response:
        self.seen.append(answer.status_code)
        return answer


def visit_everything(address: str, sessions: dict[str, str], marks: Marks) -> set[int]:
    """Type marks where people type names by mistake; returns the kinds of answers."""
    nobody = Visitor(address)
    page = nobody.post(
        "/sign-in/", username=marks.word("user name"), password=marks.text("pass phrase")
    )
    assert page.status_code < 500
    nobody.get("/projects/", q=marks.text("public search"))
    nobody.get(f"/invitation/{marks.word('invitation link')}/")
    nobody.get(f"/nothing/{marks.word('address not found')}/", name=marks.text("query not found"))
    nobody.browser.post(
        f"{address}/sign-in/", data={"username": marks.text("forged")}, timeout=60
    )  # refused: no token of the form
    worker = Visitor(address, sessions["service-provider"])
    assert worker.get("/persons/").status_code == 200
    worker.get("/persons/find/", code=marks.text("person search"))
    worker.get(f"/persons/{marks.word('person address')}/")
    wrong = worker.post(
        "/persons/new/",
        name=marks.text("refused form"),
        note=marks.text("refused note"),
        country="nowhere",
    )
    assert marks.word("refused form") in wrong.text, "the form gives back what was typed"
    officer = Visitor(address, sessions["programme-officer"])
    heading = officer.get("/imports/template/projects.csv").content.decode("utf-8-sig")
    heading = heading.splitlines()[0]
    row = ",".join([marks.text("cell of a file")] * len(heading.split(",")))
    bring_and_throw_away(officer, f"title,{marks.word('heading of a file')}\nx,1\n")
    bring_and_throw_away(officer, heading + "\n" + f"{row}\n" * 40)
    return {*nobody.seen, *worker.seen, *officer.seen}


def bring_and_throw_away(officer: Visitor, table: str) -> None:
    """A file with errors is read, shown with its problems, and thrown away again."""
    brought = {"file": ("projects.csv", table.encode())}
    page = officer.post("/imports/?kind=projects", brought, kind="projects")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    batch = re.search(r"/imports/[0-9a-f-]{36}/", page.url)
    assert token is not None
    assert batch is not None, page.url
    thrown = officer.browser.post(
        f"{officer.address}{batch[0]}discard/",
        data={"csrfmiddlewaretoken": token[1]},
        headers={"Referer": page.url},
        timeout=60,
    )
    assert thrown.status_code == 200


def break_down(
    address: str, installation: Installation, sessions: dict[str, str], marks: Marks
) -> int:
    """Ask while a table is away: an answer of 500, with marks in the question."""
    table = "referral_person"
    move = (
        'from django.db import connection as c; c.cursor().execute("ALTER TABLE %s RENAME TO %s")'
    )
    installation.python(move % (table, "away"))
    try:
        worker = Visitor(address, sessions["service-provider"])
        worker.get("/persons/find/", code="P-2222", name=marks.text("broken question"))
        return worker.get("/persons/", q=marks.text("broken search")).status_code
    finally:
        installation.python(move % ("away", table))


def dump(installation: Installation) -> bytes:
    """The database of a server as text, value by value."""
    binaries = find_postgres()
    assert binaries is not None
    return subprocess.run(  # noqa: S603 - our own words
        [str(binaries / "pg_dump"), "--inserts", f"--dbname={installation.url}"],
        check=True,
        capture_output=True,
    ).stdout


def test_planted_names_are_found_nowhere(running: Installation, tmp_path: Path) -> None:
    marks = Marks()
    sessions = dict(line.split() for line in running.python(PEOPLE).splitlines()[-4:])
    done = running.python(WORK, json.dumps({what: marks.text(what) for what in PLANTED}))
    assert done.count(marks.word("name")) == 2, "read once, exported once"
    assert marks.word("second note") in done
    token = done.split()[-1]
    log = tmp_path / "log"
    with serving(running, log) as address:
        answers = visit_everything(address, sessions, marks)
        answers.add(break_down(address, running, sessions, marks))
        opened = requests.get(f"{address}/invitation/{token}/", timeout=60)
        assert opened.status_code == 200
    assert {200, 404, 500} <= answers, answers
    worked = running.run("db_worker", "--batch", "--queue-name", "*")
    said = running.run("backup", "--skip-checks")
    assert said.count("verified") == 2
    found = search_folder(marks, running.home) + search_folder(marks, running.temporary)
    found += marks.search("log of the web process", log.read_bytes())
    found += marks.search("log of the worker", (worked + said).encode())
    found += marks.search("sessions", running.python(SESSIONS).encode())
    assert b"Internal Server Error" in log.read_bytes(), "the log does tell of the broken page"
    if SERVER:
        found += marks.search("dump of the database", dump(running))
    whole = b"".join(path.read_bytes() for path in running.home.rglob("*") if path.is_file())
    assert token.encode() not in whole + log.read_bytes(), "the link of an invitation is a key"
    assert [f"{each.what}: {each.place} ({each.spelling})" for each in found] == []


def test_a_name_in_a_clear_field_would_have_been_found(running: Installation) -> None:
    """The mutation: the same search, with one mark where nothing seals it."""
    marks = Marks()
    running.python(
        "from cairn.core.models import Organisation as O;"
        "O.objects.create(slug='clear', name=sys.argv[1], kind='ngo')",
        marks.text("clear"),
    )
    found = search_folder(marks, running.home)
    if SERVER:
        found += marks.search("dump of the database", dump(running))
    assert {each.what for each in found} == {"clear"}
