"""What the page of a person shows of consent and of who saw the file."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent as queries
from cairn.referral.queries import consent_seen as seen
from cairn.referral.queries import consent_words as words

MOST_SHOWN = 3


def consent_panel(actor: Actor, person: Person) -> Mapping[str, Any]:
    """What may be told now, what waits for an answer. Two queries."""
    found = queries.summary(person, timezone.localdate(clock.now()))
    return {
        "person": person,
        "live": [
            (row, words.recipient(row), words.categories(row.categories))
            for row in found.live[:MOST_SHOWN]
        ],
        "asked": found.asked[:MOST_SHOWN],
        "count": found.count,
        "ends_on": found.ends_on,
        "ends_soon": found.ends_soon,
        "may_ask": person.is_open
        and actor.may_within(
            Permission.PERSON_EDIT, person.organisation_id, person.unit_id, person.country
        ),
    }


def seen_panel(actor: Actor, person: Person) -> Mapping[str, Any]:
    """The newest openings of the file. Two queries."""
    return {"person": person, "lines": seen.told(list(seen.readings(person)[:MOST_SHOWN]))}
