"""The server is killed again and again while phones send: nothing is lost, nothing doubled.

The server is the real WSGI application in a process of its own, forked for each life, so that
dying costs nothing but the death itself: SIGKILL, in the middle of whatever it does.
"""

import json
import random
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tests.script.installations import Installation

pytestmark = pytest.mark.processes

LIVES = 40
BATCH = 20
EACH = 300  # reports of a phone
SCENE = """
    import json
    from datetime import timedelta
    from cairn.core import clock
    from cairn.identification.tests import intake_factories as factories
    from cairn.identification.tests.envelopes import Phone
    unit = factories.receiver()
    key, _ = factories.reception_key(unit)
    now, made = clock.now(), []
    for _ in range(2):
        device, private = factories.device(unit)
        phone = Phone(device.code, bytes(key.public), private)
        made.append([phone.report(now - timedelta(minutes=n)) for n in range(int(sys.argv[1]))])
    print(json.dumps(made))
"""
SERVER = """
    import os, random, signal, socket, socketserver, time
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.db import connections

    class Handler(WSGIRequestHandler):
        def log_message(self, *arguments):
            pass

    class Server(socketserver.ThreadingMixIn, WSGIServer):
        daemon_threads = True
        def server_bind(self):
            self.setup_environ()

    application = get_wsgi_application()
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    connections.close_all()

    def life():
        child = os.fork()
        if child:
            return child
        server = Server(("127.0.0.1", 0), Handler, bind_and_activate=False)
        server.socket = listening
        server.server_name, server.server_port = "127.0.0.1", listening.getsockname()[1]
        server.setup_environ()
        server.set_app(application)
        server.serve_forever()

    chance = random.Random(5)
    print(listening.getsockname()[1], flush=True)
    for _ in range(int(sys.argv[2])):
        child = life()
        time.sleep(chance.uniform(0.03, 0.22))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    child = life()
    print("killed", flush=True)
    sys.stdin.readline()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""
KEPT = """
    from cairn.core import audit
    from cairn.core.models import AuditEntry
    from cairn.identification.models import HeldEnvelope, Report
    told = [entry.facts for entry in AuditEntry.objects.filter(code="reports.received")]
    print(json.dumps({
        "digests": {str(pk): digest for pk, digest in Report.objects.values_list("pk", "digest")},
        "rows": Report.objects.count(),
        "held": HeldEnvelope.objects.count(),
        "told": sum(facts["received"] for facts in told),
        "sound": audit.verify().broken_at is None,
    }))
"""


@dataclass
class Sender:
    """A phone with its reports: sends until each was acknowledged, and then again some."""

    address: str
    items: list[dict[str, Any]]
    seed: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    cut_off: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        chance = random.Random(self.seed)  # noqa: S311 - a test
        until = time.monotonic() + 60
        while time.monotonic() < until:
            open_items = [each for each in self.items if each["id"] not in self.acknowledged]
            if not open_items and self.over.is_set():
                return
            if not open_items:
                time.sleep(0.05)
            # What is open, what was sent already, some of it twice, in any order.
            batch = chance.sample(open_items, min(len(open_items), chance.randint(1, BATCH)))
            batch += chance.choices(self.items, k=chance.randint(1, 4))
            chance.shuffle(batch)
            self.send(batch)

    def send(self, batch: list[dict[str, Any]]) -> None:
        try:
            answer = requests.post(
                f"{self.address}/field/api/envelopes", json={"v": 1, "items": batch}, timeout=10
            )
        except requests.RequestException:
            self.cut_off += 1
            return
        if answer.status_code == 429 or answer.status_code >= 500:
            time.sleep(0.2)
            return
        assert answer.status_code == 200, answer.text[:300]
        for each in answer.json()["results"]:
            assert each["outcome"] in {"received", "duplicate"}, each
            assert self.acknowledged.setdefault(each["id"], each["digest"]) == each["digest"]


def test_killed_in_the_middle_of_batches_nothing_is_lost_and_nothing_doubled(
    installation: Installation,
) -> None:
    lines = "import sys, django\ndjango.setup()\n"
    lines += "".join(textwrap.dedent(part) for part in (SCENE, SERVER, KEPT))
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", lines, str(EACH), str(LIVES)],
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        made = json.loads(server.stdout.readline())
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        senders = [Sender(address, items, seed) for seed, items in enumerate(made)]
        threads = [threading.Thread(target=each.run) for each in senders]
        for each in threads:
            each.start()
        assert server.stdout.readline().strip() == "killed"
        for sender in senders:
            sender.over.set()
        for each in threads:
            each.join()
        print(file=server.stdin, flush=True)
        kept = json.loads(server.stdout.readline())
    wanted = {each["id"] for items in made for each in items}
    told = senders[0].acknowledged | senders[1].acknowledged
    assert set(told) == wanted
    assert kept["digests"] == told
    assert (kept["rows"], kept["held"], kept["told"]) == (2 * EACH, 0, 2 * EACH)
    assert kept["sound"]
    # The deaths fell into requests, not between them.
    assert sum(each.cut_off for each in senders) > LIVES // 2
