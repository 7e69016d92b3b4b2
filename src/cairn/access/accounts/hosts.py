"""Passkeys belong to a host name: what to tell people whose address has none, or is not safe."""

import ipaddress
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Advice:
    """Why no passkey can work at this address. `href`: the same machine by its name, or empty."""

    reason: str
    href: str = ""


def advice(request: HttpRequest) -> Advice | None:
    """None where passkeys can work: WebAuthn wants a host name, and https beyond localhost."""
    name, _colon, port = request.get_host().rpartition(":")
    if not name or not port.isdigit():
        name, port = request.get_host(), ""
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        if request.is_secure() or name == "localhost" or name.endswith(".localhost"):
            return None
        return Advice("insecure")
    if not address.is_loopback:
        return Advice("address")
    end = f":{port}" if port else ""
    return Advice("address", f"{request.scheme}://localhost{end}{request.path}")
