"""What the clock does with consents: those whose last day is over say so."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.core import clock
from cairn.oversight.actions.alerts import tell
from cairn.oversight.outcomes import Facts, Outcome
from cairn.referral.actions.consent import expire
from cairn.referral.models.consent import Consent
from cairn.referral.models.persons import Person

# So many in one round; the next goes on where this one stopped.
AT_ONCE = 500


def expire_due(facts: Facts) -> Outcome:
    """Take every consent whose last day is over to "expired", one person at a time.

    Whoever works with the person is told once, without a word on what it was about. Two rounds at
    once do no harm: the person is held, and what was settled meanwhile is left alone.
    """
    today = timezone.localdate(clock.now())
    due = Consent.objects.over(today).order_by("expires_on", "pk")
    found: dict[UUID, list[int]] = {}
    for person_id, number in due.values_list("person_id", "number")[:AT_ONCE]:
        found.setdefault(person_id, []).append(number)
    expired = 0
    for person_id, numbers in found.items():
        with transaction.atomic():
            person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
            done = [number for number in numbers if expire(SYSTEM, person, number, today)]
            expired += len(done)
            if done and person.caseworker is not None and person.is_open:
                tell([person.caseworker], "consent.expired", person.pk, pseudonym=person.code)
    return Outcome(facts={"expired": expired})
