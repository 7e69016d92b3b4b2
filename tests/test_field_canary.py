"""Marked words go sealed through the real intake of phones; they are found nowhere on the server.

Nor are those that somebody sends in clear by mistake, nor a wrong passphrase. That they were in
there is shown by opening one report with its key; that the search finds what lies in clear, by
putting one there.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from cairn.identification.envelopes.format import code_of
from cairn.identification.tests.envelopes import CONTENT, Phone
from tests.script.installations import SERVER, Installation
from tests.test_canary import Found, Marks, Visitor, dump, search_folder, serving

pytestmark = pytest.mark.processes

PASSPHRASE = "invented words to read with"
SCENE = """
    import json
    from django.test import Client
    from cairn.access.tests.factories import sign_in, user_with_role
    from cairn.identification.actions.unit_keys import make_key
    from cairn.identification.tests import intake_factories as factories
    from cairn.identification.tests.factories import actor_of
    unit = factories.receiver()
    member = user_with_role("identification-authority", name="canary-member", at=unit.organisation)
    key, _ = make_key(actor_of(member), unit, sys.argv[1])
    device, private = factories.device(unit)
    client = Client()
    sign_in(client, member)
    print(json.dumps({
        "unit": bytes(key.public).hex(),
        "device": device.code,
        "private": private.private_numbers().private_value,
        "session": client.cookies["sessionid"].value,
    }))
"""
TYPED = """
    import json
    from cairn.access.tests.factories import user_with_role
    from cairn.core import clock
    from cairn.identification.actions.intake import seal_and_receive
    from cairn.identification.models import ReceivingUnit
    from cairn.identification.tests.factories import actor_of
    unit = ReceivingUnit.objects.get()
    partner = user_with_role("intake-partner", name="canary-partner", at=unit.organisation)
    content, identity = json.loads(sys.argv[1])
    done = seal_and_receive(
        actor_of(partner), unit, content, identity, "web", "social", clock.now())
    print(done.outcome)
"""
IN_CLEAR = """
    from cairn.identification.models import Report
    Report.objects.filter(pk=sys.argv[1]).update(payload=sys.argv[2].encode())
"""


def contents(marks: Marks, what: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A content and an identity with marks in every text."""
    identity = {
        "v": 1,
        "name": marks.text(f"{what}: name"),
        "phone": marks.word(f"{what}: phone"),
        "note": marks.text(f"{what}: safe place"),
    }
    return CONTENT | {"note": marks.text(f"{what}: note")}, identity


def searched(marks: Marks, installation: Installation, log: Path) -> list[Found]:
    """What is found in the home (database, its log, keys, caches), temporary files and the log."""
    found = search_folder(marks, installation.home) + search_folder(marks, installation.temporary)
    found += marks.search("log of the web process", log.read_bytes())
    if SERVER:
        found += marks.search("dump of the database", dump(installation))
    return found


def test_what_phones_seal_is_found_nowhere_on_the_server(
    running: Installation, tmp_path: Path
) -> None:
    marks, log = Marks(), tmp_path / "log"
    scene = json.loads(running.python(SCENE, PASSPHRASE).splitlines()[-1])
    private = ec.derive_private_key(scene["private"], ec.SECP256R1())
    phone = Phone(scene["device"], bytes.fromhex(scene["unit"]), private)
    now = datetime.now(UTC)
    sealed = [
        phone.report(now, content=content, identity=identity)
        for content, identity in (contents(marks, what) for what in ("first", "second"))
    ]
    mistakes = [
        {"v": 1, "items": {"name": marks.text("sent in clear")}},
        {"v": 1, "items": [{"v": 1, "note": marks.text("an item in clear")}]},
        {"v": 1, "items": [sealed[1] | {"device": marks.word("name of a phone")}]},
        {"v": 1, "items": [sealed[1] | {"list": marks.word("list")[:9]}]},
    ]
    with serving(running, log) as address:
        api = f"{address}/field/api/envelopes"
        answer = requests.post(api, json={"v": 1, "items": sealed, "receipts": True}, timeout=60)
        assert [each["outcome"] for each in answer.json()["results"]] == ["received"] * 2
        for mistake in mistakes:
            told = requests.post(api, json=mistake, timeout=60)
            assert [each["outcome"] for each in told.json()["results"]] == ["held"]
        cut = json.dumps({"name": marks.text("cut off")}).encode()[:-1]
        told = requests.post(
            api, data=cut, headers={"Content-Type": "application/json"}, timeout=60
        )
        assert [each["outcome"] for each in told.json()["results"]] == ["held"]
        member = Visitor(address, scene["session"])
        page = f"/reports/{code_of(sealed[0]['id'])}/"
        asked = {"purpose": "identification", "reason": "An invented reason, long enough."}
        refused = member.post(
            f"{page}open/", None, passphrase=marks.text("wrong passphrase"), **asked
        )
        assert refused.status_code == 409, refused.status_code
        assert marks.word("first: note") not in refused.text
        stranger = requests.post(f"{address}{page}open/", data=asked, timeout=60)
        assert marks.word("first: note") not in stranger.text
        assert running.python(TYPED, json.dumps(contents(marks, "typed"))) == "received"
        before = searched(marks, running, log)
        opened = member.post(f"{page}open/", None, passphrase=PASSPHRASE, **asked)
        assert marks.word("first: note") in opened.text, "it was in there"
        assert marks.word("first: name") not in opened.text
    found = before + searched(marks, running, log)
    assert [f"{each.what}: {each.place} ({each.spelling})" for each in found] == []
    running.python(IN_CLEAR, sealed[1]["id"], json.dumps(contents(marks, "second")[0]))
    assert {each.what for each in searched(marks, running, log)} == {"second: note"}
