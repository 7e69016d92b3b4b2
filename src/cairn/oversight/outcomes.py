"""What a round of the watch comes back with, and the periods and times it goes by. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# Facts that a round wrote down last time: codes, ids, counts and moments (ISO 8601).
Facts = Mapping[str, Any]


class Finding(TextChoices):
    """What a round found."""

    WELL = "well", _("All is well")
    FOUND = "found", _("Something to look at")
    BROKEN = "broken", _("Broken")
    FAILED = "failed", _("The check itself did not work")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`facts` replace those of the last time."""

    finding: Finding = Finding.WELL
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """A round: its name, how often it runs, and what it does with the facts of last time.

    `longest`: how long one run may take before another watch takes it over.
    """

    name: str
    period: timedelta
    run: Callable[[Facts], Outcome]
    longest: timedelta = timedelta(minutes=10)
