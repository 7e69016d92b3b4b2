"""The files of the app as they are shipped, and the build that they make together."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from cairn import ui

FOLDER = Path(__file__).parent / "static" / "field" / "app"
TEMPLATE = Path(__file__).parent / "templates" / "field" / "app.html"
# Colours and spaces are those of the whole site; the app keeps a copy on the phone.
TOKENS = Path(ui.__file__).parent / "static" / "ui" / "css" / "tokens.css"
WORKER = "sw.js"
TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "woff2": "font/woff2",
    "json": "application/json",
}


def files() -> dict[str, bytes]:
    """Path below the app's folder -> content, of every file that phones get but the worker."""
    return _again() if settings.DEBUG else _once()


def worker() -> bytes:
    """The service worker: its build and the list of what it keeps, and then its own lines."""
    head = f"const BUILD = {json.dumps(build())};\nconst FILES = {json.dumps(kept())};\n"
    return head.encode() + (FOLDER / WORKER).read_bytes()


def build() -> str:
    """16 hex: the files of the app and its page in this very state. A part of their addresses."""
    return _mark_again() if settings.DEBUG else _mark()


def address(path: str) -> str:
    """Address of a file of the present build."""
    return reverse("field:file", args=[build(), path])


def kept() -> list[str]:
    """Every address that the worker keeps on the phone, the page first."""
    fixed = [
        reverse("field:app"),
        reverse("field:manifest"),
        reverse("field:icon", args=[192]),
    ]
    return fixed + [address(path) for path in sorted(files())]


def _again() -> dict[str, bytes]:
    found = (path for path in FOLDER.rglob("*") if path.suffix[1:] in TYPES and path.is_file())
    named = {path.relative_to(FOLDER).as_posix(): path for path in found}
    named[TOKENS.name] = TOKENS
    return {name: path.read_bytes() for name, path in named.items() if name != WORKER}


@cache
def _once() -> dict[str, bytes]:
    return _again()


def _mark_again() -> str:
    whole = hashlib.sha256()
    worker_itself = FOLDER / WORKER
    parts = dict(files())
    for path in (worker_itself, TEMPLATE):
        parts[path.name] = path.read_bytes() if path.exists() else b""
    for name, content in sorted(parts.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:16]


@cache
def _mark() -> str:
    return _mark_again()
