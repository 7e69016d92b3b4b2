"""Certificates and confirmations of attendance as PDF: one to a page, each in its own language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cairn.training.openbadges.compact import PRINTED_MM, qr_svg
from cairn.training.rules.choices import CredentialKind
from cairn.ui.formats import date_text
from cairn.ui.pdf import render

TEMPLATE = "training/documents/typst/certificate.typ"

_HEADINGS: Mapping[str, Promise] = {
    CredentialKind.ATTENDANCE: gettext_lazy("Confirmation of attendance"),
    CredentialKind.ACHIEVEMENT: gettext_lazy("Certificate"),
    CredentialKind.TRAINER: gettext_lazy("Trainer certificate"),
    CredentialKind.TEAM_MEMBER: gettext_lazy("Confirmation of team membership"),
    CredentialKind.ASSESSOR: gettext_lazy("Assessor certificate"),
}
_DID: Mapping[str, Promise] = {
    CredentialKind.ATTENDANCE: gettext_lazy("took part in"),
    CredentialKind.ACHIEVEMENT: gettext_lazy("completed successfully"),
    CredentialKind.TRAINER: gettext_lazy("is qualified as"),
    CredentialKind.TEAM_MEMBER: gettext_lazy("is a member of"),
    CredentialKind.ASSESSOR: gettext_lazy("is qualified as"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One certificate as it is printed. All texts are in `language`.

    `achieved`: what it is for, in large type; `about`: a sentence on it, or "". `holder`: the name
    as its holder agreed to show it; "" leaves a line to write it on. `address`: what the QR code
    holds; `page`: the check page, for typing. `starts`, `ends`: days of the training.
    """

    number: str
    kind: str
    language: str
    issuer: str
    achieved: str
    address: str
    page: str
    issued_on: date
    valid_until: date | None = None
    holder: str = ""
    about: str = ""
    place: str = ""
    starts: date | None = None
    ends: date | None = None


def certificates_pdf(sheets: Sequence[Sheet], *, document: str, today: date) -> bytes:
    """All `sheets` in their order as one tagged PDF. `document`: id for logs, no names.

    Raises RuleBroken("credential.too-long") for an address that no QR code here holds, PdfFailed.
    """
    language = sheets[0].language if sheets else "en"
    return render(TEMPLATE, payload(sheets), language=language, document=document, created=today)


def payload(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """What the template reads."""
    language = sheets[0].language if sheets else "en"
    with override(language):
        title = str(_HEADINGS[sheets[0].kind]) if len(sheets) == 1 else _("Certificates")
        unshown = _("The sign %(sign)s stands for a character that no font here can draw.") % {
            "sign": "\ufffd"
        }
    return {
        "title": title,
        "author": sheets[0].issuer if sheets else "Cairn",
        "labels": {"unshown": unshown},
        "sheets": [_sheet(sheet) for sheet in sheets],
    }


def _sheet(sheet: Sheet) -> dict[str, Any]:
    with override(sheet.language):
        return {
            "lang": sheet.language,
            "number": sheet.number,
            "issuer": sheet.issuer,
            "heading": str(_HEADINGS[sheet.kind]),
            "holder": sheet.holder,
            "achieved": sheet.achieved,
            "about": sheet.about,
            "facts": _facts(sheet),
            "page": sheet.page,
            "svg": qr_svg(sheet.address),
            "qr_mm": PRINTED_MM,
            "labels": {
                "certifies": _("This is to certify that"),
                "did": str(_DID[sheet.kind]),
                "name_by_hand": _("Name, written by the holder"),
                "signed": _("For the issuer: name, function, signature, seal"),
                "qr_alt": _("QR code with the address where this certificate can be checked"),
                "check": _("To check it, scan this, or type the code on the page below."),
                "note": _(
                    "The code is signed electronically. A phone that has opened the check page "
                    "once checks it without a connection and says how old its list of revoked "
                    "certificates is."
                ),
            },
        }


def _facts(sheet: Sheet) -> list[dict[str, str]]:
    found = []
    if sheet.starts is not None and sheet.ends is not None:
        found.append((_("Held"), _period(sheet.starts, sheet.ends)))
    if sheet.place:
        found.append((_("Place"), sheet.place))
    found.append((_("Issued on"), date_text(sheet.issued_on)))
    found.append(
        (
            _("Valid until"),
            date_text(sheet.valid_until) if sheet.valid_until else _("It does not expire"),
        )
    )
    return [{"label": label, "value": value} for label, value in found]


def _period(starts: date, ends: date) -> str:
    if starts == ends:
        return date_text(starts)
    return _("%(first)s to %(last)s") % {"first": date_text(starts), "last": date_text(ends)}
