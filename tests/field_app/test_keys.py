"""The passphrase, the emergency passphrase, drafts that die, and what is left on the phone."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.field_app.conftest import APP, App

pytestmark = pytest.mark.processes  # a browser

PHRASE = "an invented phrase"
EMERGENCY = "another invented phrase"
CANARY = "Nomen Inventum Canarium"
HALF_AN_HOUR = 30 * 60 * 1000


def call(app: App, *given: object) -> Any:
    return app.run("call", "call", list(given))


def status(app: App) -> Any:
    return call(app, "enrol", "status")["state"]


def test_a_passphrase_is_long_and_the_two_differ(app: App) -> None:
    strong = ["an invented phrase", "korb topf zug", "كلمة سر طويلة", "123456789012"]
    weak = ["", "short", "a b c", "12345678", "        x"]
    assert [call(app, "vaultkeys", "isStrong", each) for each in strong] == [True] * 4
    assert [call(app, "vaultkeys", "isStrong", each) for each in weak] == [False] * 5
    assert call(app, "vaultkeys", "setUp", "short") == "Error: weak"
    assert call(app, "vaultkeys", "setUp", PHRASE, f" {PHRASE} ") == "Error: same"
    assert status(app) == "new"
    call(app, "vaultkeys", "setUp", PHRASE)
    assert status(app) == "set-up"
    assert call(app, "vaultkeys", "setUp", "a second phrase") == "Error: set-up"


def test_wrong_passphrases_wait_longer_and_longer_also_after_a_reload(app: App) -> None:
    call(app, "vaultkeys", "setUp", PHRASE)
    call(app, "vaultkeys", "lock")
    assert not call(app, "vaultkeys", "isUnlocked")
    wrong = "an inverted phrase"
    assert [call(app, "vaultkeys", "unlock", wrong) for _ in range(5)] == ["wrong"] * 5
    # The right one is not even looked at while the phone waits, and starting anew does not help.
    assert call(app, "vaultkeys", "unlock", PHRASE) == "wait"
    app.reload()
    assert 25_000 < call(app, "vaultkeys", "waitLeft") <= 30_000
    assert call(app, "vaultkeys", "unlock", PHRASE) == "wait"
    app.run("call", "shiftClock", 31_000)
    assert call(app, "vaultkeys", "unlock", wrong) == "wrong"
    assert 55_000 < call(app, "vaultkeys", "waitLeft") <= 60_000
    # A clock that was set back by a year makes nobody wait for a year.
    app.run("call", "shiftClock", -365 * 24 * 3600 * 1000)
    assert call(app, "vaultkeys", "waitLeft") <= 60_000
    app.run("call", "shiftClock", 365 * 24 * 3600 * 1000 + 61_000)
    assert call(app, "vaultkeys", "unlock", "  an invented   phrase ") == "real"
    assert call(app, "vaultkeys", "waitLeft") == 0


def test_a_draft_is_unreadable_without_the_passphrase_and_dies_untouched(app: App) -> None:
    app.run("phone", "begin")
    call(app, "store", "saveDraft", {"step": 2, "note": CANARY})
    assert call(app, "store", "loadDraft")["note"] == CANARY
    assert CANARY not in app.run("call", "everything")
    call(app, "vaultkeys", "lock")
    assert call(app, "store", "loadDraft") == "Error: locked"
    assert call(app, "store", "saveDraft", {"step": 3}) == "Error: locked"
    app.reload()
    assert call(app, "vaultkeys", "unlock", PHRASE) == "real"
    assert call(app, "store", "loadDraft")["step"] == 2
    app.run("call", "shiftClock", HALF_AN_HOUR + 1000)
    assert call(app, "store", "loadDraft") is None
    assert call(app, "store", "draftExpiresAt") is None


def test_a_draft_dies_without_the_passphrase_too(app: App) -> None:
    app.run("phone", "begin")
    call(app, "store", "saveDraft", {"step": 2})
    call(app, "vaultkeys", "lock")
    app.reload()
    assert call(app, "store", "draftExpiresAt")
    app.run("call", "shiftClock", HALF_AN_HOUR + 1000)
    call(app, "store", "dropDeadDraft")
    assert call(app, "store", "draftExpiresAt") is None


def test_nothing_plain_of_a_report_is_left_after_sealing(app: App) -> None:
    app.run("phone", "begin")
    call(app, "store", "saveDraft", {"content": {"note": CANARY}})
    content = {"v": 1, "danger": "no", "age": "adult", "outcome": "refer", "note": CANARY}
    item = call(app, "outbox", "add", content, {"v": 1, "name": CANARY})
    assert item["state"] == "here"
    assert call(app, "store", "loadDraft") is None
    left = app.run("call", "everything")
    assert CANARY not in left
    assert "refer" not in left.replace("reference", "")
    assert item["reference"] in left
    # The control: a value that is written in clear is found by this very search.
    call(app, "store", "lossTold")
    app.on_page(lambda page: page.evaluate(f"localStorage.setItem('x', '{CANARY}')"))
    assert CANARY in app.run("call", "everything")


def test_the_files_of_the_browser_hold_nothing_plain_of_a_report(
    open_app: Callable[..., App], tmp_path: Path
) -> None:
    app = open_app(tmp_path)
    app.run("phone", "begin")
    secret, control = secrets.token_hex(24), secrets.token_hex(24)
    for _ in range(3):
        call(app, "store", "saveDraft", {"content": {"note": secret}})
        app.run("phone", "seal", [secret])
    call(app, "store", "saveDraft", {"content": {"note": secret}})
    # The control goes the way of everything that is not about a report.
    app.on_page(lambda page: page.evaluate(f"localStorage.setItem('c', '{control}')"))
    call(app, "store", "lossTold")
    app.run("phone", "keepPlain", control)
    app.on_page(lambda page: page.context.close())
    found = {text: places_of(text, tmp_path) for text in (secret, control)}
    assert found[secret] == []
    assert {"Local Storage", "IndexedDB"} <= set(found[control])


def places_of(text: str, folder: Path) -> list[str]:
    """The parts of a browser's profile in which a text stands, in either of its encodings."""
    wanted = [text.encode(), text.encode("utf-16-le")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    hit = [path for path in files if any(form in path.read_bytes() for form in wanted)]
    return [part for path in hit for part in path.relative_to(folder).parts]


def test_the_emergency_passphrase_opens_practice_and_destroys_the_keys(app: App) -> None:
    app.run("phone", "begin", {"emergency": EMERGENCY})
    app.run("phone", "seal", [CANARY])
    call(app, "store", "saveDraft", {"note": CANARY})
    call(app, "vaultkeys", "lock")
    assert call(app, "vaultkeys", "unlock", EMERGENCY) == "training"
    assert call(app, "training", "isTraining")
    assert call(app, "vaultkeys", "isUnlocked")
    # The list of practice is empty; the real item is still sealed here, and is still sent.
    assert call(app, "outbox", "list") == []
    assert app.run("phone", "sealedLeft") == 1
    app.run("phone", "answerKept")
    assert app.run("phone", "send")["received"] == 1
    left = app.run("call", "everything")
    assert '"points":[{"code":"A"}]' not in left
    call(app, "vaultkeys", "lock")
    app.reload()
    assert call(app, "vaultkeys", "unlock", PHRASE) == "wrong"
    call(app, "vaultkeys", "isSetUp")
    assert call(app, "training", "isTraining")
    assert call(app, "vaultkeys", "unlock", EMERGENCY) == "training"
    # Practice seals and "sends", and no request leaves the phone.
    app.run("phone", "forgetPosts")
    content = {"v": 1, "danger": "no", "age": "adult", "outcome": "refer"}
    call(app, "outbox", "add", content)
    call(app, "outbox", "sync")
    call(app, "outbox", "sync")
    assert call(app, "outbox", "counts")["read"] == 1
    assert app.run("phone", "posts") == []


def test_the_two_slots_look_alike_whether_or_not_there_is_an_emergency_passphrase(
    app: App,
) -> None:
    shapes = []
    for emergency in ("", EMERGENCY):
        call(app, "vaultkeys", "setUp", PHRASE, emergency)
        slots = call(app, "store", "named", "notes") and app.run("phone", "slots")
        shapes.append([{name: len(text) for name, text in slot.items()} for slot in slots])
        call(app, "vaultkeys", "startOver")
    assert shapes[0] == shapes[1]
    assert shapes[0][0] == shapes[0][1] == {"salt": 22, "iv": 16, "box": 86}


def test_practice_has_no_way_to_the_network(app: App) -> None:
    source = [(APP / name).read_text("utf-8") for name in ("training.js", "queue.js", "store.js")]
    for way in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource"):
        assert not any(way in text for text in source)
    assert "transport.js" not in source[0]
    app.run("phone", "begin")
    call(app, "training", "enter")
    device = call(app, "enrol", "device")
    assert device["device"] == "000-000"
    call(app, "training", "leave")
    assert not call(app, "training", "isTraining")
    assert call(app, "enrol", "device")["device"] == "K7Q-M4R"


def test_the_app_locks_after_a_minute_without_a_touch_and_when_it_is_hidden(app: App) -> None:
    app.on_page(lambda page: page.clock.install())
    app.on_page(lambda page: page.reload())
    call(app, "vaultkeys", "setUp", PHRASE)
    app.on_page(lambda page: page.clock.run_for(50_000))
    app.on_page(lambda page: page.mouse.click(5, 5))
    app.on_page(lambda page: page.clock.run_for(50_000))
    assert call(app, "vaultkeys", "isUnlocked")
    app.on_page(lambda page: page.clock.run_for(11_000))
    assert not call(app, "vaultkeys", "isUnlocked")
    assert call(app, "vaultkeys", "unlock", PHRASE) == "real"
    app.on_page(
        lambda page: page.evaluate(
            "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    )
    assert not call(app, "vaultkeys", "isUnlocked")


def test_a_part_that_the_browser_cleared_is_told(app: App) -> None:
    assert call(app, "store", "lostPart") == ""
    assert call(app, "store", "lostPart") == ""
    app.on_page(lambda page: page.evaluate("localStorage.clear()"))
    assert call(app, "store", "lostPart") == "settings"
    call(app, "store", "lossTold")
    assert call(app, "store", "lostPart") == ""
    app.on_page(lambda page: page.evaluate("indexedDB.deleteDatabase('notes')"))
    app.reload()
    assert call(app, "store", "lostPart") == "database"
    state = call(app, "store", "storageState")
    assert state["quota"] > state["usage"]
    assert not state["low"]
