"""A referral taken out as a file: opened with a reason, and written into the history."""

from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cairn.access.permissions import Permission
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose
from cairn.referral.actions.referrals_reading import may_open_words
from cairn.referral.exports import primero
from cairn.referral.exports.referral_json import document
from cairn.referral.models.referrals import Referral
from cairn.referral.queries.exchange import case_id
from cairn.referral.rules import exchange
from cairn.referral.rules.referrals import State


class Form(StrEnum):
    """OWN: with the words that may be told; PRIMERO: what its documentation takes, no words."""

    OWN = "own"
    PRIMERO = "primero"


def take_out(actor: Actor, code: str, form: Form, purpose: Purpose, reason: str) -> str:
    """The file of an accepted referral, for its sender and its recipient.

    Not inside a transaction. Raises Referral.DoesNotExist, PermissionDenied, RuleBroken
    ("oversight.reason", "referral.file-basis", "referral.file-state").
    """
    found = Referral.objects.visible_to(actor).select_related(
        "service", "organisation", "recipient"
    )
    referral = found.get(code=code)
    if not actor.may(Permission.REFERRAL_OPEN):
        raise PermissionDenied(Permission.REFERRAL_OPEN.value)
    exchange.check_goes_out(
        State(referral.state),
        referral.basis,
        is_open=referral.is_content_open and may_open_words(actor, referral),
    )
    words = readings.read(actor, [referral], ["content"], purpose, reason)[0].values["content"]
    content = {} if isinstance(words, Unreadable) or not words else dict(words)
    made = document(referral, content)
    text = (
        exchange.written(made)
        if form is Form.OWN
        else primero.referral(made, case_id(referral.person_id))
    )
    with transaction.atomic():
        audit.record(actor, "referral.file_made", referral, form=form.value)
    return text
