"""A provider answers while an editor asks anew, says something else, or takes the service out."""

import pytest

from cairn.core.actor import PUBLIC
from cairn.core.models import AuditEntry
from cairn.referral.actions import confirmations as actions
from cairn.referral.actions.services import close_service, say_capacity
from cairn.referral.models import Confirmation, Service
from cairn.referral.tests.factories import provider
from cairn.referral.tests.factories_directory import service
from cairn.referral.tests.test_directory_links import token_of
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def test_a_link_is_used_once_whatever_happens_at_the_same_moment() -> None:
    own = provider()
    made = service(own)

    # Two taps of the same link.
    token = token_of(actions.ask_provider(own, made.code))
    came = at_once(
        lambda: actions.answer_link(PUBLIC, token, "open"),
        lambda: actions.answer_link(PUBLIC, token, "closed"),
    )
    assert came == ["done", "service.link"]
    used = Confirmation.objects.exclude(used_at=None).get()
    assert Service.objects.get().capacity == used.answer
    assert AuditEntry.objects.filter(code="service.answered").count() == 1

    # An answer, a new link and a word of the editor: nothing waits for ever, the last word stands.
    token = token_of(actions.ask_provider(own, made.code))
    came = at_once(
        lambda: actions.answer_link(PUBLIC, token, "waiting-list"),
        lambda: actions.ask_provider(own, made.code),
        lambda: say_capacity(own, made.code, "closed"),
    )
    assert came in (["done", "done", "done"], ["done", "done", "service.link"])
    last = AuditEntry.objects.filter(code="service.capacity").order_by("-sequence")[0]
    assert Service.objects.get().capacity == last.facts["capacity"]

    # Taken out meanwhile: the answer counts before, or is refused after.
    token = token_of(actions.ask_provider(own, made.code))
    came = at_once(
        lambda: actions.answer_link(PUBLIC, token, "open"),
        lambda: close_service(own, made.code),
    )
    assert came[0] == "done"
    assert came[1] in {"done", "service.closed", "service.link"}
    assert Service.objects.get().closed_at is not None
