"""How the history of a record is told: the sentences of every part together."""

from django.utils.functional import Promise

from cairn.referral.wording import (
    consent,
    directory,
    matching,
    outside,
    persons,
    plans,
    protocols,
    referrals,
    sharing,
)

SENTENCES: dict[str, Promise] = {
    **consent.SENTENCES,
    **directory.SENTENCES,
    **matching.SENTENCES,
    **outside.SENTENCES,
    **persons.SENTENCES,
    **plans.SENTENCES,
    **protocols.SENTENCES,
    **referrals.SENTENCES,
    **sharing.SENTENCES,
}
