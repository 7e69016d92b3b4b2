"""Files of HTCDS: each row becomes a report of a partner, or the file says why not."""

from datetime import date

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.htcds.aliases import read_header
from cairn.core.htcds.intake import ID_NAMES, Problem, Rows, read_rows, row_key
from cairn.identification.envelopes.content import check_content, check_identity
from cairn.identification.htcds.mapping import from_standard
from cairn.identification.imports.brought import Brought, Item, gathered
from cairn.identification.rules.intake import flaw_words


def read_htcds(content: bytes, *, today: date, edition: str) -> Brought:
    """What a file of the standard says, row by row. Raises TableRefused or RuleBroken ("file.*").

    `edition`: the list of signs in force, which a report names although such a file answers none.
    """
    rows = read_rows(content)
    known, unknown, twice = read_header(rows.columns)
    if not any(field.startswith(("prs_", "vic_", "cas_")) for field in known.values()):
        raise RuleBroken(
            "file.columns",
            _("None of the columns is a field of the standard."),
            _("Use its names as column names, such as prs_Gender or vic_MethodsOfControl."),
        )
    if twice:
        raise RuleBroken(
            "file.twice",
            _("These fields have more than one column: %(fields)s.") % {"fields": ", ".join(twice)},
            _("Keep one column for each field."),
        )
    items: list[Item] = []
    problems: list[Problem] = []
    left_out: dict[str, int] = {}
    for number, row in rows.rows:
        given = {field: row.get(column, "") for column, field in known.items()}
        read = from_standard(given, today=today)
        problems += [Problem(number, each.field, each.message, each.remedy) for each in read.flaws]
        for field in read.left_out:
            left_out[field] = left_out.get(field, 0) + 1
        content_of = {**read.content, "list": edition}
        if not read.flaws:
            problems += _flaws(number, content_of, read.identity)
        items.append(Item(number, row_key(row, ID_NAMES), content_of, read.identity))
    return gathered(rows, items, problems, _notes(rows, unknown, left_out))


def _flaws(
    number: int, content: dict[str, object], identity: dict[str, object] | None
) -> list[Problem]:
    flaw = check_content(content) or (check_identity(identity) if identity else "")
    if not flaw:
        return []
    return [Problem(number, "", flaw_words(flaw), _("Look at the texts of this row."))]


def _notes(rows: Rows, unknown: list[str], left_out: dict[str, int]) -> list[str]:
    notes = []
    named = [name for name in unknown if name]
    if named:
        notes.append(
            _("These columns are not in the standard and stay out: %(names)s.")
            % {"names": ", ".join(named[:20])}
        )
    if left_out:
        notes.append(
            _("Not needed here, so not taken in: %(names)s.")
            % {"names": ", ".join(sorted(left_out))}
        )
    return notes
