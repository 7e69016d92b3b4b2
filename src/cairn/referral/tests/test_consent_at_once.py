"""Two colleagues and the clock with one consent at the same moment: each thing happens once."""

from collections import Counter

import pytest

from cairn.access.tests.factories import user_with_role
from cairn.oversight.models import SubjectRequest
from cairn.referral.actions.consent import answer_consent, withdraw
from cairn.referral.actions.consent_rounds import expire_due
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.rules.consent import ConsentState, Said
from cairn.referral.tests.consent_factories import answered, asked, in_days, reply
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
S = ConsentState


def test_each_thing_happens_once() -> None:
    first = actor_of(user_with_role("service-provider"))
    second = actor_of(user_with_role("service-provider", name="second"))
    one = person(first)

    # Two colleagues write down an answer: one stands, the other hears that there is one.
    made = asked(first, one)
    came = at_once(
        lambda: answer_consent(first, one.code, made.number, reply()),
        lambda: answer_consent(second, one.code, made.number, reply(S.REFUSED)),
    )
    assert came == ["consent.move", "done"]
    steps = Counter(ConsentStep.objects.values_list("after", flat=True))
    assert steps[S.GIVEN] + steps[S.REFUSED] == 1

    # The person says it to two colleagues at once: it is taken back once, with one review.
    given = answered(first, one)
    before = SubjectRequest.objects.count()
    came = at_once(
        lambda: withdraw(first, one.code, given.number, Said.PHONE),
        lambda: withdraw(second, one.code, given.number, Said.IN_PERSON),
    )
    assert came == ["consent.move", "done"]
    assert SubjectRequest.objects.count() == before + 1

    # The last day is over while the person takes it back to two colleagues: it runs out once at
    # most and before that, one colleague writes it down, and nothing follows on it.
    late = answered(first, one)
    Consent._base_manager.filter(pk=late.pk).update(starts_on=in_days(-9), expires_on=in_days(-1))
    before = SubjectRequest.objects.count()
    came = at_once(
        lambda: withdraw(first, one.code, late.number, Said.PHONE),
        lambda: withdraw(second, one.code, late.number, Said.IN_PERSON),
        lambda: expire_due({}),
        lambda: expire_due({}),
    )
    assert came == ["consent.move", "done", "done", "done"]
    steps_of = ConsentStep.objects.filter(consent=late, after__in=[S.WITHDRAWN, S.EXPIRED])
    ends = list(steps_of.order_by("number").values_list("after", flat=True))
    assert ends in ([S.WITHDRAWN], [S.EXPIRED, S.WITHDRAWN])
    late.refresh_from_db()
    assert late.state == S.WITHDRAWN
    assert SubjectRequest.objects.count() == before + 1

    # Two rounds at once let one consent run out once.
    over = answered(first, one)
    Consent._base_manager.filter(pk=over.pk).update(starts_on=in_days(-9), expires_on=in_days(-1))
    assert at_once(lambda: expire_due({}), lambda: expire_due({})) == ["done", "done"]
    assert ConsentStep.objects.filter(consent=over, after=S.EXPIRED).count() == 1

    # Two questions at once get two numbers.
    came = at_once(lambda: asked(first, one), lambda: asked(second, one))
    assert came == ["done", "done"]
    numbers = list(Consent.objects.filter(person=one).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
