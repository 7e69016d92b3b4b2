"""What entries of the log about training say: the sentences of every part together."""

from django.utils.functional import Promise

from cairn.training.wording import (
    cascade,
    credentials,
    curriculum,
    events,
    followup,
    kits,
    people,
    results,
    roster,
    tests,
)

SENTENCES: dict[str, Promise] = {
    **cascade.SENTENCES,
    **credentials.SENTENCES,
    **curriculum.SENTENCES,
    **events.SENTENCES,
    **followup.SENTENCES,
    **kits.SENTENCES,
    **people.SENTENCES,
    **results.SENTENCES,
    **roster.SENTENCES,
    **tests.SENTENCES,
}
