"""Rows of the list of events for CSV and XLSX: facts and counts, nothing of a person."""

from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.portfolio.queries.listing import sees_whole
from cairn.training.models import TrainingEvent
from cairn.training.queries.events import people_known, women_known

Cell = str | int | float | None
# Name of a column -> what stands in it. Names are the same in every language: programs read them.
COLUMNS: dict[str, Promise] = {
    "reference": gettext_lazy("Reference of the event."),
    "title": gettext_lazy("Title, in the event's own language."),
    "kind": gettext_lazy("Kind of event, as a code."),
    "state": gettext_lazy("State of the event, as a code."),
    "participation": gettext_lazy("Whether participants are kept one by one or as counts."),
    "project": gettext_lazy("Reference of the project that it belongs to."),
    "country": gettext_lazy("Country where it takes place, as an alpha-3 code of ISO 3166-1."),
    "place": gettext_lazy("Place, in words."),
    "starts": gettext_lazy("First day as far as it is known: year, year-month or day."),
    "ends": gettext_lazy("Last day as far as it is known."),
    "seats": gettext_lazy("Seats; empty when no number was set."),
    "participants": gettext_lazy(
        "Enrolled people without those who withdrew or did not come, or the number reported; "
        "empty when it is not known."
    ),
    "women": gettext_lazy("Women among them; empty when nobody's sex is recorded."),
    "cost_usd": gettext_lazy("Direct cost in US dollars; empty when it is not recorded."),
}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IN_MEMORY = 4 * 1024 * 1024


def rows(actor: Actor, found: QuerySet[TrainingEvent]) -> Iterator[list[Cell]]:
    """One row for each event of `found` (from queries.events.events), in its order."""
    for event in found.iterator(chunk_size=500):
        cells: dict[str, Any] = {name: getattr(event, name, None) for name in COLUMNS}
        cells["participants"], cells["women"] = people_known(event), women_known(event)
        # Trainings are shared more widely than projects.
        is_shown = event.project is not None and sees_whole(actor, event.project)
        cells["project"] = event.project.reference if event.project and is_shown else ""
        cells["cost_usd"] = None if event.cost_usd is None else float(event.cost_usd)
        yield [cells[name] for name in COLUMNS]


def events_csv(actor: Actor, found: QuerySet[TrainingEvent]) -> Iterator[str]:
    """CSV lines, header first, with the mark that spreadsheets need to see UTF-8."""
    return write_csv(list(COLUMNS), rows(actor, found), bom=True)


def events_xlsx(actor: Actor, found: QuerySet[TrainingEvent], *, now: datetime) -> IO[bytes]:
    """A workbook, rewound: the events, and a sheet that says what each column holds."""
    target = SpooledTemporaryFile(max_size=IN_MEMORY)
    about: list[list[Cell]] = [[name, str(text)] for name, text in COLUMNS.items()]
    write_xlsx(
        cast(IO[bytes], target),
        [
            Sheet(_("Events"), list(COLUMNS), rows(actor, found)),
            Sheet(_("About this table"), [_("Column"), _("What it holds")], about),
        ],
        title=_("Training events"),
        right_to_left=get_language_bidi(),
        created=now.replace(tzinfo=None),
    )
    target.seek(0)
    return cast(IO[bytes], target)
