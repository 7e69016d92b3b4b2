"""The duty list of 25 with three sealed columns against the same in the clear (at most 1.5x)."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

from bench import scene

ROWS = 25
ROUNDS = 40
TARGET = 1.5
TEXT = "An invented text of a length that people write."
REASON = "Measuring with invented records only."
DOOR = "cairn.referral.views.listing.open_duty_list"


def in_the_clear(actor: Any, persons: Sequence[Any], reason: str) -> list[Any]:
    """What the audited reading would give, without keys, opening or a trace."""
    from cairn.oversight.actions.readings import Opened
    from cairn.referral.subjects import SEALED

    return [Opened(person, dict.fromkeys(SEALED, TEXT)) for person in persons]


def client() -> Any:
    """Signed in as somebody with a full page of their own records."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from cairn.access.tests.factories import sign_in, user_with_role
    from cairn.referral.actions import SealedTexts, enter_person
    from cairn.referral.tests.factories import actor_of, facts

    call_command("createcachetable", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    user = user_with_role("service-provider")
    for _ in range(ROWS):
        enter_person(actor_of(user), facts(), SealedTexts(TEXT, TEXT, TEXT), is_mine=True)
    visitor = Client()
    sign_in(visitor, user)
    return visitor


def milliseconds(ask: Callable[[], Any]) -> float:
    """Processor time of one request."""
    began = time.process_time()
    answer = ask()
    took = (time.process_time() - began) * 1_000
    assert answer.status_code == 200
    assert answer.content.decode().count(TEXT) == 3 * ROWS
    return took


def main(arguments: Sequence[str]) -> int:
    rounds = int(arguments[0]) if arguments else ROUNDS
    scene.set_up()
    visitor = client()

    def sealed() -> Any:
        return visitor.post("/persons/duty/", {"reason": REASON})

    def clear() -> Any:
        with patch(DOOR, in_the_clear):
            return sealed()

    for ask in (sealed, clear):
        milliseconds(ask)  # templates and imports
    # In turns, so that a neighbour's work falls on both.
    pairs = [(milliseconds(sealed), milliseconds(clear)) for _ in range(rounds)]
    ours, plain = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"In the clear, no trace   {plain:7.2f} ms processor time, median of {rounds}")
    print(f"Sealed, audited reading  {ours:7.2f} ms, {ours / plain:.2f} times (at most {TARGET})")
    return 0 if ours <= TARGET * plain else 1
