"""What odd addresses do, what stands alone, and what an installation behind TLS is held to.

Who gets in where: tests/doors.
"""

import base64
import hashlib
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from cairn.portfolio.models import Agreement
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def records() -> Records:
    return Records()


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


@pytest.mark.once  # settings
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
