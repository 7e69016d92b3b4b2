"""Certificates leave as paper or as a badge: opened for a reason, which is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.actions import readings
from cairn.oversight.rules import Purpose
from cairn.training.documents.certificate import Sheet, certificates_pdf
from cairn.training.models import Credential, TrainingEvent
from cairn.training.openbadges import badge, compact, jose
from cairn.training.openbadges.checking import Verdict
from cairn.training.openbadges.compact import Certificate
from cairn.training.queries import credentials as queries
from cairn.vault import issuing

PRINTABLE = frozenset({Verdict.VALID, Verdict.NOT_YET, Verdict.EXPIRED})


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF. `count`: certificates in it; `left`: valid ones that did not fit in one go."""

    pdf: bytes
    count: int
    left: int = 0


def print_event(actor: Actor, reference: str, reason: str, page: str) -> Printed:
    """All certificates of an event that still hold, in one PDF; at most a hundred.

    `page`: full address of the check page. Never inside a transaction. Raises
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("credential.nothing-to-print",
    "oversight.reason", "credential.too-long").
    """
    event = TrainingEvent.objects.visible_to(actor).get(reference=reference)
    now = clock.now()
    rows = [
        row
        for row in queries.of_event(actor, event)
        if queries.verdict_of(row, now=now) in PRINTABLE
    ]
    held = rows[: readings.MOST_AT_ONCE]
    pdf = _pdf(actor, held, reason, page, document=f"certificates-{event.reference}")
    return Printed(pdf, len(held), len(rows) - len(held))


def print_one(actor: Actor, code: str, reason: str, page: str) -> Printed:
    """One certificate as PDF. Raises Credential.DoesNotExist, else as `print_event`."""
    found = queries.find(actor, code)
    held = [found] if queries.verdict_of(found, now=clock.now()) in PRINTABLE else []
    return Printed(_pdf(actor, held, reason, page, document=f"certificate-{found.code}"), 1)


def open_names(actor: Actor, held: Sequence[Credential], reason: str) -> list[readings.Opened]:
    """The names on certificates that the caller found through `visible_to`, in their order.

    Never inside a transaction. Raises PermissionDenied, RuleBroken ("oversight.reason",
    "oversight.too-many").
    """
    return readings.read(actor, held, ["name_form"], Purpose.TRAINING, reason)


def badge_of(actor: Actor, code: str, reason: str, issuer: badge.Issuer) -> str:
    """One certificate as Open Badges 3.0 (VC-JWT), for the holder's wallet.

    Raises Credential.DoesNotExist, PermissionDenied, RuleBroken as `print_event`.
    """
    found = queries.find(actor, code)
    _check_any([found] if queries.verdict_of(found, now=clock.now()) in PRINTABLE else [])
    (opened,) = readings.read(actor, [found], ["name_form"], Purpose.TRAINING, reason)
    name, criteria = queries.texts_of(found.type, found.language)
    content = badge.credential(
        queries.certificate_of(found, _text(opened.values["name_form"])),
        badge.Achievement(
            address=f"urn:uuid:{found.type_id}",
            name=name,
            description=criteria or name,
            criteria=criteria or name,
            language=found.language,
        ),
        issuer,
    )
    current = issuing.signer()
    token = badge.signed(content, jose.Signer(current.key_id, current.sign), keys=issuer.keys)
    _note(actor, "credential.badge_taken", found)
    return token


def _pdf(
    actor: Actor, held: Sequence[Credential], reason: str, page: str, *, document: str
) -> bytes:
    _check_any(held)
    opened = readings.read(actor, held, ["name_form", "token"], Purpose.TRAINING, reason)
    sheets = [
        sheet_of(each.record, _text(each.values["name_form"]), token, page)
        for each in opened
        if (token := _text(each.values["token"]))
    ]
    _check_any(sheets)
    pdf = certificates_pdf(sheets, document=document, today=timezone.localdate())
    _note(actor, "credential.printed", held[0].event or held[0], count=len(sheets))
    return pdf


def sheet_of(credential: Credential, holder: str, token: str, page: str) -> Sheet:
    """What is printed of a certificate. `token`: its signed short form, as it was issued."""
    name, criteria = queries.texts_of(credential.type, credential.language)
    certificate: Certificate = queries.certificate_of(credential)
    with override(credential.language):
        achieved = certificate.title
        if credential.event is None and credential.level:
            achieved = _("%(type)s: %(level)s") % {
                "type": name,
                "level": credential.get_level_display(),
            }
    return Sheet(
        number=credential.code,
        kind=credential.type.kind,
        language=credential.language,
        issuer=certificate.issuer,
        achieved=achieved,
        about=criteria,
        address=compact.address(page, token),
        page=page,
        issued_on=credential.issued_on,
        valid_until=credential.valid_until,
        holder=holder,
        place=credential.event.place if credential.event else "",
        starts=certificate.starts,
        ends=certificate.ends,
    )


def _check_any(held: Sequence[object]) -> None:
    if not held:
        raise RuleBroken(
            "credential.nothing-to-print",
            _("There is no certificate here that still holds."),
            _("Suspended, revoked and replaced ones are not printed again."),
        )


@transaction.atomic
def _note(actor: Actor, code: str, subject: Any, **facts: int) -> None:
    audit.record(actor, code, subject, **facts)


def _text(value: object) -> str:
    """An opened value; nothing for one that can no longer be read."""
    return value if isinstance(value, str) else ""
