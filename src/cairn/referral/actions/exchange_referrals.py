"""Several referrals as one file, of what the grounds of today let out; approved by another."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.files import Details, FileForm, Read
from cairn.referral.actions.referrals_reading import may_open_words
from cairn.referral.exports.referral_json import document
from cairn.referral.models.referrals import Referral
from cairn.referral.queries import exchange as queries
from cairn.referral.queries.referrals_clearing import grounds
from cairn.referral.rules import exchange
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.exchange_files import check_amount, check_each, not_seen
from cairn.referral.rules.referrals import State

Allowed = tuple[frozenset[str], str]
"""Categories that may be told today, and on which basis."""


def allowed(actor: Actor, referral: Referral) -> Allowed:
    """Raises RuleBroken ("referral.file-basis", "referral.file-state", and of rules.clearing)."""
    exchange.check_goes_out(
        State(referral.state),
        referral.basis,
        is_open=referral.is_content_open and may_open_words(actor, referral),
    )
    found = grounds(
        referral.person, referral.service, referral.purpose, timezone.localdate(clock.now())
    )
    agreements = [found.ground, None if found.is_within else found.protocol]
    told: Collection[str] = frozenset(referral.categories).intersection(
        *(each.categories for each in agreements if each is not None)
    )
    found.check(sorted(told) or [DataCategory.NEED.value], "", "")
    return frozenset(told), found.basis("", "")


def referrals_for_file(actor: Actor, organisation_id: UUID, details: Details) -> list[Referral]:
    """Raises RuleBroken ("file.many", "file.code", "file.not-told")."""
    codes = list(details["codes"])
    check_amount(codes)
    found = queries.exportable_referrals(actor, organisation_id, codes)
    if missing := set(codes) - {each.code for each in found}:
        raise not_seen(sorted(missing))
    check_each(found, partial(allowed, actor))
    return found


def _text(actor: Actor, referrals: Sequence[Referral], _details: Details, read: Read) -> str:
    may = {each.pk: told for each, told in check_each(referrals, partial(allowed, actor))}
    documents = []
    for opened in read(referrals, ["content"]):
        categories, basis = may[opened.record.pk]
        words: Any = opened.values["content"]
        content = {} if isinstance(words, Unreadable) or not words else dict(words)
        documents.append(document(opened.record, content, categories=categories, basis=basis))
    return exchange.written_all(documents)


def _told(details: Details) -> list[tuple[str, str]]:
    return [(_("Records"), ", ".join(details["codes"]))]


FILES: Final = (
    FileForm(
        key="referrals-json",
        kind="referral",
        label=gettext_lazy("Referrals as JSON, with the words that may be told today"),
        permission=Permission.REFERRAL_OPEN,
        content_type="application/json; charset=utf-8",
        ending="json",
        records=referrals_for_file,
        told=_told,
        text=_text,
    ),
)
