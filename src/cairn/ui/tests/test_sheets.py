"""The style sheets keep their promises: logical, layered, small, in one piece."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import FileSystemStorage

from cairn.ui.storage import ENTRY, StaticStorage, one_piece
from cairn.ui.tests.sheets import COMMENT, CSS, SOURCE, declarations, sheets

PHYSICAL = re.compile(r"(^|-)(left|right|top|bottom)(-|$)|^(min-|max-)?(width|height)$")
# Four values name four physical sides unless the second and the fourth are equal.
SIDES = {"margin", "padding", "inset", "border-width", "scroll-margin", "scroll-padding"}
OF_A_WORD = {"text-align", "float", "clear", "caption-side"}


def physical(name: str, value: str) -> bool:
    """True when a declaration would not turn round with the direction of the page."""
    if PHYSICAL.search(name):
        return True
    if name in OF_A_WORD:
        return bool(re.search(r"\b(left|right)\b", value))
    parts = re.findall(r"[^\s()]+(?:\([^()]*\))?", value)
    return name in SIDES and len(parts) == 4 and parts[1] != parts[3]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin-left", "1rem"),
        ("right", "0"),
        ("width", "1rem"),
        ("text-align", "left"),
        ("padding", "0 1px 0 2px"),
        ("border-top-left-radius", "1px"),
    ],
)
def test_the_rule_finds_physical_declarations(name: str, value: str) -> None:
    assert physical(name, value)


@pytest.mark.parametrize("sheet", sheets(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_sheet_turns_round_with_the_direction(sheet: Path) -> None:
    found = [
        f"{selector} {{ {name}: {value} }}"
        for selector, name, value in declarations(sheet.read_text())
        if physical(name, value)
    ]
    assert found == []


@pytest.mark.parametrize("sheet", sheets(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_sheet_fetches_nothing_but_its_own_parts(sheet: Path) -> None:
    text = COMMENT.sub("", sheet.read_text())
    outside = [url for url in re.findall(r"url\(\s*[\"']?([^)\"']+)", text) if "css" not in url]
    assert outside == []
    assert "//" not in text


@pytest.mark.parametrize(
    "sheet",
    sheets(),
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_colours_come_from_tokens_only(sheet: Path) -> None:
    found = [
        f"{selector} {{ {name}: {value} }}"
        for selector, name, value in declarations(sheet.read_text())
        if not name.startswith("--")
        and re.search(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", value, re.IGNORECASE)
    ]
    assert found == []


def test_the_entry_names_every_part_of_the_shell() -> None:
    named = set(re.findall(r'@import url\("([^"]+)"\)', (CSS / "cairn.css").read_text()))
    parts = {str(path.relative_to(CSS)) for path in CSS.rglob("*.css")}
    assert named == parts - {"cairn.css", "plain.css"}


def test_every_part_stands_in_a_layer() -> None:
    order = "@layer tokens, base, components, print;"
    assert order in (CSS / "cairn.css").read_text()
    for part in CSS.rglob("*.css"):
        text = COMMENT.sub("", part.read_text()).strip()
        assert text.startswith(("@layer", ":root")), part.name


def _found() -> dict[str, tuple[FileSystemStorage, str]]:
    return {
        name: (storage, name)
        for finder in get_finders()
        for name, storage in finder.list(None)
        if name.startswith("ui/css/")
    }


def test_all_style_together_is_under_20_kb_compressed() -> None:
    assert len(gzip.compress(one_piece(_found(), ENTRY).encode())) < 20_000


def test_one_piece_holds_every_part_and_imports_nothing() -> None:
    whole = one_piece(_found(), ENTRY)
    assert "@import" not in whole
    assert "/*" not in whole
    for _, name, value in declarations((CSS / "components" / "badge.css").read_text()):
        assert f"{name}: {value}" in whole


def test_a_missing_part_stops_the_collection() -> None:
    found = _found()
    del found["ui/css/print.css"]
    with pytest.raises(FileNotFoundError, match=r"print\.css"):
        one_piece(found, ENTRY)


def test_collected_files_hold_the_style_in_one_hashed_file(tmp_path: Path) -> None:
    storage = StaticStorage(location=tmp_path, base_url="/static/")
    found = _found()
    for name, (source, path) in found.items():
        with source.open(path) as part:
            storage.save(name, part)

    done = [result for result in storage.post_process(found) if isinstance(result[2], Exception)]

    assert done == []
    hashed = storage.hashed_files[ENTRY]
    assert "@import" not in (tmp_path / hashed).read_text()
    assert ".badge" in (tmp_path / hashed).read_text()
