"""Reads of questionnaires: who was asked, who answered, what was said, with its figures."""

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate
from cairn.training.measures.figure import SMALL_CELL, Figure, conceal_small
from cairn.training.measures.followup import application, response_rate
from cairn.training.models import SurveyInvitation, SurveyResponse, SurveyWave, TrainingEvent
from cairn.training.rules import questionnaires as rules
from cairn.training.rules.choices import InstrumentKind, Sex
from cairn.training.rules.questionnaires import Answer

State = SurveyInvitation.State


def waves(actor: Actor, event: TrainingEvent) -> QuerySet[SurveyWave]:
    """Waves of an event with `asked`, `answered`, `unreached` and `ineligible`. One query."""
    found: QuerySet[SurveyWave] = SurveyWave.objects.visible_to(actor).filter(event=event)
    return (
        found.select_related("instrument", "event")
        .annotate(
            asked=Count("invitations"),
            answered=Count("invitations", filter=Q(invitations__state=State.ANSWERED)),
            unreached=Count("invitations", filter=Q(invitations__state=State.UNDELIVERABLE)),
            ineligible=Count("invitations", filter=Q(invitations__state=State.INELIGIBLE)),
        )
        .order_by("opens_on", "months")
    )


def wave(actor: Actor, pk: UUID) -> SurveyWave:
    """With the counts of `waves`. Raises SurveyWave.DoesNotExist."""
    event_id = SurveyWave.objects.visible_to(actor).get(pk=pk).event_id
    found: SurveyWave = waves(actor, TrainingEvent(pk=event_id)).get(pk=pk)
    return found


def response(shown: Any) -> Figure:
    """The response rate of a wave that carries the counts of `waves`."""
    return response_rate(
        shown.answered, shown.asked, ineligible=shown.ineligible, undeliverable=shown.unreached
    )


def response_by_sex(of: SurveyWave) -> list[tuple[str, Figure]]:
    """(sex, response rate); groups of fewer than five are hidden, and what would give them away
    beside the rate of all. One query."""
    rows = (
        of.invitations.exclude(state__in=(State.UNDELIVERABLE, State.INELIGIBLE))
        .values("enrolment__sex")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(state=State.ANSWERED)))
        .order_by("enrolment__sex")
    )
    labels = [str(Sex(row["enrolment__sex"]).label) for row in rows]
    rates = conceal_small(response_rate(row["answered"], row["asked"]) for row in rows)
    return list(zip(labels, rates, strict=True))


@dataclass(frozen=True, slots=True)
class Line:
    """One answer and how many gave it; None where so few answered that it is hidden."""

    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what was said. `mean`: of a scale or number, None when hidden."""

    stem: str
    lang: str
    n: int
    lines: list[Line] = field(default_factory=list)
    mean: float | None = None
    is_hidden: bool = False


def said(of: SurveyWave) -> list[Asked]:
    """What was answered, question by question; hidden where fewer than five answered. One query."""
    rows = list(SurveyResponse.objects.filter(wave=of).values_list("answers", flat=True))
    return [_asked(item, rows) for item in of.instrument.questions]


def _asked(item: Mapping[str, Any], rows: list[dict[str, Any]]) -> Asked:
    stem, lang = rules.words(item["stem"], language())
    given = [row[item["code"]] for row in rows if item["code"] in row]
    n, kind = len(given), Answer(item["type"])
    if n < SMALL_CELL:
        return Asked(stem, lang, n, is_hidden=True)
    if kind in {Answer.SCALE, Answer.NUMBER}:
        counts = Counter(given)
        steps = range(1, 6) if kind is Answer.SCALE else sorted(counts)
        lines = [Line(str(step), counts[step]) for step in steps]
        return Asked(stem, lang, n, lines, mean=sum(given) / n)
    chosen: Counter[str] = Counter()
    for value in given:
        chosen.update(value if isinstance(value, list) else [value])
    lines = [
        Line(rules.words(texts, language())[0], chosen[code])
        for code, texts in item["options"].items()
    ]
    return Asked(stem, lang, n, sorted(lines, key=lambda line: -(line.count or 0)))


def applied(of: Any) -> Figure | None:
    """The share that applied what was learnt, with the bounds of silence; None for reactions.

    "Not known" counts as answered and not applied.
    """
    if of.instrument.kind == InstrumentKind.REACTION:
        return None
    rows = SurveyResponse.objects.filter(wave=of).values_list("answers", flat=True)
    given = [row["applied"] for row in rows if "applied" in row]
    invited = of.asked - of.unreached - of.ineligible
    return application(given.count("yes"), len(given), invited=invited)


def silent(of: SurveyWave) -> QuerySet[SurveyInvitation]:
    """Those who have not answered, by the code on their badge."""
    rows: QuerySet[SurveyInvitation] = of.invitations.exclude(state=State.ANSWERED)
    return rows.select_related("enrolment", "wave__event").order_by("enrolment__personal_code")


def invitation(token_digest: str) -> SurveyInvitation:
    """Raises SurveyInvitation.DoesNotExist."""
    rows = SurveyInvitation.objects.select_related("wave__instrument", "wave__event")
    found: SurveyInvitation = rows.get(token_digest=token_digest)
    return found


def first_day(event: TrainingEvent, months: int) -> date:
    """The day on which a wave so many months after the end of an event begins; today if unknown."""
    day = event.ends or event.starts
    parsed = PartialDate.parse(day) if day else None
    end = parsed.last if parsed else timezone.localdate()
    years, month = divmod(end.month - 1 + months, 12)
    year = end.year + years
    return date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))
