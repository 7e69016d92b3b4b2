"""What stands on a consent that is taken back ends, whichever consent was written beside it."""

import pytest

from cairn.core.actor import Actor
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.sharing import Terms, accept_offer, propose_share
from cairn.referral.models import Consent, Person, ShareAgreement
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import ConsentState, Said
from cairn.referral.rules.sharing import ShareState
from cairn.referral.rules.sharing_transfer import LineState
from cairn.referral.tests.consent_factories import answered, in_days, to_any
from cairn.referral.tests.protocols_made import other
from cairn.referral.tests.sharing_made import Two, offered, says_yes, states, two, willing

pytestmark = pytest.mark.django_db
TOLD = ["need", "contact"]


@pytest.fixture
def at() -> Two:
    return two()


def agreed(actor: Actor, made: Person, state: ConsentState = ConsentState.GIVEN) -> Consent:
    return answered(actor, made, state, recipient=other(), categories=TOLD)


def shared(at: Two, made: Person) -> ShareAgreement:
    """Accepted over there, on what the person has agreed to by name."""
    terms = Terms(Purpose.ASSISTANCE, ["need"], in_days(9), {"need": "Blimberquat"})
    share = propose_share(at.giver, made.code, other(), terms)
    return accept_offer(at.taker, share.code, 1)


def over(consent: Consent) -> None:
    """The clock has taken it to its end."""
    Consent.objects.filter(pk=consent.pk).update(state=ConsentState.EXPIRED)


def test_a_share_ends_with_the_consent_on_which_it_stands_by_now(at: Two) -> None:
    made = willing(at.worker)
    first = agreed(at.worker, made)
    share = shared(at, made)
    over(first)
    later = agreed(at.worker, made)
    share.refresh_from_db()
    assert (share.consent_id, share.state) == (first.pk, ShareState.ACTIVE)
    withdraw(at.worker, made.code, later.number, Said.IN_PERSON)
    share.refresh_from_db()
    assert share.state == ShareState.REVOKED
    assert not share.content


def test_a_no_by_name_ends_what_was_shared_on_a_yes_to_the_kind(at: Two) -> None:
    made = willing(at.worker)
    named = agreed(at.worker, made)
    share = shared(at, made)
    over(named)
    kind = answered(at.worker, made, categories=TOLD, **to_any())
    ShareAgreement.objects.filter(pk=share.pk).update(consent=kind)
    agreed(at.worker, made, ConsentState.REFUSED)
    share.refresh_from_db()
    assert share.state == ShareState.REVOKED


def test_what_another_answer_is_about_goes_on(at: Two) -> None:
    made = willing(at.worker)
    agreed(at.worker, made)
    share = shared(at, made)
    kind = answered(at.worker, made, categories=TOLD, **to_any())
    withdraw(at.worker, made.code, kind.number, Said.IN_PERSON)
    # The whole file does not go any more; what is shared for the help is another question.
    withdraw(at.worker, made.code, 1, Said.IN_PERSON)
    share.refresh_from_db()
    assert share.state == ShareState.ACTIVE


def test_a_file_stays_with_the_consent_on_which_its_offer_stands_by_now(at: Two) -> None:
    made, alike = willing(at.worker), willing(at.worker)
    hand_over = offered(at, made, alike)
    over(Consent.objects.get(person=made))
    number = says_yes(at.worker, made)
    assert states(hand_over) == [LineState.OFFERED] * 2
    withdraw(at.worker, made.code, number, Said.IN_PERSON)
    assert sorted(states(hand_over)) == [LineState.OFFERED, LineState.STAYS]


def test_a_no_to_the_help_leaves_the_offer_of_the_file_alone(at: Two) -> None:
    made = willing(at.worker)
    hand_over = offered(at, made)
    agreed(at.worker, made, ConsentState.REFUSED)
    assert states(hand_over) == [LineState.OFFERED]


def test_a_file_does_not_go_on_less_than_was_agreed_before(at: Two) -> None:
    made = willing(at.worker)
    hand_over = offered(at, made)
    over(Consent.objects.get(person=made))
    says_yes(at.worker, made)
    says_yes(at.worker, made, categories=["need"])
    assert states(hand_over) == [LineState.STAYS]
