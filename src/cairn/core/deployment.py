"""Settings that must not meet: what makes an installation refuse to start, and what it warns of."""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

# Django's own name for the host in its test client.
TEST_HOST = "testserver"


def refusals(*, demo: bool, debug: bool, tls: bool, hosts: Iterable[str]) -> list[str]:
    """One sentence for each pair of settings that must not meet; empty when all is well.

    Demo sign-ins are printed and known to everybody, so a demonstration answers on this machine
    only; error pages of debugging show settings and values.
    """
    public = sorted(host for host in hosts if not _is_this_machine(host))
    found = []
    if demo and tls:
        found.append("CAIRN_DEMO and CAIRN_TLS: demo sign-ins are known to everybody.")
    if demo and public:
        found.append(f"CAIRN_DEMO and CAIRN_HOSTS={public[0]}: a demonstration is for localhost.")
    if debug and (tls or public):
        found.append("CAIRN_DEBUG with TLS or a public host: its error pages show secrets.")
    if tls and any("*" in host for host in public):
        found.append("CAIRN_HOSTS=*: name the hosts, or links can be forged.")
    return found


def _is_this_machine(host: str) -> bool:
    name = host.strip().strip("[]").rstrip(".").lower()
    if name in {"localhost", TEST_HOST} or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_if_unsafe() -> None:
    """End this process, with one sentence for each reason, when two settings must not meet."""
    found = refusals(
        demo=settings.DEMO,
        debug=settings.DEBUG,
        tls=settings.BEHIND_TLS,
        hosts=settings.ALLOWED_HOSTS,
    )
    if found:
        raise SystemExit("\n".join(f"Cairn does not start. {each}" for each in found))


def check(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """`core.E001` for each refusal; `core.W001` for a proxy in front without secure cookies."""
    found: list[CheckMessage] = [
        Error(sentence, hint="Take one of the two settings out.", id="core.E001")
        for sentence in refusals(
            demo=settings.DEMO,
            debug=settings.DEBUG,
            tls=settings.BEHIND_TLS,
            hosts=settings.ALLOWED_HOSTS,
        )
    ]
    if settings.SECURE_PROXY_SSL_HEADER and not settings.BEHIND_TLS:
        found.append(
            Warning(
                "CAIRN_BEHIND_PROXY without CAIRN_TLS: cookies may travel unencrypted.",
                hint="Set CAIRN_TLS=1 once the proxy speaks TLS.",
                id="core.W001",
            )
        )
    return found
