"""What the platform is told of records that may be about the same person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor
from cairn.oversight.outcomes import Task
from cairn.referral.actions.matching_rounds import find_all_pairs, find_pairs
from cairn.referral.queries import matching_pairs as queries
from cairn.referral.registry.told import Entry, Panel, Told
from cairn.referral.subjects import matching as _erased  # noqa: F401 - keys go with their person


def panel(actor: Actor, person: Any) -> Mapping[str, Any] | None:
    """Records of the same person, and suggestions for whoever decides them."""
    found = queries.of_person(actor, person)
    return None if found is None else {"same": found.same, "waiting": found}


TOLD = Told(
    entries=(Entry("duplicates", _("Possible duplicates"), "DUPLICATE_REVIEW", 330),),
    tones={"WAITING": "pair_suggested", "ACTIVE": "pair_same", "DONE": "pair_different"},
    rounds=(
        (
            Task("duplicates", timedelta(hours=24), find_pairs, longest=timedelta(hours=2)),
            _("Look for records of the same person"),
        ),
        (
            Task("all-duplicates", timedelta(days=7), find_all_pairs, longest=timedelta(hours=2)),
            _("Compare all records with each other"),
        ),
    ),
    panels=(Panel(90, _("Same person"), "referral/matching_panel.html", panel),),
)
