"""The file of practices, as the form of source 002 holds them."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.library.actions.practices import publish_seeded, read_in
from cairn.library.models import Practice
from cairn.library.models.practices import FIELDS
from cairn.library.rules.practices import LISTS, PracticeState, PracticeType

# A later version stands for those before it.
_PRESENT = (PracticeState.PUBLISHED, PracticeState.IN_REVIEW, PracticeState.DRAFT)
_NAMES = {name: name for name in FIELDS}


def _codes(listed: type[models.TextChoices]) -> Callable[[str], list[str]]:
    """Codes of `listed` with | between them."""
    one = cells.choice(listed)
    return lambda cell: [one(word) for word in cells.words(cell)]


def _prepare(rows: Sequence[Row]) -> None:
    for row in rows:
        row.key = row.label = row.cleaned["title"]
        row.unique.append(("title", row.key))
        row.after = row.given(_NAMES)
    held = {each.title: each for each in _held([row.key for row in rows])}
    for row in rows:
        practice = held.get(row.label)
        if practice and practice.state != PracticeState.DRAFT:
            kept = {name: getattr(practice, name) for name in row.after}
            if kept != row.after:
                row.notes.append(
                    _now("It is in the registry or in review: it is changed by its form alone.")
                )
            row.after = kept


def _held(titles: Sequence[Hashable]) -> list[Practice]:
    """The newest version of each title, where there are several."""
    rows = Practice.objects.filter(title__in=titles, state__in=_PRESENT)
    return list({each.title: each for each in rows.order_by("made_at")}.values())


def _existing(keys: Sequence[Hashable]) -> Existing:
    return {
        each.title: (each.pk, {name: getattr(each, name) for name in FIELDS})
        for each in _held(keys)
    }


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    read_in(
        actor,
        [row.after for row in created],
        {row.target: row.after for row in changed},
    )


def _column(name: str, parse: Callable[[str], Any], help: Any, empty: Any = "") -> Column:
    return Column(name, parse, help, empty=empty)


register(
    Kind(
        code="practices",
        label=_("Practices"),
        permission=Permission.LIBRARY_EDIT.value,
        columns=(
            Column("title", cells.text(200), _("title"), True),
            Column("type", cells.choice(PracticeType), _("code, for example training"), True),
            _column("countries", cells.countries, _("names or codes, | between"), []),
            _column("stakeholder", cells.text(200), _("who carries it out")),
            *(
                _column(name, _codes(LISTS[name]), _("codes, | between"), [])
                for name in ("stakeholder_types", "crisis_types", "crisis_phases", "guidelines")
            ),
            _column("stakeholder_other", cells.text(200), _("as written")),
            _column("description", cells.text(8000), _("what was done, and what others learn")),
            _column("language", cells.text(8), _("code of ISO 639-1"), "en"),
            _column("source", cells.text(200), _("where it is printed")),
        ),
        prepare=_prepare,
        existing=_existing,
        write=_write,
        seeded=publish_seeded,
        order=75,
    )
)
