"""The short form of a certificate that fits a QR code any phone reads, and its address.

The address is of a page that checks it. All of the certificate stands behind the "#", which a
browser keeps to itself: the server that hands out the page never learns which one is looked at.
"""

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import segno
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.openbadges import jose

KIND: Final = "cert+jwt"
# Version 22 at error correction M (15 %) holds 779 bytes (ISO/IEC 18004, table 7) in 105 modules:
# on 48 mm with its margin 0.42 mm each, which a cheap phone reads from a hand's distance.
BUDGET: Final = 779  # bytes of the whole address
VERSION: Final = 22
CORRECTION: Final = "m"
PRINTED_MM: Final = 48
# Longer titles end in "…" here; the check page shows the rest when it is online.
TITLE_BYTES: Final = 96
HOLDER_BYTES: Final = 72
ISSUER_BYTES: Final = 60

_TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `holder`: the form of the name that its holder agreed to, or "".

    `issuer`: who issued it, in words. `starts`, `ends`: days of the training. `valid_until`: None
    when it does not end.
    """

    number: str
    kind: str
    title: str
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime | None
    status_index: int
    starts: date | None = None
    ends: date | None = None
    holder: str = ""
    issuer: str = ""


def compact(certificate: Certificate, signer: jose.Signer) -> str:
    """The certificate as a short signed token. Times are cut to whole seconds."""
    claims: dict[str, Any] = {
        "jti": certificate.number,
        "iat": int(certificate.issued_at.timestamp()),
        "nbf": int(certificate.valid_from.timestamp()),
        "k": certificate.kind,
        "t": shortened(certificate.title, TITLE_BYTES),
        "x": certificate.status_index,
    }
    if certificate.valid_until is not None:
        claims["exp"] = int(certificate.valid_until.timestamp())
    if certificate.starts is not None and certificate.ends is not None:
        claims["d"] = [certificate.starts.isoformat(), certificate.ends.isoformat()]
    if certificate.issuer:
        claims["o"] = shortened(certificate.issuer, ISSUER_BYTES)
    if certificate.holder:
        claims["n"] = shortened(certificate.holder, HOLDER_BYTES)
    return jose.encode(claims, signer, kind=KIND)


def opened(token: str, keys: jose.Keys) -> Certificate:
    """What a short token says, its signature checked. Raises RuleBroken as `jose.opened`.

    Neither its dates nor its status are judged: see `checking`.
    """
    claims = jose.opened(token, keys, kind=KIND)
    try:
        days = [date.fromisoformat(day) for day in claims.get("d", [])]
        return Certificate(
            number=str(claims["jti"]),
            kind=str(claims["k"]),
            title=str(claims["t"]),
            issued_at=_moment(claims["iat"]),
            valid_from=_moment(claims["nbf"]),
            valid_until=_moment(claims["exp"]) if "exp" in claims else None,
            status_index=int(claims["x"]),
            starts=days[0] if days else None,
            ends=days[-1] if days else None,
            holder=str(claims.get("n", "")),
            issuer=str(claims.get("o", "")),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        raise RuleBroken(
            "credential.unreadable",
            _("This certificate was signed here, but this version cannot read it."),
            _("Type the code that is printed on it."),
        ) from None


def address(page: str, token: str) -> str:
    """The address that a QR code holds. `page`: full address of the check page, with its "/".

    Whatever a certificate says fits behind a page of 80 signs. Raises
    RuleBroken("credential.too-long") where the page's own address is far too long.
    """
    found = f"{page}#{token}"
    if len(found.encode()) > BUDGET:
        raise RuleBroken(
            "credential.too-long",
            _("The address of the check page is too long for a QR code."),
            _("Use a shorter address for this installation."),
        )
    return found


def token_in(text: str) -> str:
    """The token in what somebody pasted: an address, or the token alone; "" when there is none."""
    found = _TOKEN.fullmatch(text.strip().rpartition("#")[2])
    return found[0] if found else ""


def qr_svg(text: str) -> str:
    """`text` as a QR code in SVG, black on white with the margin that readers need.

    Raises RuleBroken("credential.too-long") over the budget.
    """
    if len(text.encode()) > BUDGET:
        raise RuleBroken(
            "credential.too-long",
            _("This is too long for a QR code."),
            _("Use a shorter address for this installation."),
        )
    code = segno.make_qr(text, error=CORRECTION, mode="byte", boost_error=False)
    picture = io.BytesIO()
    code.save(
        picture, kind="svg", border=4, xmldecl=False, svgns=True, dark="#000", light="#fff",
        omitsize=True,
    )  # fmt: skip
    return picture.getvalue().decode()


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` bytes of UTF-8, with "…" where something is left out."""
    text = " ".join(text.split())
    if len(text.encode()) <= room:
        return text
    cut = text.encode()[: room - len("…".encode())].decode(errors="ignore")
    return cut.rstrip() + "…"


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
