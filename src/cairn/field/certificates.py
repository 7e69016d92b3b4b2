"""What a certificate of training says for a phone: that it counts, and its generation."""

from dataclasses import dataclass
from datetime import datetime

from cairn.access.queries import SYSTEM
from cairn.training.models import CascadeCredit, Credential
from cairn.training.openbadges.checking import Verdict
from cairn.training.queries import credentials_check
from cairn.training.queries.credentials import tidied


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate that counts today. `generation`: 1 = taught by root trainers; None: unknown."""

    generation: int | None


def shown(typed: str, *, now: datetime) -> Shown | None:
    """What the certificate of this code gives; None when there is none that counts.

    Neither its code nor its holder is kept with the phone: the generation is all that crosses.
    """
    checked = credentials_check.by_code(typed, now=now)
    if checked is None or checked.verdict is not Verdict.VALID:
        return None
    rows = Credential.objects.visible_to(SYSTEM).filter(code=tidied(typed))
    credits = CascadeCredit.objects.filter(event__in=rows.values("event"))
    return Shown(credits.order_by("generation").values_list("generation", flat=True).first())
