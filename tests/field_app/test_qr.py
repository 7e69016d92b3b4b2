"""The app's own QR codes are the standard's: the same pictures as another encoder draws."""

from typing import Any

import pytest
import segno
from segno import encoder

from tests.field_app.conftest import App

pytestmark = pytest.mark.processes  # a browser

# Bytes that versions 1 to 25 hold at level M in byte mode (ISO/IEC 18004:2015, table 7).
ROOM = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624]
ROOM += [666, 711, 779, 857, 911, 997]


@pytest.fixture(autouse=True)
def _padding_of_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segno fills up a whole byte where the standard (7.4.10) asks for nothing; readers skip it."""

    def fill(buffer: Any, _version: int, length: int) -> None:
        buffer.extend([0] * (-length % 8))

    monkeypatch.setattr(encoder, "write_padding_bits", fill)


def rows_of(code: segno.QRCode) -> list[str]:
    return ["".join(str(int(module)) for module in row) for row in code.matrix]


def text_of(length: int) -> str:
    return ("c1|7|25|0f9a3b1c|Zm9v_-" * 50)[:length]


def test_every_version_and_mask_is_drawn_as_another_encoder_draws_it(app: App) -> None:
    wanted = [
        {"text": text_of(room), "mask": version % 8} for version, room in enumerate(ROOM, start=1)
    ]
    wanted += [{"text": text_of(490), "mask": mask} for mask in range(8)]
    for asked, drawn in zip(wanted, app.run("qr", "drawn", wanted), strict=True):
        expected = segno.make_qr(
            str(asked["text"]),
            error="m",
            version=drawn["version"],
            mask=int(str(asked["mask"])),
            mode="byte",
            boost_error=False,
        )
        assert drawn["rows"] == rows_of(expected), drawn["version"]


def test_the_smallest_version_is_taken_and_too_much_is_refused(app: App) -> None:
    edges = [{"text": text_of(length), "mask": 0} for room in ROOM for length in (room, room + 1)]
    drawn = app.run("qr", "drawn", edges[:-1])
    assert [each["version"] for each in drawn] == [
        version + more for version in range(1, 26) for more in (0, 1)
    ][:-1]
    assert app.run("qr", "refusal", text_of(ROOM[-1] + 1)) == "too-large"


def test_with_a_mask_of_its_own_choice_it_still_is_the_same_picture(app: App) -> None:
    texts = [text_of(length) for length in (10, 80, 240, 590)]
    drawn = app.run("qr", "drawn", [{"text": text, "mask": None} for text in texts])
    for text, ours in zip(texts, drawn, strict=True):
        theirs = segno.make_qr(
            text,
            error="m",
            version=ours["version"],
            mask=ours["mask"],
            mode="byte",
            boost_error=False,
        )
        assert ours["rows"] == rows_of(theirs)
