"""Two people at once: the last two signatures of a protocol, and the same signature twice."""

import pytest

from cairn.access.tests.factories import organisation
from cairn.core.models import AuditEntry
from cairn.referral.actions.protocols import draft_protocol, end_protocol, sign_protocol
from cairn.referral.models import Protocol, Signature
from cairn.referral.rules.protocols import ProtocolState
from cairn.referral.tests.protocols_made import both, other, terms
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def test_two_parties_sign_at_once_and_the_protocol_is_signed_once() -> None:
    own, partner = both()
    made = draft_protocol(own, organisation(), terms())
    ours, theirs = organisation().pk, other().pk
    found = at_once(
        lambda: sign_protocol(own, made.code, ours),
        lambda: sign_protocol(partner, made.code, theirs),
    )
    assert found == ["done", "done"]
    made.refresh_from_db()
    assert made.state == ProtocolState.SIGNED
    assert AuditEntry.objects.filter(code="protocol.agreed").count() == 1


def test_one_party_signs_once_however_often_it_is_sent() -> None:
    own, _partner = both()
    made = draft_protocol(own, organisation(), terms())
    ours = organisation().pk
    found = at_once(*[lambda: sign_protocol(own, made.code, ours)] * 3)
    assert found == ["done", "protocol.twice", "protocol.twice"]
    assert Signature.objects.count() == 1


def test_a_protocol_that_is_ended_while_the_last_party_signs_is_not_both() -> None:
    own, partner = both()
    made = draft_protocol(own, organisation(), terms())
    sign_protocol(own, made.code, organisation().pk)
    theirs = other().pk
    found = at_once(
        lambda: end_protocol(own, made.code, on=made.starts_on, reason="Invented reason"),
        lambda: sign_protocol(partner, made.code, theirs),
    )
    made.refresh_from_db()
    assert made.state == ProtocolState.ENDED
    # Either it was signed first and then ended, or the signature came too late.
    assert found in (["done", "done"], ["done", "protocol.state"])
    assert Signature.objects.count() == found.count("done")
    assert not Protocol.objects.in_force(made.starts_on).exists()
