"""Every address, by everybody: who gets in, what a look changes, and what odd addresses do."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cairn.access.roles import ROLES
from cairn.access.tests.factories import user_with_role
from cairn.core.audit import last_sequence
from cairn.portfolio.models import Agreement
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db
OFFICER = "programme-officer"
LET_IN, SENT_TO_SIGN_IN, REFUSED, ABSENT = 200, 302, 403, 404


class Records:
    """One record of each kind, all of an invented public project."""

    def __init__(self) -> None:
        self.project = factories.project("X01", themes=["protection"])
        self.pledge = factories.pledge(self.project, factories.donor())
        self.agreement = Agreement.objects.create(
            pledge=self.pledge, reference="A-1", signed_on="2026-01-01", amount=10, usd=10
        )
        self.indicator = factories.indicator(self.project)
        self.finding = factories.finding(self.project)
        factories.request("XR1")

    def staff_pages(self) -> dict[str, frozenset[str]]:
        """Address -> the permissions of which a role needs every one."""
        view, edit = "portfolio:view", "portfolio:edit"
        return {
            "/projects/new/": frozenset({edit}),
            "/projects/X01/edit/": frozenset({edit}),
            "/projects/X01/state/": frozenset({"portfolio:decide"}),
            "/projects/X01/publication/": frozenset({"portfolio:publish"}),
            "/projects/X01/pledges/new/": frozenset({"funding:edit"}),
            f"/pledges/{self.pledge.pk}/withdraw/": frozenset({"funding:edit"}),
            f"/pledges/{self.pledge.pk}/agreement/": frozenset({"funding:edit"}),
            f"/agreements/{self.agreement.pk}/receipt/": frozenset({"funding:edit"}),
            f"/agreements/{self.agreement.pk}/spending/": frozenset({"funding:edit"}),
            f"/indicators/{self.indicator.pk}/measure/": frozenset({"result:record"}),
            "/findings/": frozenset({view}),
            f"/findings/{self.finding.pk}/explain/": frozenset({view, "finding:explain"}),
            "/requests/": frozenset({"request:view"}),
            "/requests/new/": frozenset({"request:edit"}),
            "/requests/XR1/": frozenset({"request:view"}),
            "/requests/XR1/move/": frozenset({"request:view", "request:edit"}),
            "/roles/": frozenset({"role:view"}),
            "/imports/?kind=projects": frozenset({"portfolio:import"}),
            "/imports/template/pledges.csv": frozenset({"funding:edit"}),
        }


@pytest.fixture
def records() -> Records:
    return Records()


def test_visitors_are_sent_to_sign_in_from_every_staff_page(
    client: Client, records: Records
) -> None:
    for address in (*records.staff_pages(), "/home/", "/imports/", f"/imports/{uuid4()}/"):
        answer = client.get(address)
        assert answer.status_code == SENT_TO_SIGN_IN, address
        assert answer["Location"].startswith("/sign-in/?next="), address


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_exactly_what_its_permissions_say(
    client: Client, records: Records, role: str
) -> None:
    client.force_login(user_with_role(role))
    for address, needed in records.staff_pages().items():
        allowed = needed <= {permission.value for permission in ROLES[role]}
        expected = {LET_IN} if allowed else {REFUSED, ABSENT}
        assert client.get(address).status_code in expected, address


def test_records_of_others_cannot_be_guessed(client: Client, records: Records) -> None:
    client.force_login(user_with_role(OFFICER))
    for address in (
        f"/pledges/{uuid4()}/withdraw/",
        f"/agreements/{uuid4()}/receipt/",
        "/indicators/999999/measure/",
        "/findings/999999/explain/",
        "/findings/99999999999999999999999999/explain/",
        "/indicators/99999999999999999999999999/measure/",
        f"/imports/{uuid4()}/apply/",
        "/requests/XR99/",
        "/donors/nobody/",
    ):
        assert client.get(address).status_code == ABSENT, address


def test_looking_changes_nothing(client: Client, records: Records) -> None:
    client.force_login(user_with_role(OFFICER))
    before = last_sequence()
    pages = [*records.staff_pages(), "/", "/home/", "/projects/", "/projects/X01/", "/imports/"]
    for address in [*pages, "/projects/X01/page.pdf", "/projects/folder/"]:
        client.get(address)
        client.head(address)
    assert last_sequence() == before
    assert client.get("/sign-out/").status_code == 405
    assert client.get(f"/imports/{uuid4()}/discard/").status_code == 405


def test_nothing_is_sent_without_its_token(records: Records) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with_role(OFFICER))
    before = last_sequence()
    senders = [*records.staff_pages(), "/imports/", "/sign-in/", "/sign-out/", "/ui/theme/"]
    for address in [*senders, "/language/setlang/", f"/imports/{uuid4()}/apply/"]:
        assert client.post(address, {"reference": "X02"}).status_code in {403, 405}, address
    assert last_sequence() == before


def test_every_address_of_the_site_is_known_to_these_tests() -> None:
    """A new address has to be placed: staff page above, or open to everybody here."""

    def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLResolver):
                yield from names(each.url_patterns, each.namespace or space)
            else:
                yield f"{space}:{each.name}"

    staff = {
        "project-new", "project-edit", "project-move", "project-publish", "pledge-new",
        "pledge-withdraw", "agreement-new", "receipt-new", "expenditure-new", "measure",
        "findings", "finding-explain", "requests", "request-new", "request", "request-move",
    }  # fmt: skip
    open_ones = {
        "projects", "export", "folder", "folder-file", "project", "project-file", "donors",
        "donor", "countries", "country", "events",
    }  # fmt: skip
    found = set(names(get_resolver().url_patterns))
    ours = {name.removeprefix("portfolio:") for name in found if name.startswith("portfolio:")}
    assert ours == staff | open_ones
    assert {name for name in found if name.startswith("imports:")} == {
        f"imports:{name}" for name in ("start", "template", "batch", "progress", "apply", "discard")
    }


@pytest.mark.parametrize(
    "address",
    [
        "/projects/%00/",
        "/projects/?q=%00",
        "/projects/export.csv?country=%00",
        "/donors/?q=a%00b",
        "/countries/%00/",
        "/events/?country=%00",
        "/projects/X01%00/page.json",
    ],
)
def test_an_address_with_a_null_is_refused_before_it_asks_anything(
    client: Client, address: str
) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/projects/?page=99999999999999999999",
        "/projects/?page=-1&sort=--budget",
        "/projects/?region=%F0%9F%92%A3&group=%27%22%3E",
        "/events/?year=%D9%A2%D9%A0%D9%A2%D9%A5",
        "/projects/?q=%EF%BF%BF%CD%8F",
        "/countries/?region=999",
        "/tools/?language=%22%5D",
        "/projects/export.xlsx?q=%3Dcmd%7C",
    ],
)
def test_odd_questions_get_an_answer(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.getvalue()
    answer.close()


@pytest.mark.parametrize("address", ["/projects/X01/page.html", "/projects/folder.html"])
def test_the_page_that_stands_alone_runs_nothing(
    client: Client, records: Records, address: str
) -> None:
    records.project.title = "<style>x</style><script>alert(1)</script><!-- style -->"
    records.project.save()
    answer = client.get(address)
    page = answer.content.decode()
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert len(styles) == 1
    expected = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{expected}'" in answer["Content-Security-Policy"]
    assert "<script" not in page
    assert " style=" not in page


def test_the_sign_of_life_says_nothing_more(client: Client, records: Records) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_an_installation_behind_tls_passes_the_checks_for_deployment() -> None:
    environment = {
        "CAIRN_TLS": "1",
        "CAIRN_HOME": str(settings.HOME),
        "CAIRN_SECRET_KEY": "x0Y9" * 3 + "".join(f"{number:02x}" for number in range(30)),
        "CAIRN_HOSTS": "cairn.example",
        "PYTHONPATH": str(settings.ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings as s; print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_SECURE,"
            " s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE, s.SECURE_SSL_REDIRECT)",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert said.stdout.split() == ["False", "False", "True", "True", "True", "True"]
