"""The paper twin of the phone app: a blank form on one page, with its serial and a QR of it.

A payload, from the page that prints or from tests, is a mapping:
    language    of the document: "en", "fr", "ar"
    printed_on  ISO day
    serials     as stored; each gets a page of its own
    unit        name of the receiving unit
    setting     where it is used, in words
    texts       words of the app by key (see PARTS), in that language
    bands       the three labels of one's own view
    signs       texts of the signs in the order of the app, in that language
    emergency   [[label, number], ...] of the unit
    recipients  labels of those who may receive something
    areas       labels of areas
"""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any, Final

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.identification.rules.paper import grouped
from cairn.ui.formats import date_text
from cairn.ui.pdf import render

Payload = Mapping[str, Any]
TEMPLATE: Final = "identification/documents/typst/paper-form.typ"
# Level M repairs 15 % of the signs (ISO/IEC 18004), enough for a folded sheet; four modules of
# quiet zone are what the standard asks for.
_LEVEL: Final = "m"
_QUIET: Final = 4
# More than these would not fit on the page; the phone shows 8 to 12.
MOST_SIGNS: Final = 12

# Keys of the app's texts that the form prints, in the order of the steps.
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "danger": ("danger.now", "danger.no"),
    "steps": ("step.away", "step.called", "step.medical", "step.told-lead"),
    "privacy": ("privacy.alone", "privacy.not-alone"),
    "interpreter": ("interpreter.none", "interpreter.checked", "interpreter.unchecked"),
    "age": ("child.child", "child.maybe-child", "child.adult"),
    "childsteps": ("step.stopped", "step.guardian", "step.child-focal"),
    "told": ("who.said", "who.not_said"),
    "answers": ("observed.yes", "observed.no", "observed.unknown"),
    "needs": (
        "need.safe-place",
        "need.health",
        "need.counselling",
        "need.legal",
        "need.child",
        "need.asylum",
        "need.basic-needs",
        "need.family",
        "need.work-rights",
        "need.return",
        "need.interpreter",
        "need.hotline",
    ),
    "age_band": ("age.0-11", "age.12-17", "age.18-24", "age.25-59", "age.60+"),
    "sex": ("sex.female", "sex.male", "sex.other"),
    "consent": ("consent.yes", "consent.only", "consent.no", "consent.not-asked"),
    "outcome": (
        "handover.emergency",
        "handover.refer",
        "handover.child-referral",
        "handover.information",
        "handover.nothing",
    ),
    "contact": (
        "contact.in-person",
        "contact.safe-word",
        "contact.through-service",
        "contact.none",
    ),
}
HEADINGS: Final = (
    "danger.title",
    "emergency.title",
    "privacy.title",
    "interpreter.title",
    "language.title",
    "child.title",
    "child.lead",
    "childpath.title",
    "who.title",
    "observed.title",
    "observed.lead",
    "meaning.own",
    "where.needs",
    "where.age_band",
    "where.sex",
    "area.title",
    "consent.title",
    "consent.to",
    "identity.title",
    "identity.name",
    "identity.phone",
    "identity.note",
    "handover.title",
    "contact.title",
    "note.title",
    "note.help",
)


def text_keys() -> frozenset[str]:
    """Every key of the app's texts that the form prints."""
    return frozenset(HEADINGS).union(*CHOICES.values())


def qr_svg(text: str) -> str:
    """`text` as QR code in SVG, with its quiet zone."""
    out = BytesIO()
    code = segno.make_qr(text, error=_LEVEL)
    code.save(out, kind="svg", border=_QUIET, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()


def render_forms(payload: Payload) -> bytes:
    """Blank forms, one page each, as PDF. Raises PdfFailed, KeyError for a text that is missing."""
    language = str(payload["language"])
    with override(language):
        content = _content(payload)
    return render(
        TEMPLATE,
        content,
        language=language,
        document="paper-forms",
        created=date.fromisoformat(str(payload["printed_on"])),
    )


def _content(payload: Payload) -> dict[str, Any]:
    texts: Mapping[str, str] = payload["texts"]
    serials: Sequence[str] = payload["serials"]
    printed_on = date_text(date.fromisoformat(str(payload["printed_on"])))
    return {
        "labels": {
            "page_of": "",
            "unshown": "",
            "bands": [str(label) for label in payload["bands"]],
            "write": _("Write in capital letters. Tick one box; cross out to change."),
            "leave": _("What you did not look at stays empty."),
            "seal": _(
                "Hand this form to the office that enters it. It is sealed there and destroyed. "
                "Carry it out of sight, and never leave it with anybody else."
            ),
            "consent_first": _("Only with a tick at “yes” or “only those” above."),
        },
        # Nothing on the paper says what it is about: whoever finds it learns as little as possible.
        "title": _("Field form"),
        "footer": _("%(unit)s, printed on %(day)s") % {"unit": payload["unit"], "day": printed_on},
        "setting": payload["setting"],
        "t": {key: str(texts[key]) for key in HEADINGS},
        "choices": {part: [str(texts[key]) for key in keys] for part, keys in CHOICES.items()},
        "signs": [str(text) for text in payload["signs"]][:MOST_SIGNS],
        "emergency": [list(pair) for pair in payload.get("emergency") or []][:3],
        "recipients": [str(label) for label in payload.get("recipients") or []][:6],
        "areas": [str(label) for label in payload.get("areas") or []][:8],
        "forms": [
            {
                "serial": grouped(serial),
                "svg": qr_svg(serial),
                "alt": _("QR code of the serial %(serial)s") % {"serial": grouped(serial)},
            }
            for serial in serials
        ],
    }
