"""The browser of the journeys: Chromium, in the sizes and languages of the people we serve.

Fixtures: `page` (1280 px, English), `phone` (360 px, English), `arabic_page`, `arabic_phone`,
`each_page` (all four in turn), `open_page(width=…, language=…)`, `sign_in(page, role=…)`,
`accessibility(page)`. After each test every page must be free of script errors, of breaches of
the content policy, of server errors, and of requests that leave the machine. A failing test
leaves a picture of each page in var/journeys/.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from cairn.access import factors
from cairn.access.models import User
from cairn.access.roles import needs_second_factor
from cairn.access.tests.factories import app_code, user_with_role
from cairn.core.models import Organisation
from cairn_tool.system_parts import find_chromium, remedy

# Playwright's synchronous interface runs inside an event loop, where Django is wary of databases.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PICTURES = Path(__file__).resolve().parents[2] / "var" / "journeys"
PASSWORD = "an invented pass phrase"
APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PATIENCE = 30_000  # milliseconds that a page may take for anything
SIZES = {360: 740, 1280: 800}  # width: height
# `localhost` is this machine by its name, which passkeys need.
HERE = ("127.0.0.1", "localhost")
# Chromium finds no other machine. (To ask for each request whether it may go would switch off the
# browser's cache, and take longer than all answers together.)
NOBODY_ELSE = f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {h}' for h in HERE)}"
# Chromium looks for updates and hosts of its own at each start; a test needs none of them.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
)
SERIOUS = {"serious", "critical"}
FAILED = pytest.StashKey[bool]()


@dataclass
class Opened:
    """One page of a test, and what went wrong on it behind the scenes."""

    page: Page
    label: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        text = message.text
        if message.type == "error" and not text.startswith("Failed to load resource"):
            self.complaints.append(text)
        elif re.search(r"content security policy", text, re.IGNORECASE):
            self.complaints.append(text)

    def break_down(self, error: Error) -> None:
        self.complaints.append(f"script error: {error}")

    def check(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} at {response.url}")

    def watch(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in {None, *HERE}:
            self.complaints.append(f"left the machine: {request.url}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip(f"no Chromium; {remedy('chromium')}")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[*QUIET, NOBODY_ELSE, *as_root], timeout=30_000
        )
        yield started
        started.close()


@pytest.fixture
def opened() -> list[Opened]:
    """Every page that the running test has opened."""
    return []


@pytest.fixture
def open_page(
    browser: Browser,
    live_server: LiveServer,
    opened: list[Opened],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[..., Page]]:
    """Open a page of its own browser profile: `open_page(width=360, language="ar")`."""

    def open_it(width: int = 1280, language: str = "en") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale=language,
            viewport={"width": width, "height": SIZES.get(width, 800)},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        one = Opened(context.new_page(), f"{width}-{language}-{len(opened)}")
        one.page.on("console", one.hear)
        one.page.on("pageerror", one.break_down)
        one.page.on("response", one.check)
        context.on("request", one.watch)
        opened.append(one)
        return one.page

    yield open_it
    complaints = [f"{one.label}: {text}" for one in opened for text in one.complaints]
    failed = bool(complaints) or request.node.stash.get(FAILED, True)
    for one in opened:
        if failed:
            PICTURES.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w.-]+", "-", f"{request.node.name}-{one.label}")
            one.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        one.page.context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(width=360)


@pytest.fixture
def arabic_page(open_page: Callable[..., Page]) -> Page:
    return open_page(language="ar")


@pytest.fixture
def arabic_phone(open_page: Callable[..., Page]) -> Page:
    return open_page(width=360, language="ar")


@pytest.fixture(params=[(360, "en"), (360, "ar"), (1280, "en"), (1280, "ar")], ids=str)
def each_page(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """Narrow and wide, left to right and right to left: the test runs four times."""
    width, language = request.param
    return open_page(width=width, language=language)


@pytest.fixture
def sign_in(transactional_db: None) -> Callable[..., User]:
    """`sign_in(page, role="programme-officer")`: make such a user and sign in as a person would.

    Where the role needs a second factor, the user has an app and types the code of the moment.
    `at`, `country`: where the role holds.
    """

    def do(
        page: Page,
        *,
        role: str,
        password: str = PASSWORD,
        at: Organisation | None = None,
        country: str = "",
        name: str = "",
    ) -> User:
        user = user_with_role(role, password=password, at=at, country=country, name=name)
        needs_code = needs_second_factor(frozenset({role}))
        if needs_code:
            factors.keep_app(user, APP_SECRET)
        page.goto(reverse("access:sign-in"))
        page.locator("[name=username]").fill(user.get_username())
        page.locator("[name=password]").fill(password)
        page.locator("[name=password]").press("Enter")
        if needs_code:
            page.wait_for_url("**/sign-in/second-factor/")
            page.locator("[name=code]").fill(app_code(APP_SECRET))
            page.locator("[name=code]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return user

    return do


@pytest.fixture
def accessibility() -> Callable[[Page], None]:
    """Assert that a scan by axe-core finds nothing serious or critical on the page as it stands."""

    def scan(page: Page) -> None:
        # Without `preload`, which would add style elements that the content policy forbids.
        options = {"preload": False, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        serious = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n"
            + "\n".join(f"    {node['html']}" for node in rule["nodes"][:5])
            for rule in found
            if rule["impact"] in SERIOUS
        ]
        assert not serious, f"{page.url}\n" + "\n".join(serious)

    return scan
