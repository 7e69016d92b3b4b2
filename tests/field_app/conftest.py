"""The modules of the field app in a real browser, served under the app's strict content policy.

`app`: a page of its own profile; `app.run("keys", "setUp", {...})` calls the function of that name
in `pages/keys.js` and gives what it returns. The browser lives in a thread of its own, since the
browser of the journeys may be running in this one.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright

from cairn_tool.system_parts import find_chromium, remedy

Result = TypeVar("Result")
APP = Path(__file__).resolve().parents[2] / "src/cairn/field/static/field/app"
PAGES = Path(__file__).parent / "pages"
PATIENCE = 60_000  # milliseconds
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "img-src 'self'; style-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types cairn-worker"
)
BLANK = b"<!doctype html><html lang=en data-build=test><meta charset=utf-8><title>Notes</title>"
CALL = """async ([name, called, value]) => {
  const part = await import(`/pages/${name}.js`);
  return part[called](value ?? undefined);
}"""


class Server(BaseHTTPRequestHandler):
    """Files of the app and of the tests; no answer of the API comes from here."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        for prefix, folder in (("/field/app/", APP), ("/pages/", PAGES)):
            if self.path.startswith(prefix):
                asked = (folder / self.path.removeprefix(prefix)).resolve()
                if asked.is_relative_to(folder) and asked.is_file():
                    self.answer(asked.read_bytes(), "text/javascript")
                    return
        if self.path == "/field/":
            self.answer(BLANK, "text/html")
        else:
            self.answer(b"", "text/plain", 404)

    def answer(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the terminal."""


@dataclass
class App:
    """One page of the app. Its calls go to the thread in which the browser lives."""

    within: ThreadPoolExecutor
    page: Page
    complaints: list[str] = field(default_factory=list)

    def on_page(self, work: Callable[[Page], Result]) -> Result:
        return self.within.submit(work, self.page).result()

    def run(self, name: str, called: str, value: object = None) -> Any:
        return self.on_page(lambda page: page.evaluate(CALL, [name, called, value]))

    def reload(self) -> None:
        self.on_page(lambda page: page.reload())

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/field/"
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Started:
    """The browser, and the thread that alone may speak to it."""

    within: ThreadPoolExecutor
    playwright: Playwright
    browser: Browser
    options: dict[str, Any]


@pytest.fixture(scope="session")
def app_browser() -> Iterator[Started]:
    path = find_chromium()
    if path is None:
        pytest.skip(f"no Chromium; {remedy('chromium')}")

    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    quiet = ["--disable-background-networking", "--disable-gpu", "--no-first-run"]
    options: dict[str, Any] = {"executable_path": path, "args": [*quiet, *as_root]}

    def start() -> tuple[Playwright, Browser]:
        playwright = sync_playwright().start()
        return playwright, playwright.chromium.launch(**options)

    with ThreadPoolExecutor(1) as within:
        started = Started(within, *within.submit(start).result(), options)
        yield started
        within.submit(started.browser.close).result()
        within.submit(started.playwright.stop).result()


@pytest.fixture
def open_app(app_browser: Started, app_address: str) -> Iterator[Callable[..., App]]:
    """Open a phone of its own: `open_app()`, or `open_app(folder)` to keep its files there."""
    within = app_browser.within
    opened: list[App] = []

    def open_it(profile: Path | None = None) -> App:
        def start() -> Page:
            if profile is None:
                context = app_browser.browser.new_context(viewport={"width": 360, "height": 640})
            else:
                chromium = app_browser.playwright.chromium
                context = chromium.launch_persistent_context(profile, **app_browser.options)
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            return page

        one = App(within, within.submit(start).result())
        one.page.on("console", one.hear)
        one.on_page(lambda page: page.goto(app_address))
        opened.append(one)
        return one

    yield open_it
    for one in opened:
        one.on_page(lambda page: page.context.close())
    complaints = [text for one in opened for text in one.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def app(open_app: Callable[..., App]) -> App:
    return open_app()
