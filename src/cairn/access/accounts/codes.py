"""The set-up of an app: the address that it reads, and that address as a picture."""

from urllib.parse import quote, urlencode

import qrcode  # type: ignore[import-untyped]
from allauth.mfa import app_settings
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]

QUIET = 4  # modules of white around the code: ISO/IEC 18004 asks for four


def app_address(username: str, secret: str) -> str:
    """The otpauth address of `secret`, in the form that authenticator apps agreed on."""
    issuer = app_settings.TOTP_ISSUER
    label = quote(f"{issuer}:{username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"


def picture(text: str) -> str:
    """`text` as a QR code in SVG: black on white in every theme, or readers do not see it."""
    drawn = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    drawn.add_data(text)
    drawn.make(fit=True)
    rows = drawn.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 6}"'
        f' height="{size * 6}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )


def way_back(page: str) -> str:
    """`page` as the query that leads back to it."""
    return urlencode({"next": page})
