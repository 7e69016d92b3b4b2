"""Items on a colleague's phone: they are carried unread, and only true receipts count."""

import json
from collections.abc import Callable

import pytest

from tests.field_app.conftest import App
from tests.field_app.test_keys import call
from tests.field_app.test_outbox import counts

pytestmark = pytest.mark.processes  # a browser


def test_items_go_by_file_and_a_signed_receipt_comes_back(open_app: Callable[..., App]) -> None:
    owner, courier = open_app(), open_app()
    for phone in (owner, courier):
        phone.run("phone", "begin")
    owner.run("phone", "useIssuer", courier.run("phone", "issuerOf"))
    owner.run("phone", "seal", ["one", "two"])
    text = owner.run("phone", "exported")
    assert [line[:9] for line in text.splitlines()] == ['{"notes":', '{"item":{', '{"item":{']

    # On the courier's phone: twice the same file is carried once, nonsense is counted.
    taken = courier.run("phone", "imported", text + 'x\n{"item":{"v":1}}\n')
    assert taken == {"items": 2, "confirmed": 0, "refused": 2}
    assert courier.run("phone", "imported", text)["items"] == 0
    assert counts(courier, carried=2)
    assert call(courier, "outbox", "list") == []
    back = courier.run("phone", "exported")
    assert back.count('"receipt"') == 0
    courier.run("phone", "answerKept")
    courier.run("phone", "send")
    assert counts(courier)
    assert {one["receipts"] for one in courier.run("phone", "posts")} >= {True}
    back = courier.run("phone", "exported")
    assert (back.count('"receipt"'), back.count('"item"')) == (1, 0)

    assert counts(owner, here=2)
    assert owner.run("phone", "imported", back) == {"items": 0, "confirmed": 2, "refused": 0}
    assert counts(owner, received=2)
    assert owner.run("phone", "sealedLeft") == 0


def test_forged_and_foreign_receipts_change_nothing(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "seal", ["one"])
    attempts = [
        {"byForger": True},
        {"device": "CCC-CCC"},
        {"digest": "0" * 64},
    ]
    for attempt in attempts:
        token = app.run("phone", "receiptsFor", attempt)
        assert app.run("phone", "imported", token)["confirmed"] == 0
        genuine = json.loads(app.run("phone", "receiptsFor", {}))["receipt"]
        head, body, signature = genuine.split(".")
        spoilt = json.dumps({"receipt": f"{head}.{body[:-3]}AAA.{signature}"})
        assert app.run("phone", "imported", spoilt)["confirmed"] == 0
    assert counts(app, here=1)
    assert app.run("phone", "imported", app.run("phone", "receiptsFor", {}))["confirmed"] == 1
    assert counts(app, received=1)


def test_frames_are_put_together_in_any_order(open_app: Callable[..., App]) -> None:
    owner, courier = open_app(), open_app()
    for phone in (owner, courier):
        phone.run("phone", "begin")
    owner.run("phone", "seal", ["one"])
    frames = owner.run("phone", "frames")
    texts = [frame["text"] for frame in frames]
    assert len(texts) > 3
    assert all(text.startswith(f"C1|{at}|{len(texts)}|") for at, text in enumerate(texts, 1))
    assert max(frame["size"] for frame in frames) <= 101
    seen = [*reversed(texts[1:]), "https://example.invalid/", texts[2]]
    part = courier.run("phone", "scanned", seen)
    assert part["progress"] == {"seen": len(texts) - 1, "of": len(texts)}
    assert (part["result"], part["seen"].count(False)) == (None, 1)
    whole = courier.run("phone", "scanned", [*seen, texts[0]])
    assert whole["result"] == {"items": 1, "confirmed": 0, "refused": 0}
    spoilt = [text[:-4] + "AAAA" for text in texts]
    assert courier.run("phone", "scanned", spoilt)["result"] is None


def test_practice_and_real_items_never_mix(open_app: Callable[..., App]) -> None:
    pupil, courier = open_app(), open_app()
    for phone in (pupil, courier):
        phone.run("phone", "begin")
    pupil.run("phone", "seal", ["one"])
    real = pupil.run("phone", "exported")
    call(pupil, "training", "enter")
    assert pupil.run("phone", "imported", real)["refused"] == 1
    content = {"v": 1, "danger": "no", "age": "adult", "outcome": "refer"}
    call(pupil, "training", "transport")
    call(pupil, "outbox", "add", content)
    practised = pupil.run("phone", "practised")
    assert courier.run("phone", "imported", practised) == {
        "items": 0, "confirmed": 0, "refused": 1,
    }  # fmt: skip


def test_a_browser_that_reads_no_codes_says_so(app: App) -> None:
    app.run("phone", "begin")
    assert call(app, "courier", "scan", None) == "Error: no-scanner"
