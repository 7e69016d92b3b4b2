"""What the watch does at night about records that may be of one person: suggestions only."""

import importlib.util

from cairn.oversight.outcomes import Facts, Finding, Outcome
from cairn.referral.actions import matching
from cairn.referral.models.matching import MatchFeatures
from cairn.referral.queries import matching_pairs as pairs


def find_pairs(facts: Facts) -> Outcome:
    """Compare what changed since last time with the whole of its organisation."""
    for person in pairs.astray():
        matching.forget_keys(person)
    looked_at = made = 0
    for organisation_id, persons in pairs.waiting(matching.MOST_IN_A_RUN).items():
        made += matching.look_through(organisation_id, persons)
        looked_at += len(persons)
    found = Finding.FOUND if made else Finding.WELL
    return Outcome(found, {"looked_at": looked_at, "pairs": made})


def find_all_pairs(facts: Facts) -> Outcome:
    """Compare every record with every other, where the engine for that is installed (`linkage`).

    It finds what one question at a time passes over: pairs behind keys that very many share.
    """
    if importlib.util.find_spec("splink") is None:
        return Outcome(Finding.WELL, {"engine": "none"})
    from cairn.referral import linkage

    made = 0
    organisations = MatchFeatures.objects.order_by().values_list("organisation_id", flat=True)
    for organisation_id in organisations.distinct():
        made += matching.suggest(organisation_id, linkage.likely_pairs(organisation_id))
    found = Finding.FOUND if made else Finding.WELL
    return Outcome(found, {"engine": "splink", "pairs": made})
