"""Badges with a QR code, and name plates for the table, as PDF.

A code is enough for every use of a badge; a name stands on it only when the payload carries one,
which it does after somebody opened names with a reason.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import segno

from cairn.training.documents.folder_wording import (
    TEMPLATES,
    Content,
    Payload,
    Wording,
    opening,
)
from cairn.ui.pdf import render

# A badge is scanned from an arm's length off a worn card: level M repairs 15 % of the signs
# (ISO/IEC 18004), and four modules of quiet zone are what the standard asks for.
ERROR_LEVEL = "m"
QUIET_ZONE = 4


def qr_svg(text: str) -> str:
    """`text` as QR code in SVG, with its quiet zone."""
    code = segno.make_qr(text, error=ERROR_LEVEL)
    out = BytesIO()
    code.save(out, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()


def people(payload: Payload, wording: Wording) -> list[Content]:
    """Everybody who gets a badge: staff first, then participants by code."""
    return [
        _person(person, wording)
        for key in ("staff", "participants")
        for person in payload.get(key) or []
    ]


def _person(person: Mapping[str, Any], wording: Wording) -> Content:
    code = str(person["code"])
    return {
        "code": code,
        "name": str(person.get("name") or ""),
        "agency": str(person.get("agency") or ""),
        "role": str(person.get("role") or ""),
        "svg": qr_svg(str(person.get("qr") or code)),
        "alt": wording.labels["qr"].replace("{code}", code),
    }


def badges_content(payload: Payload, *, plates: bool = False) -> Content:
    """What the templates of badges and of name plates read."""
    wording = Wording(payload)
    document = wording.labels["name_plates" if plates else "badges"]
    return {**opening(payload, wording, document), "people": people(payload, wording)}


def render_badges(payload: Payload) -> bytes:
    """Badges of 90 by 53 mm, ten to a sheet of A4, with cutting lines. Raises PdfFailed."""
    return _render(payload, "event-badges", badges_content(payload))


def render_name_plates(payload: Payload) -> bytes:
    """Name plates to fold, two to a sheet of A4. Raises PdfFailed."""
    return _render(payload, "event-plates", badges_content(payload, plates=True))


def _render(payload: Payload, name: str, content: Content) -> bytes:
    wording = Wording(payload)
    return render(
        f"{TEMPLATES}/{name}.typ",
        content,
        language=wording.language,
        document=f"{name}-{payload['event']['reference']}",
        created=wording.made_on,
    )
