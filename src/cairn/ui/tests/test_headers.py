"""What every answer tells the browser, and how long a request may be."""

from pathlib import Path

import pytest
from django.conf import settings as installed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from cairn.access.tests.factories import user_with_role
from cairn.core.limits import takes_files
from cairn.portfolio.tests import factories
from cairn.ui import headers

# Headers do not come from records.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME = "cairn.ui.headers.HeadersMiddleware"

# Each kind of answer -> address and status, for a visitor.
ANSWERS: dict[str, tuple[str, int]] = {
    "front": ("/", 200),
    "list": ("/projects/", 200),
    "project": ("/projects/X01/", 200),
    "document as a page": ("/projects/X01/page.html", 200),
    "document as a file": ("/projects/X01/page.json", 200),
    "export": ("/projects/export.csv", 200),
    "workbook": ("/projects/export.xlsx", 200),
    "redirect to sign-in": ("/home/", 302),
    "redirect to the slash": ("/projects", 301),
    "sign-in": ("/sign-in/", 200),
    "not found": ("/no/such/page/", 404),
    "wrong method": ("/sign-out/", 405),
    "refused address": ("/projects/?q=%00", 400),
    "sign of life": ("/healthz", 200),
    "style": ("/static/ui/css/cairn.css", 200),
}


@pytest.fixture(autouse=True)
def first_in_line(settings: Settings) -> None:
    """The middleware stands where the settings have it; these tests need it in any case."""
    others = [name for name in installed.MIDDLEWARE if name != NAME]
    settings.MIDDLEWARE = [NAME, *others]


@pytest.fixture
def scene() -> None:
    factories.project("X01")


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_switches_off_what_is_not_used(client: Client, kind: str) -> None:
    address, status = ANSWERS[kind]
    response = client.get(address)
    assert response.status_code == status
    policy = response["Permissions-Policy"].split(", ")
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(policy)
    assert "publickey-credentials-get=(self)" in policy
    assert "publickey-credentials-create=(self)" in policy
    assert not any("*" in each for each in policy)
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "style"])
def test_every_answer_but_files_of_the_look_has_the_policies_of_a_page(
    client: Client, kind: str
) -> None:
    response = client.get(ANSWERS[kind][0])
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    response.close()


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("kind", ANSWERS)
def test_no_answer_lets_another_site_read_it(client: Client, kind: str) -> None:
    response = client.get(ANSWERS[kind][0], headers={"origin": "https://elsewhere.example"})
    assert not [name for name in response.headers if name.startswith("Access-Control-")] or (
        # The look holds nothing: WhiteNoise lets fonts and styles be read from anywhere.
        kind == "style" and response["Access-Control-Allow-Origin"] == "*"
    )
    response.close()


@pytest.mark.parametrize("address", ["/", "/projects/", "/healthz", "/sign-in/"])
def test_trace_is_refused(client: Client, address: str) -> None:
    response = client.trace(address)
    assert response.status_code in {403, 404, 405}
    assert "Cookie" not in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/.git/HEAD",
        "/.env",
        "/cairn.sqlite3",
        "/secret-key",
        "/static/",
        "/static/ui/",
        "/static/../secret-key",
        "/static/%2e%2e/secret-key",
        "/files/",
        "/keys/keys.sqlite3",
        "/settings.py",
    ],
)
def test_nothing_but_the_look_is_served_as_a_file(client: Client, address: str) -> None:
    assert client.get(address).status_code in {400, 404}


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if kind != "style"])
def test_what_a_person_with_a_session_sees_is_kept_nowhere(client: Client, kind: str) -> None:
    client.force_login(user_with_role("programme-officer"))
    response = client.get(ANSWERS[kind][0])
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    response.close()


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("kind", ["front", "list", "project", "document as a file", "style"])
def test_pages_for_everybody_may_be_kept(client: Client, kind: str) -> None:
    response = client.get(ANSWERS[kind][0])
    assert "no-store" not in response.get("Cache-Control", "")
    response.close()


def test_the_look_is_kept_also_for_people_with_a_session(client: Client) -> None:
    client.force_login(user_with_role("programme-officer"))
    response = client.get("/static/ui/css/cairn.css")
    assert "no-store" not in response.get("Cache-Control", "")
    response.close()


def test_the_answer_that_signs_somebody_in_is_kept_nowhere(client: Client) -> None:
    def signs_in(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("in")
        response.set_cookie(installed.SESSION_COOKIE_NAME, "x")
        return response

    request = HttpRequest()
    request.path_info = "/sign-in/"
    response = headers.HeadersMiddleware(signs_in)(request)
    assert "no-store" in response["Cache-Control"]


def test_a_form_that_is_too_long_is_refused_before_it_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "new_file", lambda *_, **__: pytest.fail("reached the disk")
    )
    content = b"a" * (int(installed.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + 1)

    for accepted, kind in (("text/html", "text/html"), ("application/json", "problem+json")):
        typed = {"theme": "dark", "file": SimpleUploadedFile("x.csv", content)}
        response = client.post("/ui/theme/", typed, headers={"accept": accepted})
        assert response.status_code == 413
        assert kind in response["Content-Type"]
        assert "What was sent is too long" in response.content.decode()


def test_a_form_of_ordinary_length_is_taken(client: Client) -> None:
    assert client.post("/ui/theme/", {"theme": "dark", "next": "/"}).status_code == 302


def test_only_pages_for_files_take_files_and_only_up_to_the_limit(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.IMPORT_MAX_BYTES = 3 * 2**20
    client.force_login(user_with_role("programme-officer"))

    def bring(size: int) -> int:
        file = SimpleUploadedFile("x.csv", b"a" * size)
        return client.post("/imports/", {"kind": "projects", "file": file}).status_code

    assert bring(5 * 2**20) == 413
    assert bring(3 * 2**20 + 1) in {409, 422}  # read, and refused with words of its own


def test_a_mark_outlives_the_wrappers_around_a_view() -> None:
    from cairn.imports.views import start

    assert headers.longest_body(start) > headers.longest_body(takes_nothing)
    assert headers.longest_body(takes_files(takes_nothing)) == headers.longest_body(start)


def takes_nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize("length", ["", "no number", "-5"])
def test_a_length_that_is_none_is_left_to_the_reader(length: str) -> None:
    request = HttpRequest()
    request.META["CONTENT_LENGTH"] = length
    middleware = headers.HeadersMiddleware(takes_nothing)
    assert middleware.process_view(request, takes_nothing, (), {}) is None
