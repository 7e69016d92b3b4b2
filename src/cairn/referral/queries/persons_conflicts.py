"""What was written twice, in words that a person reads."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cairn.core import geography
from cairn.core.language import language
from cairn.core.models import Organisation, Unit
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import Conflict
from cairn.referral.queries import persons as queries
from cairn.referral.queries.persons_tables import Cell, Row, Table
from cairn.referral.rules.choices import Displacement
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import ContactRule, PersonSex
from cairn.referral.subjects.persons_rows import TWICE
from cairn.ui import formats

FACTS: dict[str, Promise] = {
    "place": gettext_lazy("Organisation and unit"),
    "country": gettext_lazy("Country"),
    "age_band": gettext_lazy("Age"),
    "opened_on": pgettext_lazy("record", "Opened on"),
    "keep_until": gettext_lazy("Keep until"),
    "sex": pgettext_lazy("person", "Sex"),
    "displacement": gettext_lazy("Driven from home"),
    "languages": gettext_lazy("Languages"),
    "contact_rule": gettext_lazy("Contact"),
}
_CODED = {
    "age_band": AgeBand,
    "sex": PersonSex,
    "displacement": Displacement,
    "contact_rule": ContactRule,
}


def named(field: str) -> str:
    """What the fact is called on pages."""
    return str(FACTS.get(field) or TWICE.get(field) or field)


def in_words(field: str, value: Any) -> str:
    """One value of a clear fact. At most two queries, for a place."""
    if value in (None, "", []):
        return pgettext("answer", "Not asked")
    if field == "place":
        return _place(*value)
    if field in _CODED:
        return str(_CODED[field](value).label)
    if field == "country":
        return geography.country_name(value, language())
    if field == "languages":
        names = formats.locale().languages
        return ", ".join(str(names.get(code, code)) for code in value)
    return formats.date_text(date.fromisoformat(value))


def _place(organisation: str, unit: str) -> str:
    found = Organisation.objects.filter(pk=organisation).first()
    part = Unit.objects.filter(pk=unit).first() if unit else None
    whole = found.display_name if found else "–"
    return f"{whole}, {part.name}" if part else whole


def versions(conflict: Conflict) -> list[tuple[Any, str]]:
    """(value, words) to choose from: what each wrote, and what was there before."""
    found = [(value, in_words(conflict.field, value)) for value in conflict.values]
    if conflict.base not in conflict.values:
        before = _("As it was before: %(value)s") % {
            "value": in_words(conflict.field, conflict.base)
        }
        found.append((conflict.base, before))
    return found


def table(person: Person, may_change: bool) -> list[Table]:
    """One row for each thing that was written twice."""
    return [
        Table(
            _("Written at the same time"),
            (_("Number"), _("What"), _("What stands"), _("Noticed on"), _("State")),
            [_row(person, each, may_change) for each in queries.conflicts(person)],
            _("Nothing was written twice."),
        )
    ]


def _row(person: Person, conflict: Conflict, may_change: bool) -> Row:
    is_open = conflict.resolved_at is None
    is_clear = conflict.values or conflict.base is not None
    stands = in_words(conflict.field, conflict.standing) if is_clear else _("sealed")
    address = reverse("referral:person-conflict", args=[person.code, conflict.number])
    state = pgettext("conflict", "Open") if is_open else pgettext("conflict", "Resolved")
    return Row(
        [
            Cell(str(conflict.number)),
            Cell(named(conflict.field)),
            Cell(stands),
            Cell(timezone.localdate(conflict.recorded_at), "day"),
            Cell(state, "state", "conflict_open" if is_open else "conflict_resolved"),
        ],
        (_("Resolve"), address) if is_open and may_change else None,
    )
