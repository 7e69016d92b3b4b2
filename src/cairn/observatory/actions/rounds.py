"""The round that wipes extracts and exact counts of releases that are over, or went no further."""

from datetime import timedelta

from cairn.core import clock
from cairn.observatory.building import wipe
from cairn.observatory.models import Release
from cairn.observatory.rules.pipeline import OVER, WORK_DAYS
from cairn.oversight.outcomes import Facts, Outcome


def wipe_old(_facts: Facts) -> Outcome:
    """What an interrupted step left is wiped as well."""
    old = clock.now() - timedelta(days=WORK_DAYS)
    count = 0
    for release in Release.objects.exclude(work_key=None):
        if release.state in OVER or release.made_at < old:
            wipe(release.pk)
            count += 1
    return Outcome(facts={"wiped": count})
