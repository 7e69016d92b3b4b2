"""The app as phones load it: its policies, its sizes, its neutral name and icon, its build."""

import gzip
import json
import re
import struct
import zlib
from pathlib import Path

import pytest
from django.conf import settings as installed
from django.test import Client
from pytest_django import Settings

from cairn.field import deployment, drawing, packs, shipped

pytestmark = pytest.mark.django_db
KILOBYTE = 1024
# The brief of the app: a cheap phone on a bad line.
MOST_FIRST_LOAD, MOST_PACK = 250 * KILOBYTE, 60 * KILOBYTE
ADDRESSES = ("/field/", "/field/sw.js", "/field/manifest.webmanifest", "/field/icon-192.png")


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_app_sets_no_cookie_and_runs_no_script_but_its_own(
    client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    policy = response["Content-Security-Policy"]
    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert parts["default-src"] == ["'none'"]
    assert parts["script-src"] == ["'self'"]
    assert parts["form-action"] == ["'none'"]
    assert parts["require-trusted-types-for"] == ["'script'"]
    assert parts["trusted-types"] == ["cairn-worker"]
    assert "unsafe" not in policy
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_camera_is_for_the_app_alone(client: Client) -> None:
    assert "camera=(self)" in client.get("/field/")["Permissions-Policy"]
    assert "microphone=()" in client.get("/field/")["Permissions-Policy"]
    assert "camera=()" in client.get("/about/")["Permissions-Policy"]


@pytest.mark.parametrize(
    ("address", "header", "language"),
    [
        ("/field/", "ar,en;q=0.5", "ar"),
        ("/field/?lang=fr", "ar", "fr"),
        ("/field/?lang=xx", "de", "en"),
        ("/field/", "", "en"),
        ("/field/?lang=%00", "fr-CA", "fr"),
    ],
)
def test_the_first_words_are_in_the_language_of_the_address_or_the_browser(
    client: Client, address: str, header: str, language: str
) -> None:
    client.cookies["django_language"] = "ar"
    response = client.get(address, headers={"accept-language": header})
    if "%00" in address:
        assert response.status_code == 400
        return
    page = response.content.decode()
    assert f'lang="{language}"' in page
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_the_worker_keeps_every_file_and_all_of_them_are_a_small_first_load(
    client: Client,
) -> None:
    response = client.get("/field/sw.js")
    assert response["Service-Worker-Allowed"] == "/field/"
    assert response["Content-Type"].startswith("text/javascript")
    script = response.content.decode()
    kept = json.loads(re.findall(r"const FILES = (\[.*?\]);", script)[0])
    assert f'const BUILD = "{shipped.build()}"' in script
    assert {f"/field/app/{shipped.build()}/{name}" for name in shipped.files()} < set(kept)
    assert "/field/" in kept
    assert not any("/api/" in each or "/packs/" in each for each in kept)
    sizes = {"worker": compressed(response.content), "pack": compressed(packs.pack("ar")[0])}
    for address in kept:
        found = client.get(address)
        assert found.status_code == 200, address
        sizes[address] = compressed(found.content)
    assert sum(sizes.values()) <= MOST_FIRST_LOAD, sizes


@pytest.mark.parametrize("language", packs.LANGUAGES)
def test_a_pack_is_small_and_asked_for_again_costs_nothing(client: Client, language: str) -> None:
    response = client.get(f"/field/packs/{language}.json")
    assert response.status_code == 200
    assert compressed(response.content) <= MOST_PACK
    pack = response.json()
    assert pack["language"] == language
    assert pack["dir"] == ("rtl" if language == "ar" else "ltr")
    assert {"texts", "phrases", "audio", "edition", "cards"} <= set(pack)
    assert response["ETag"] == f'"{pack["build"]}"'
    again = client.get(f"/field/packs/{language}.json", headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_packs_of_all_languages_have_one_build_and_other_languages_none() -> None:
    builds = {json.loads(packs.pack(language)[0])["build"] for language in packs.LANGUAGES}
    assert len(builds) == 1
    with pytest.raises(KeyError):
        packs.pack("xx")


@pytest.mark.parametrize(
    "address",
    [
        "/field/packs/xx.json",
        "/field/app/0123456789abcdef/main.js",
        "/field/icon-64.png",
        "/field/audio/en/greeting.mp3",
        "/field/audio/xx/greeting.mp3",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["../settings.py", "sw.js", "../../../apps.py", "no-such.js"])
def test_nothing_but_the_listed_files_is_served(client: Client, path: str) -> None:
    assert client.get(f"/field/app/{shipped.build()}/{path}").status_code == 404


def test_files_of_a_build_are_kept_for_ever_and_the_page_is_asked_for(client: Client) -> None:
    asset = client.get(shipped.address("tokens.css"))
    assert "immutable" in asset["Cache-Control"]
    assert asset["Content-Type"].startswith("text/css")
    assert client.get("/field/")["Cache-Control"] == "no-cache"


def test_the_build_changes_with_any_file_of_the_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    settings.DEBUG = True
    (tmp_path / "sw.js").write_text("one")
    (tmp_path / "main.js").write_text("one")
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    seen = {shipped.build()}
    for name in ("sw.js", "main.js", "new.css"):
        (tmp_path / name).write_text("other")
        seen.add(shipped.build())
    assert len(seen) == 4


# --- Name, icon, recordings -------------------------------------------------------------------


def test_name_and_icon_are_those_that_the_deployer_chose(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "own.png"
    own.write_bytes(drawing.icon(256))
    settings.FIELD_NAME, settings.FIELD_ICON = "Invented weather", str(own)
    assert deployment.check(None) == []
    manifest = client.get("/field/manifest.webmanifest").json()
    assert manifest["name"] == manifest["short_name"] == "Invented weather"
    assert {icon["sizes"] for icon in manifest["icons"]} == {"256x256"}
    assert client.get("/field/icon-192.png").content == own.read_bytes()
    assert "<title>Invented weather</title>" in client.get("/field/").content.decode()


def test_without_a_choice_name_and_icon_tell_nothing(client: Client) -> None:
    manifest = client.get("/field/manifest.webmanifest").json()
    assert manifest["name"] == "Notes"
    assert manifest["scope"] == manifest["start_url"] == "/field/"
    for icon in manifest["icons"]:
        png = client.get(icon["src"]).content
        assert icon["sizes"] == f"{deployment.width_of(png)}x{deployment.width_of(png)}"


def test_the_drawn_icon_is_a_whole_picture() -> None:
    png = drawing.icon(192)
    start = png.index(b"IDAT") + 4
    length = struct.unpack(">I", png[start - 8 : start - 4])[0]
    rows = zlib.decompress(png[start : start + length])
    assert len(rows) == 192 * 193
    assert set(rows) == {0, 1, 2}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("FIELD_NAME", "", "field.E001"),
        ("FIELD_NAME", "x" * 31, "field.E001"),
        ("FIELD_ICON", "/no/such/icon.png", "field.E002"),
        ("FIELD_ICON", __file__, "field.E002"),
        ("FIELD_VALID_DAYS", 0, "field.E003"),
        ("FIELD_VALID_DAYS", 91, "field.E003"),
        ("FIELD_AUDIO", __file__, "field.E004"),
    ],
)
def test_a_wrong_choice_is_named_before_anything_starts(
    settings: Settings, name: str, value: object, code: str
) -> None:
    assert deployment.check(None) == []
    setattr(settings, name, value)
    assert [each.id for each in deployment.check(None)] == [code]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (drawing.icon(64), "192 to 1,024"),
        (drawing.icon(192)[:20], "no PNG"),
        (drawing.icon(192).replace(struct.pack(">I", 192), struct.pack(">I", 193), 1), "square"),
        (drawing.icon(192) + bytes(deployment.MOST_ICON_BYTES), "200 kB"),
    ],
)
def test_an_icon_is_square_and_of_a_useful_size(
    settings: Settings, tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "icon.png").write_bytes(content)
    settings.FIELD_ICON = str(tmp_path / "icon.png")
    assert why in deployment.check(None)[0].msg


def test_recordings_are_named_in_the_pack_and_served(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "ar").mkdir()
    (tmp_path / "ar" / "greeting.mp3").write_bytes(b"invented sound")
    (tmp_path / "ar" / "notes.txt").write_bytes(b"no sound")
    (tmp_path / "ar" / "Bad Name.mp3").write_bytes(b"no key")
    settings.FIELD_AUDIO, settings.DEBUG = str(tmp_path), True
    audio = json.loads(packs.pack("en")[0])["audio"]
    assert audio == {"ar/greeting": "/field/audio/ar/greeting.mp3"}
    response = client.get(audio["ar/greeting"])
    assert (response["Content-Type"], response.content) == ("audio/mpeg", b"invented sound")
    for other in ("notes.txt", "Bad%20Name.mp3", "..%2Fsecret.mp3"):
        assert client.get(f"/field/audio/ar/{other}").status_code == 404


def test_the_settings_of_the_tests_are_those_of_an_untouched_installation() -> None:
    assert (installed.FIELD_ICON, installed.FIELD_AUDIO) == ("", "")
