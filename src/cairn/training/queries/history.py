"""The history of a training record in sentences: its steps along the states, newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.oversight.queries.people import names
from cairn.training.models import Step


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence: who, what, why, when."""

    who: str
    what: str
    why: str
    when: datetime


def history(
    actor: Actor,
    records: Iterable[models.Model],
    words: Mapping[str, TextChoices] | type[TextChoices],
) -> list[Told]:
    """The last fifty steps of `records` (all of one kind). `words`: the states. Two queries."""
    found = list(records)
    if not found:
        return []
    subject = type(found[0])._meta.model_name or ""
    ids = [record.pk for record in found]
    steps = list(Step.objects.filter(subject=subject, subject_id__in=ids)[:50])
    known = names(step.author_id for step in steps)
    return [
        Told(_who(step.author_id, known, actor), _sentence(step, words), step.reason, step.at)
        for step in steps
    ]


def _who(author: UUID | None, known: Mapping[UUID | None, str], actor: Actor) -> str:
    if author is None:
        return "Cairn"
    return _("You") if author == actor.user_id else known.get(author, "–")


def _sentence(step: Step, words: Mapping[str, TextChoices] | type[TextChoices]) -> str:
    after = _label(step.after, words)
    if not step.before:
        return _("entered it as “%(after)s”.") % {"after": after}
    return _("took it from “%(before)s” to “%(after)s”.") % {
        "before": _label(step.before, words),
        "after": after,
    }


def _label(value: str, words: Mapping[str, TextChoices] | type[TextChoices]) -> str:
    if isinstance(words, Mapping):
        return str(words[value].label) if value in words else value
    return str(words(value).label) if value in words.values else value
