"""What stands around published figures: sentences on protection, charts, maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from cairn.core.language import language
from cairn.observatory.rules.publication import UNKNOWN_CODES, Break, Column, Publication
from cairn.observatory.rules.publication_flows import Movements, drawn
from cairn.observatory.rules.publication_tables import Figures
from cairn.observatory.rules.publication_time import (
    Moment,
    Timeline,
    breaks_before,
    starts_on,
)
from cairn.observatory.rules.series import CountingUnit
from cairn.ui.charts import (
    Bar,
    Flow,
    FlowEnd,
    MapPicture,
    TimePoint,
    flow_map,
    fluid_bar_chart,
    time_chart,
    world_map,
)
from cairn.ui.charts.shapes import is_code
from cairn.ui.charts.times import MOST_MOMENTS
from cairn.ui.formats import date_text, number_text, percent_text

# More bars than this are longer than two screens: the table has them all.
MOST_BARS = 25


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a reader must know before a figure is read. `is_quoted`: as published."""

    label: str
    text: str
    is_quoted: bool = False


def period_text(since: date, until: date) -> str:
    """A quarter or a year in words; other periods by their two days."""
    if (since.month, since.day, until) == (1, 1, date(since.year, 12, 31)):
        return str(since.year)
    number = (since.month + 2) // 3
    if since.day == 1 and since.month % 3 == 1 and (until - since).days in {89, 90, 91}:
        return _("Quarter %(number)d of %(year)d") % {"number": number, "year": since.year}
    return _("%(since)s to %(until)s") % {"since": date_text(since), "until": date_text(until)}


def unit_text(code: str) -> str:
    """The counting unit in words."""
    return str(CountingUnit(code).label) if code in CountingUnit.values else code


def statements(found: Publication) -> list[Statement]:
    """All that the series says of itself, in the order in which it is asked."""
    said = found.statements
    return [
        Statement(_("Legal definition"), said["legal_definition"], is_quoted=True),
        Statement(_("Counting unit"), unit_text(said["counting_unit"])),
        Statement(_("Stage at which somebody is counted"), said["stage"], is_quoted=True),
        Statement(_("Rule of counting"), said["count_rule"], is_quoted=True),
        Statement(_("Source"), said["source"], is_quoted=True),
        Statement(_("Coverage"), said["coverage"], is_quoted=True),
        Statement(_("Period"), period_text(found.since, found.until)),
        Statement(_("Reference day"), date_text(found.reference_date)),
    ]


def breaks_within(found: Publication) -> list[Break]:
    return [each for each in found.breaks if found.since < each.on <= found.until]


def protection_sentences(found: Publication) -> list[str]:
    """How figures were protected, for a reader who has never heard of it."""
    used = found.protection
    sentences = [
        _(
            "A figure of fewer than %(least)d is never shown; where age, sex and place are told "
            "together, none of fewer than %(more)d."
        )
        % {"least": used.threshold, "more": used.threshold_together}
    ]
    if found.is_exact:
        sentences.append(
            _(
                "The figures shown are exact. Others are hidden as well, so that no hidden one "
                "can be worked out from sums."
            )
        )
    else:
        sentences.append(
            _(
                "Every figure was moved by a chance of at most %(furthest)d and rounded to "
                "multiples of %(rounding)d, so that parts do not add up to their totals."
            )
            % {"furthest": used.noise_furthest, "rounding": used.rounding}
        )
    sentences.append(
        _("“…” is a hidden figure, not a zero: it may stand for nobody, for a few, or for more.")
    )
    sentences.append(
        ngettext(
            "Before publication %(count)s question was put to it and to earlier releases: no "
            "small figure could be worked out exactly.",
            "Before publication %(count)s questions were put to it and to earlier releases: no "
            "small figure could be worked out exactly.",
            found.questions,
        )
        % {"count": number_text(found.questions)}
    )
    return sentences


def quality_sentences(found: Publication) -> list[str]:
    """What protection cost a reader."""
    quality = found.quality
    sentences = [
        _("%(hidden)s of %(cells)s cells are hidden.")
        % {"hidden": number_text(quality.hidden), "cells": number_text(quality.cells)}
    ]
    if quality.mass_kept is not None:
        sentences.append(
            _("The figures shown hold %(share)s of all that was counted.")
            % {"share": percent_text(quality.mass_kept)}
        )
    if quality.mean_error is not None:
        sentences.append(
            _("A figure shown is off by %(error)s on average.")
            % {"error": percent_text(quality.mean_error, 1)}
        )
    return sentences


def table_title(found: Publication, figures: Figures, fixed: Sequence[tuple[str, str]]) -> str:
    """What a table shows: "Persons identified by sex and age (country: Nepal)"."""
    names = [each.label for each in figures.down]
    names += [figures.across.label] if figures.across else []
    title = found.label
    if names:
        title = _("%(what)s, by %(columns)s") % {
            "what": found.label,
            "columns": ", ".join(names),
        }
    for name, code in fixed:
        column = found.by_name[name]
        title = _("%(title)s; %(column)s: %(code)s") % {
            "title": title,
            "column": column.label,
            "code": column.label_of(code),
        }
    return title


def chart(title: str, figures: Figures, breaks: Sequence[Break]) -> SafeString:
    """Bars of a table of one column, points over time where it is of periods. Empty for others."""
    if len(figures.down) != 1 or figures.across:
        return SafeString("")
    if figures.down[0].field_class == "period":
        return _periods(title, figures, breaks)
    return _bars(title, figures)


def _periods(title: str, figures: Figures, breaks: Sequence[Break]) -> SafeString:
    lines = [line for line in figures.lines if starts_on(line.at[0])]
    lines.sort(key=lambda line: (starts_on(line.at[0]) or date.min, line.at[0]))
    parted = breaks_before([line.at[0] for line in lines], breaks)
    points = [
        TimePoint(
            line.labels[0],
            None if line.values[0] is None else float(line.values[0]),
            not between,
            "; ".join(each.what for each in between),
        )
        for line, between in zip(lines, parted, strict=True)
    ]
    return time_chart(
        points[-MOST_MOMENTS:],
        title=title,
        description=_(
            "One point for each period. A line joins only figures that compare; a dashed line "
            "stands where they do not."
        ),
        value_label=_("Figure"),
        language=language(),
        direction=direction(),
    )


def _bars(title: str, figures: Figures) -> SafeString:
    """Hidden figures have no bar."""
    wider = figures.down[0].wider
    rows = [
        Bar(line.labels[0], line.values[0])
        for line in figures.told
        if line.at[0] not in wider and line.values[0] is not None
    ]
    rows.sort(key=lambda bar: -bar.value)
    return fluid_bar_chart(
        rows[:MOST_BARS],
        title=title,
        description=_("One bar for each figure that is shown, largest first."),
        value_label=_("Figure"),
        language=language(),
        direction=direction(),
        unit="",
    )


def area_map(title: str, figures: Figures) -> MapPicture | None:
    """The map of a table by area; None for other tables. Areas without a figure have no colour."""
    if len(figures.down) != 1 or figures.across or figures.down[0].field_class != "area":
        return None
    known = {
        line.at[0]: float(line.values[0])
        for line in figures.told
        if line.values[0] is not None and is_code(line.at[0])
    }
    if not known:
        return None
    return world_map(
        known,
        title=title,
        description=_("World map: the stronger the colour, the higher the figure."),
        legend_title=title,
        language=language(),
        direction=direction(),
        names={line.at[0]: line.labels[0] for line in figures.told},
        unit="",
    )


def movement_map(found: Movements, title: str) -> MapPicture:
    """The map of movements between areas; the table beside it has every one that is shown."""
    lines = [
        Flow(_end(found.start, each.start), _end(found.end, each.end), each.value)
        for each in drawn(found)
    ]
    return flow_map(
        lines,
        title=title,
        description=_(
            "World map with a curve from the middle of one area to the middle of another for "
            "each movement that is shown: the broader and stronger, the more persons."
        ),
        legend_title=_("Persons"),
        language=language(),
        direction=direction(),
    )


def _end(column: Column, code: str) -> FlowEnd:
    parts = [part for part in column.parts_of(code) if part not in UNKNOWN_CODES]
    return FlowEnd(column.label_of(code), tuple(part for part in parts if is_code(part)))


def time_line(line: Timeline, label: str) -> SafeString:
    """The chart of one series over time, its line broken where figures do not compare."""
    return time_chart(
        [
            TimePoint(
                _short(moment),
                None if moment.value is None else float(moment.value),
                moment.is_joined or place == 0,
                why(moment),
                reverse("observatory:statistics-release", args=[moment.code]),
            )
            for place, moment in enumerate(line.moments)
        ],
        title=label,
        description=_(
            "One point for each release. A line joins only figures that compare; a dashed line "
            "stands where they do not."
        ),
        value_label=label,
        language=language(),
        direction=direction(),
    )


def _short(moment: Moment) -> str:
    if (moment.until - moment.since).days > 100:
        return str(moment.since.year)
    return f"{moment.since.year} {(moment.since.month + 2) // 3}/4"


def why(moment: Moment) -> str:
    """Why a moment does not compare with the one before it; empty where it does."""
    said = [
        _("%(what)s (from %(day)s on)") % {"what": each.what, "day": date_text(each.on)}
        for each in moment.breaks
    ]
    if moment.changed:
        said.append(_("what is counted is not defined in the same words"))
    return "; ".join(said)


def direction() -> str:
    """The direction of the page: "rtl" or "ltr"."""
    return "rtl" if get_language_bidi() else "ltr"
