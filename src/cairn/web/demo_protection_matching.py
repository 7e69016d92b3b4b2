"""Two invented records of the demonstration that may be of one person, for somebody to decide."""

from django.db import transaction
from django.utils import timezone

from cairn.referral.actions import Facts, SealedTexts, enter_person
from cairn.referral.actions.matching import look_through, refresh_keys
from cairn.referral.models import Pair
from cairn.referral.rules import AgeBand
from cairn.web.demo_protection import COUNTRY, Home

# One invented woman, as two clerks wrote her down. Invented names, no real numbers.
FIRST = {
    "given": "Demoria",
    "family": "Inventovna Samplewala",
    "birth": "1996-08-23",
    "sex": "female",
    "nationality": "NPL",
    "documents": [{"kind": "card", "number": "DEMO-000117"}],
}
AGAIN = FIRST | {
    "given": "Demorya",
    "family": "Samplevala",
    "documents": [{"kind": "card", "number": "DEMO-000117"}],
}


def make_matching(home: Home) -> int:
    """Enter both and compare them as the night does; 0 when they are there already."""
    actor = home.actors["service-provider"]
    if Pair.objects.visible_to(actor).filter(organisation=home.own).exists():
        return 0
    made = []
    for identity in (FIRST, AGAIN):
        texts = SealedTexts(f"{identity['given']} {identity['family']}", "", "Invented.")
        facts = Facts(home.own, COUNTRY, AgeBand.ADULT, timezone.localdate())
        with transaction.atomic():
            person = enter_person(actor, facts, texts)
            refresh_keys(person, identity)
        made.append(person.pk)
    return len(made) + look_through(home.own.pk, made)
