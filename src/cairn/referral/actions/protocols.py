"""Every write about protocols: drafted, changed, signed by each party, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions.alerts import tell
from cairn.referral.models.protocols import Protocol, Signature
from cairn.referral.rules import protocols as rules
from cairn.referral.rules.protocols import ProtocolState, SignatureForm


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed. `country`: ISO 3166-1 alpha-3 where it holds, "" everywhere."""

    title: str
    text: str
    parties: Sequence[Organisation]
    categories: Sequence[str]
    purposes: Sequence[str]
    starts_on: date
    ends_on: date
    country: str = ""

    def values(self) -> dict[str, Any]:
        """Field of the record -> value; the parties are kept apart."""
        return {
            "title": self.title.strip(),
            "text": self.text.strip(),
            "categories": sorted(set(self.categories)),
            "purposes": sorted(set(self.purposes)),
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "country": self.country,
        }


@transaction.atomic
def draft_protocol(
    actor: Actor, keeper: Organisation, terms: Terms, *, replaces: str = ""
) -> Protocol:
    """Draft a protocol, or a later version of the one with the code `replaces`.

    Raises Protocol.DoesNotExist, PermissionDenied, RuleBroken ("protocol.replaced" and those of
    check_draft and check_days).
    """
    protocol = Protocol(
        organisation=keeper,
        drafted_at=clock.now(),
        drafted_by=acting(actor),
        **terms.values(),
    )
    require(actor, Permission.PROTOCOL_SIGN, within=protocol)
    if replaces:
        earlier = _held(actor, replaces)
        has_later = earlier.later.exclude(state=ProtocolState.ENDED).exists()
        rules.check_replaced(earlier.state, earlier.ended_on, has_later=has_later)
        protocol.replaces, protocol.version = earlier, earlier.version + 1
    _check(terms)
    save_with_code(protocol)
    protocol.parties.set(terms.parties)
    audit.record(actor, "protocol.drafted", protocol, version=protocol.version)
    return protocol


@transaction.atomic
def change_protocol(actor: Actor, code: str, terms: Terms) -> Protocol:
    """Change a draft that nobody has signed.

    Raises Protocol.DoesNotExist, PermissionDenied, RuleBroken ("protocol.signed" and those of
    check_draft and check_days).
    """
    protocol = _held(actor, code)
    require(actor, Permission.PROTOCOL_SIGN, within=protocol)
    rules.check_changeable(protocol.state, protocol.signatures.count())
    _check(terms)
    wanted = terms.values()
    changed = [name for name, value in wanted.items() if getattr(protocol, name) != value]
    for name in changed:
        setattr(protocol, name, wanted[name])
    require(actor, Permission.PROTOCOL_SIGN, within=protocol)
    protocol.save(update_fields=changed)
    protocol.parties.set(terms.parties)
    audit.record(actor, "protocol.changed", protocol, fields=sorted(changed))
    return protocol


@transaction.atomic
def sign_protocol(actor: Actor, code: str, party: UUID) -> Protocol:
    """Sign for `party`, one of the actor's own organisations; with the last one it is signed.

    Raises Protocol.DoesNotExist, PermissionDenied, RuleBroken ("protocol.days" and those of
    check_signing).
    """
    protocol = _held(actor, code)
    _require_signer(actor, party, protocol.country)
    signature = Signature(organisation_id=party, signed_on=timezone.localdate(clock.now()))
    return _signed(actor, protocol, signature)


@transaction.atomic
def note_paper_signature(
    actor: Actor, code: str, party: UUID, *, signed_on: date, paper: str
) -> Protocol:
    """Note that a party, which has nobody here who could, signed on paper; `paper`: where it is.

    Raises Protocol.DoesNotExist, PermissionDenied, RuleBroken ("protocol.signed-on" and those of
    check_signing and check_paper).
    """
    protocol = _held(actor, code)
    require(actor, Permission.PROTOCOL_SIGN, within=protocol)
    rules.check_paper(
        paper,
        signs_here=bool(holders(Permission.PROTOCOL_SIGN, party)),
        signed_by=list(protocol.signatures.values_list("signed_by", flat=True)),
        recorded_by=acting(actor),
    )
    rules.check_signed_on(signed_on, timezone.localdate(clock.now()))
    signature = Signature(
        organisation_id=party, signed_on=signed_on, form=SignatureForm.PAPER, paper=paper.strip()
    )
    return _signed(actor, protocol, signature)


@transaction.atomic
def end_protocol(actor: Actor, code: str, *, on: date, reason: str) -> Protocol:
    """End a protocol, or give up a draft. Any party may: nothing is shared from `on` on.

    Raises Protocol.DoesNotExist, PermissionDenied, RuleBroken (those of check_ending).
    """
    protocol = _held(actor, code)
    own = {*protocol.parties.values_list("pk", flat=True), protocol.organisation_id}
    if not any(_may_sign(actor, each, protocol.country) for each in own):
        require(actor, Permission.PROTOCOL_SIGN, within=protocol)
    today = timezone.localdate(clock.now())
    rules.check_ending(protocol.standing(today), on, reason, today)
    _end(protocol, on, today, acting(actor), reason.strip())
    audit.record(actor, "protocol.ended", protocol, on=on.isoformat())
    _tell_parties(actor, protocol, "protocol.ended")
    return protocol


def digest_of(protocol: Protocol) -> str:
    """SHA-256 (hex) of what a party of `protocol` signs. One query."""
    facts = {
        "code": protocol.code,
        "version": protocol.version,
        "title": protocol.title,
        "text": protocol.text,
        "country": protocol.country,
        "categories": sorted(protocol.categories),
        "purposes": sorted(protocol.purposes),
        "starts_on": protocol.starts_on.isoformat(),
        "ends_on": protocol.ends_on.isoformat(),
    }
    return rules.digest(facts, [str(party.pk) for party in protocol.parties.all()])


def _held(actor: Actor, code: str) -> Protocol:
    """The protocol of this code, held until the end of the transaction."""
    rows = Protocol.objects.visible_to(actor).select_for_update(of=("self",))
    found: Protocol = rows.get(code=code)
    return found


def _check(terms: Terms) -> None:
    rules.check_draft(
        title=terms.title,
        text=terms.text,
        parties=[party.pk for party in terms.parties],
        categories=terms.categories,
        purposes=terms.purposes,
    )
    rules.check_days(terms.starts_on, terms.ends_on, timezone.localdate(clock.now()))


def _may_sign(actor: Actor, party: UUID, country: str) -> bool:
    return actor.may_within(Permission.PROTOCOL_SIGN, party, None, country)


def _require_signer(actor: Actor, party: UUID, country: str) -> None:
    within = Protocol(organisation_id=party, country=country)
    require(actor, Permission.PROTOCOL_SIGN, within=within)


def _signed(actor: Actor, protocol: Protocol, signature: Signature) -> Protocol:
    """Add a signature; with the last one the protocol is signed, and takes the earlier's place."""
    now = clock.now()
    today = timezone.localdate(now)
    parties = [party.pk for party in protocol.parties.all()]
    known = list(protocol.signatures.all())
    signed = [each.organisation_id for each in known]
    rules.check_signing(protocol.state, parties, signed, signature.organisation_id)
    rules.check_days(protocol.starts_on, protocol.ends_on, today)
    words = digest_of(protocol)
    rules.check_same_words([each.digest for each in known], words)
    signature.protocol, signature.digest = protocol, words
    signature.recorded_at, signature.signed_by = now, acting(actor)
    signature.save(force_insert=True)
    is_here = signature.form == SignatureForm.HERE
    audit.record(
        actor,
        "protocol.signed" if is_here else "protocol.noted",
        protocol,
        party=str(signature.organisation_id),
        digest=words,
    )
    if rules.is_complete(parties, [*signed, signature.organisation_id]):
        _take_effect(actor, protocol, today)
    else:
        _tell_parties(actor, protocol, "protocol.waits")
    return protocol


def _take_effect(actor: Actor, protocol: Protocol, today: date) -> None:
    protocol.state, protocol.signed_on = ProtocolState.SIGNED, today
    protocol.save(update_fields=["state", "signed_on"])
    audit.record(actor, "protocol.agreed", protocol)
    if protocol.replaces_id is not None:
        earlier = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.replaces_id)
        on = max(protocol.starts_on, today)
        if earlier.ended_on is None or earlier.ended_on > on:
            _end(earlier, on, today, acting(actor), "")
            audit.record(actor, "protocol.replaced", earlier, by=protocol.code)
    _tell_parties(actor, protocol, "protocol.agreed")


def _end(protocol: Protocol, on: date, today: date, by: UUID, reason: str) -> None:
    protocol.ended_on, protocol.ended_by, protocol.end_reason = on, by, reason
    if on <= today or protocol.state == ProtocolState.DRAFT:
        protocol.state = ProtocolState.ENDED
    protocol.save(update_fields=["ended_on", "ended_by", "end_reason", "state"])


def _tell_parties(actor: Actor, protocol: Protocol, code: str) -> None:
    """A notice before those who sign for a party, but whoever did it."""
    users = {
        user
        for party in protocol.parties.values_list("pk", flat=True)
        for user in holders(Permission.PROTOCOL_SIGN, party)
    }
    users.discard(acting(actor))
    tell(sorted(users, key=str), code, protocol.pk, protocol=protocol.code)
