"""Settings that must not meet are refused, each in a sentence that names them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as installed
from pytest_django import Settings

from cairn.core import deployment

HOME_HOSTS = ["localhost", "127.0.0.1", "[::1]", "cairn.localhost", "testserver"]
QUIET = {"demo": False, "debug": False, "tls": False}
ASK = (
    "import django; django.setup(); from django.core.checks import register; "
    "from cairn.core import deployment; register(deployment.check); "
    "from django.core.management import call_command; call_command('check')"
)


def test_a_demonstration_on_this_machine_is_fine() -> None:
    assert deployment.refusals(**QUIET | {"demo": True, "debug": True}, hosts=HOME_HOSTS) == []


def test_an_installation_behind_tls_with_named_hosts_is_fine() -> None:
    assert deployment.refusals(**QUIET | {"tls": True}, hosts=["cairn.example"]) == []


@pytest.mark.parametrize(
    ("changes", "hosts", "named"),
    [
        ({"demo": True, "tls": True}, ["localhost"], "CAIRN_TLS"),
        ({"demo": True}, ["localhost", "cairn.example"], "cairn.example"),
        ({"demo": True}, ["192.0.2.7"], "192.0.2.7"),
        ({"demo": True}, ["*"], "CAIRN_DEMO"),
        ({"demo": True}, ["127.0.0.1.example"], "127.0.0.1.example"),
        ({"debug": True, "tls": True}, ["localhost"], "CAIRN_DEBUG"),
        ({"debug": True}, ["cairn.example"], "CAIRN_DEBUG"),
        ({"tls": True}, ["*"], "CAIRN_HOSTS=*"),
    ],
)
def test_what_must_not_meet_is_named(
    changes: dict[str, bool], hosts: list[str], named: str
) -> None:
    found = deployment.refusals(**QUIET | changes, hosts=hosts)
    assert any(named in sentence for sentence in found)


def test_a_proxy_without_secure_cookies_is_warned_of(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.BEHIND_TLS = False
    assert [message.id for message in deployment.check(None)] == ["core.W001"]
    settings.BEHIND_TLS = True
    assert deployment.check(None) == []


def asked(**environment: str) -> subprocess.CompletedProcess[str]:
    """`check` in a process of its own, with the settings of `environment`."""
    base = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(installed.ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
        "CAIRN_HOME": str(installed.HOME),
        "CAIRN_SECRET_KEY": "x0Y9" * 3 + "".join(f"{number:02x}" for number in range(30)),
    }
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", ASK],
        env=base | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"CAIRN_DEMO": "1", "CAIRN_TLS": "1"}, "CAIRN_DEMO"),
        ({"CAIRN_DEMO": "1", "CAIRN_HOSTS": "cairn.example"}, "CAIRN_DEMO"),
        ({"CAIRN_DEBUG": "1", "CAIRN_HOSTS": "cairn.example"}, "CAIRN_DEBUG"),
    ],
)
def test_an_installation_with_settings_that_must_not_meet_is_refused(
    environment: dict[str, str], named: str
) -> None:
    ran = asked(**environment)
    assert ran.returncode != 0
    assert named in ran.stderr
