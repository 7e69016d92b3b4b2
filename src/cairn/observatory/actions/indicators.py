"""Answering for a printed name, keeping counted lines of CTDC, and giving lines away."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.observatory.exports import indicators as exports
from cairn.observatory.models import NationalFigure, PlaceAnswer
from cairn.observatory.queries import published
from cairn.observatory.queries.indicators import OPEN_BREAKDOWNS
from cairn.observatory.rules import indicators as rules
from cairn.observatory.rules import indicators_ctdc as ctdc
from cairn.observatory.rules.indicators import Breakdown, Indicator, Layout

Counts = Sequence[tuple[int, str, str, str, str, int]]
"""(year, alpha-3, code of Form or "", sex, age, persons)."""


@transaction.atomic
def answer_name(actor: Actor, printed: str, country: str) -> PlaceAnswer:
    """Say which country a printed name is; "" for none of today's. All its figures follow.

    Raises PermissionDenied, RuleBroken ("indicators.name": nothing is printed so;
    "indicators.country").
    """
    require(actor, Permission.STATISTICS_BUILD)
    if actor.user_id is None:
        raise PermissionDenied
    same = NationalFigure.objects.visible_to(actor).filter(
        breakdown__in=OPEN_BREAKDOWNS, category=printed
    )
    if not printed or not same.exists():
        raise RuleBroken(
            "indicators.name",
            _("No figure is printed with this name."),
            _("Choose a name of the list."),
        )
    if country and country not in {each.alpha3 for each in geography.countries()}:
        raise RuleBroken(
            "indicators.country",
            _("“%(code)s” is no three-letter code of a country of today.") % {"code": country},
            _("Choose a country of the list."),
        )
    answer, _made = PlaceAnswer.objects.update_or_create(
        printed=printed,
        defaults={
            "country": country,
            "answered_at": timezone.now(),
            "answered_by": actor.user_id,
        },
    )
    changed = same.update(category_code=country)
    audit.record(actor, "statistics.name_answered", answer, country=country, figures=changed)
    return answer


@transaction.atomic
def keep_counts(actor: Actor, counts: Counts, source: str) -> tuple[int, int]:
    """Keep what the lines of a CTDC file count, as figures of `source`: (new, known already).

    Raises PermissionDenied, RuleBroken ("indicators.source", "indicators.alike": a count under
    eleven).
    """
    require(actor, Permission.STATISTICS_BUILD)
    if not source.strip():
        raise RuleBroken(
            "indicators.source",
            _("The source of the file is not said."),
            _("Name who published it, the edition and the day."),
        )
    ctdc.check_counts(persons for *_thing, persons in counts)
    made = [_figure(each, source.strip()[:200]) for each in counts]
    known = set(
        NationalFigure.objects.filter(source=source.strip()[:200]).values_list(
            "statement", flat=True
        )
    )
    new = [each for each in made if each.statement not in known]
    NationalFigure.objects.bulk_create(new, batch_size=500)
    audit.record(
        actor,
        "statistics.figures_brought",
        layout=Layout.CTDC.value,
        created=len(new),
        unchanged=len(made) - len(new),
    )
    return len(new), len(made) - len(new)


def _figure(count: tuple[int, str, str, str, str, int], source: str) -> NationalFigure:
    year, country, form, sex, age, persons = count
    breakdown = Breakdown.FORM if form else Breakdown.TOTAL
    category = rules.FORM_WORDS[form] if form else ""
    said = (
        Layout.CTDC.value,
        Indicator.VICTIMS.value,
        country,
        year,
        breakdown.value,
        category,
        sex,
        age,
        source,
        persons,
    )
    return NationalFigure(
        statement=rules.statement(*said),
        layout=Layout.CTDC,
        indicator=Indicator.VICTIMS,
        country=country,
        year=year,
        breakdown=breakdown,
        category=category,
        category_code=form,
        sex=sex,
        age=age,
        value=Decimal(persons),
        source=source,
        received_on=timezone.localdate(),
    )


@transaction.atomic
def give_lines(actor: Actor, code: str, by: Sequence[str]) -> exports.File:
    """The lines of a published table in the layout of CTDC; who took what is in the audit log.

    Raises PermissionDenied, Published.DoesNotExist, Withdrawn, RuleBroken as `exports.ctdc_file`.
    """
    require(actor, Permission.STATISTICS_BUILD)
    publication = published.find(actor, code).publication
    made = exports.ctdc_file(publication, by)
    facts: dict[str, Any] = {
        "lines": len(made.rows),
        "few": made.few,
        "hidden": made.hidden,
        "no_place": made.no_place,
    }
    audit.record(actor, "statistics.lines_given", release=code, columns=list(by), **facts)
    return made
