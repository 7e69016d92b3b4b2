"""The outbox against a server in memory: batches, refusals, answers that do not fit, receipts."""

from typing import Any

import pytest

from tests.field_app.conftest import App
from tests.field_app.test_keys import call

pytestmark = pytest.mark.processes  # a browser

NOTES = [f"note {number}" for number in range(1, 6)]
DAY = 24 * 3600 * 1000


def sent(app: App) -> list[list[int]]:
    return [one["items"] for one in app.run("phone", "posts") if one["path"] == "envelopes"]


def counts(app: App, **expected: int) -> bool:
    found = call(app, "outbox", "counts")
    nothing = {"here": 0, "received": 0, "read": 0, "held": 0, "carried": 0}
    return bool(found == nothing | expected)


def test_items_wait_without_a_line_and_are_deleted_only_once_the_server_has_them(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "seal", NOTES)
    app.run("phone", "send")
    assert counts(app, here=5)
    app.run("phone", "answerText")
    app.run("phone", "send")
    app.run("phone", "answerWrongDigest")
    app.run("phone", "send")
    assert counts(app, here=5)
    assert app.run("phone", "sealedLeft") == 5
    app.run("phone", "answerKept")
    app.run("phone", "send")
    assert counts(app, received=5)
    assert app.run("phone", "sealedLeft") == 0
    assert app.run("phone", "atServer") == [1, 2, 3, 4, 5]
    assert {one["credentials"] for one in app.run("phone", "posts")} == {"omit"}
    # Reference, time and state stay; the list says nothing else.
    first = call(app, "outbox", "list")[0]
    assert first.keys() == {
        "id", "reference", "sealed_at", "state", "received_at", "reason", "urgent",
    }  # fmt: skip


def test_a_batch_that_is_refused_goes_one_by_one_and_a_bad_item_holds_up_nobody(app: App) -> None:
    for status in (400, 413):
        app.run("phone", "begin") if status == 400 else None
        app.run("phone", "answerSingles", {"status": status, "bad": 2})
        app.run("phone", "seal", NOTES if status == 400 else [])
        app.run("phone", "send")
        assert counts(app, here=1, received=4)
    assert app.run("phone", "atServer") == [1, 3, 4, 5]
    app.run("phone", "forgetPosts")
    # It waits by itself, and later ones pass it by.
    app.run("phone", "answerKept")
    app.run("phone", "seal", ["note 6"])
    app.run("phone", "send", False)
    assert sent(app) == [[6]]
    app.run("phone", "send")
    assert counts(app, received=6)


def test_a_broken_server_is_asked_less_and_less_and_the_line_makes_it_try_at_once(
    app: App,
) -> None:
    app.run("phone", "begin")
    app.run("phone", "seal", NOTES)
    for status in (500, 429, 503):
        app.run("phone", "answerWith", {"status": status})
        app.run("phone", "send")
    tries = len(sent(app))
    app.run("phone", "send", False)
    assert len(sent(app)) == tries
    waits = [call(app, "queue", "waitAfter", failures) for failures in (1, 2, 5, 12, 400)]
    for wait, middle in zip(waits, (2000, 4000, 32_000, 3_600_000, 3_600_000), strict=True):
        assert 0.75 * middle <= wait <= 1.25 * middle
    app.run("phone", "answerKept")
    # The clock was set back by years: nothing waits for it to come round.
    app.run("call", "shiftClock", -1000 * DAY)
    app.run("phone", "send", False)
    assert counts(app, received=5)


def test_what_is_held_is_kept_and_becomes_received_when_it_was_released(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "seal", NOTES[:2])
    app.run("phone", "answerHeld")
    app.run("phone", "send")
    assert counts(app, held=2)
    assert app.run("phone", "sealedLeft") == 2
    app.run("phone", "release")
    app.run("phone", "answerKept")
    app.run("phone", "forgetPosts")
    app.run("phone", "send")
    assert sent(app) == []
    app.run("call", "shiftClock", DAY + 1000)
    app.run("phone", "send", False)
    assert counts(app, received=2)


def test_two_tabs_give_each_report_a_number_of_its_own(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "answerKept")
    found = app.run("phone", "twoTabs")
    assert found["numbers"] == [1, 2, 3, 4, 5, 6]
    assert found["counts"]["received"] == 6
    assert app.run("phone", "atServer") == [1, 2, 3, 4, 5, 6]


def test_sealing_the_same_draft_twice_gives_one_item_and_no_late_save_brings_it_back(
    app: App,
) -> None:
    app.run("phone", "begin")
    assert app.run("phone", "draftThenSeal") == {"draft": None, "items": 1, "ids": 1}


def test_a_locked_phone_seals_nothing_and_sends_what_is_sealed(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "seal", NOTES[:1])
    call(app, "vaultkeys", "lock")
    content = {"v": 1, "danger": "no", "age": "adult", "outcome": "refer"}
    assert call(app, "outbox", "add", content) == "Error: locked"
    app.run("phone", "answerKept")
    app.run("phone", "send")
    assert counts(app, received=1)


def test_a_revoked_phone_loses_its_keys_and_still_sends_what_is_sealed(app: App) -> None:
    for kind in ("revoked", "expired"):
        app.run("phone", "begin") if kind == "revoked" else reenrol(app)
        app.run("phone", "seal", NOTES[:1])
        found = app.run("phone", "contactAnswers", {"kind": kind})
        assert found["state"] == kind
        assert call(app, "enrol", "status")["state"] == kind
        assert not call(app, "vaultkeys", "isUnlocked")
        assert call(app, "packs", "directory")["points"] == []
        assert call(app, "vaultkeys", "unlock", "an invented phrase") == "real"
        content = {"v": 1, "danger": "no", "age": "adult", "outcome": "refer"}
        assert call(app, "outbox", "add", content) in {
            "Error: not-enrolled",
            "Error: locked",
        }
        app.run("phone", "answerKept")
        app.run("phone", "send")
        assert app.run("phone", "sealedLeft") == 0


def reenrol(app: App) -> None:
    call(app, "enrol", "enrol", "wxyz-wxyz-wxyz")
    assert call(app, "enrol", "status")["state"] == "ready"


def test_without_contact_until_the_last_day_the_keys_are_dropped(app: App) -> None:
    app.run("phone", "begin", {"valid_until": "2099-01-01T00:00:00Z"})
    assert call(app, "contact", "dropExpired") is False
    assert call(app, "contact", "dropExpired", 4_070_908_800_001) is True
    assert call(app, "enrol", "status")["state"] == "expired"
    assert call(app, "contact", "dropExpired", 4_070_908_800_002) is False


def test_a_contact_brings_what_is_new_and_a_wrong_clock_is_put_right(app: App) -> None:
    app.run("phone", "begin")
    found = app.run("phone", "contactAnswers", {"kind": "clock"})
    assert found["state"] == "ok"
    assert found["unit"]["name"] == "Renamed unit"
    first, second = found["sent"]
    assert second["at"] == "2026-11-22T06:00:00Z"
    assert first["nonce"] != second["nonce"]
    assert first["sig"] != second["sig"]


def test_not_safe_is_kept_until_the_unit_has_heard_it(app: App) -> None:
    app.run("phone", "begin")
    asked: dict[str, Any] = {"kind": "offline", "unsafe": True}
    found = app.run("phone", "contactAnswers", asked)
    assert (found["state"], found["waits"]) == ("offline", True)
    found = app.run("phone", "contactAnswers", {"kind": "ok"})
    assert (found["state"], found["waits"]) == ("ok", False)
    assert [one["unsafe"] for one in found["sent"]] == [True, True]


def test_an_enrolment_whose_answer_was_lost_is_repeated_with_the_same_key(app: App) -> None:
    app.run("phone", "begin")
    app.run("phone", "answerWith", {"path": "enrol", "status": 500})
    assert call(app, "enrol", "enrol", "ABCD-ABCD-ABCD") == "Error: answer"
    # The phone works on with the key that it has.
    app.run("phone", "seal", NOTES[:1])
    app.run("phone", "answerEnrol", {})
    assert call(app, "enrol", "enrol", "abcdabcdabcd")["state"] == "ready"
    app.run("phone", "answerWith", {"path": "enrol", "status": 403})
    assert call(app, "enrol", "enrol", "ABCD-ABCD-ABCF") == "Error: no"
    app.run("phone", "seal", NOTES[:1])
    offered = app.run("phone", "firstEnrolKeys")
    assert offered == {"ABCD-EFGH-JKMN": 1, "ABCD-ABCD-ABCD": 1, "ABCD-ABCD-ABCF": 1}
