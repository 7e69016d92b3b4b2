"""What is kept of a person, made for the person: every record in words, opened once, as PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from cairn.core.classification import DECLARATIONS, Declaration, Level
from cairn.core.models import Organisation
from cairn.oversight.queries.readings import Seen
from cairn.referral.rules.choices import DataCategory, Need, Urgency
from cairn.referral.rules.persons_contact import RiskFactor
from cairn.ui.formats import date_text, moment_text
from cairn.ui.pdf import forget, render
from cairn.ui.templatetags.ui import language_name

TEMPLATE: Final = "referral/documents/typst/file.typ"
FILE_NAME: Final = "copy.pdf"

# What the columns of a record are called to the person. A column without words is shown by its
# own name, so that nothing is left out.
WORDS: Final[Mapping[str, Promise]] = {
    "after": pgettext_lazy("copy", "Then"),
    "age_band": gettext_lazy("Age"),
    "assent": pgettext_lazy("copy", "What the child said"),
    "assessed_on": pgettext_lazy("copy", "Found on"),
    "base": pgettext_lazy("copy", "As it was before"),
    "basis": gettext_lazy("Legal basis"),
    "before": pgettext_lazy("copy", "Before"),
    "capacity": pgettext_lazy("copy", "Whether the person could decide"),
    "categories": pgettext_lazy("copy", "What may be told"),
    "closed_at": pgettext_lazy("record", "Closed on"),
    "closed_on": pgettext_lazy("record", "Closed on"),
    "contact_rule": gettext_lazy("Contact"),
    "country": gettext_lazy("Country"),
    "decided_at": pgettext_lazy("copy", "Answered on"),
    "decided_on": pgettext_lazy("copy", "Decided on"),
    "displacement": gettext_lazy("Displacement"),
    "ended_on": pgettext_lazy("copy", "Ended on"),
    "ends_on": pgettext_lazy("copy", "Until"),
    "expires_on": pgettext_lazy("copy", "Until"),
    "factors": pgettext_lazy("copy", "What makes it greater"),
    "given_by": pgettext_lazy("copy", "Who answered"),
    "how": pgettext_lazy("copy", "How it was said"),
    "kind": pgettext_lazy("copy", "Kind"),
    "language": gettext_lazy("Language"),
    "languages": gettext_lazy("Languages"),
    "level": pgettext_lazy("copy", "How great"),
    "need": pgettext_lazy("copy", "Help needed"),
    "needs": pgettext_lazy("copy", "Help needed"),
    "opened_on": pgettext_lazy("record", "Opened on"),
    "outcome": pgettext_lazy("copy", "What came of it"),
    "purpose": pgettext_lazy("copy", "What for"),
    "question": pgettext_lazy("copy", "Question"),
    "receipt": pgettext_lazy("slip", "Reference"),
    "recipient": pgettext_lazy("copy", "Who is told"),
    "recipient_class": pgettext_lazy("copy", "Who is told"),
    "resolved_as": pgettext_lazy("copy", "What it was found to be"),
    "review_on": pgettext_lazy("copy", "Looked at again on"),
    "sent_at": pgettext_lazy("copy", "Sent on"),
    "sex": pgettext_lazy("person", "Sex"),
    "standing": pgettext_lazy("copy", "What holds"),
    "starts_on": pgettext_lazy("copy", "From"),
    "state": gettext_lazy("State"),
    "taker": pgettext_lazy("copy", "Who is told"),
    "target_on": pgettext_lazy("copy", "To be reached by"),
    "urgency": gettext_lazy("Urgency"),
    "values": pgettext_lazy("copy", "What was written"),
}
# Marks by which the system finds a record again; they say nothing about the person.
MARKS: Final = frozenset({"code", "keep_until", "erased_on"})
TOLD: Final = frozenset({"recipient", "taker"})
_CODES: Final[Mapping[str, type[models.TextChoices]]] = {
    "categories": DataCategory,
    "factors": RiskFactor,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record in words: what it is, and label and text of each thing that is kept."""

    title: str
    entries: Sequence[tuple[str, str]]


def sheets(
    model: type[models.Model],
    rows: Sequence[Any],
    sealed: Callable[[Any], Sequence[tuple[str, str]]],
    *,
    title: str = "",
) -> list[Sheet]:
    """Every row of one table in words. `sealed(row)`: label and text of what was opened in it.

    `title`: what one row is called; "" where its table has only a description.
    """
    declared = DECLARATIONS[model._meta.label]
    about = title or str(declared.about)
    names = [*_recipients(model, declared), *_shown(model, declared)]
    made = []
    for row in rows:
        recorded = getattr(row, "recorded_at", None)
        entries = [(_("Written down on"), date_text(recorded))] if recorded else []
        for name in names:
            if text := in_words(row, name):
                entries.append((str(WORDS.get(name, name)), text))
        entries += [(label, text) for label, text in sealed(row) if text]
        made.append(Sheet(about, entries))
    return made


def _recipients(model: type[models.Model], declared: Declaration) -> list[str]:
    """Columns that say to which organisation something went, whatever their level."""
    return [name for name in declared.levels if name in TOLD and _is_organisation(model, name)]


def _shown(model: type[models.Model], declared: Declaration) -> list[str]:
    """Clear columns about the person; other records are named by their own sheets."""
    return [
        name
        for name in declared.fields_of(Level.SENSITIVE)
        if name not in MARKS | TOLD and model._meta.get_field(name).related_model is None
    ]


def _is_organisation(model: type[models.Model], name: str) -> bool:
    return model._meta.get_field(name).related_model is Organisation


def in_words(row: Any, name: str) -> str:
    """The value of a clear column as people read it; "" for none."""
    value = getattr(row, name)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, Organisation):
        return value.display_name
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, dict):
        return _pairs(value)
    if isinstance(value, list):
        return ", ".join(_word(name, each) for each in value)
    if name == "language":
        return language_name(str(value))
    display = getattr(row, f"get_{name}_display", None)
    return str(display() if display is not None else value)


def _pairs(value: Mapping[str, Any]) -> str:
    """Needs with their urgency, or any other pairs; what is empty is left out."""
    return ", ".join(
        f"{_known(key, Need)} ({_known(each, Urgency)})"
        for key, each in value.items()
        if each not in (None, "", [], {})
    )


def _known(value: Any, words: type[models.TextChoices]) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(dict(words.choices).get(str(value), value))


def _word(name: str, value: Any) -> str:
    if name == "languages":
        return language_name(str(value))
    return _known(value, _CODES[name]) if name in _CODES else str(value)


def render_file(
    code: str,
    make: Callable[[], Sequence[Sheet]],
    seen: Callable[[], Sequence[Seen]],
    *,
    language: str,
    today: date,
) -> bytes:
    """The copy as PDF, in the person's language. `make`, `seen` are asked in that language.

    Nothing of it stays in the engine's memory. Raises PdfFailed.
    """
    with override(language):
        payload = {
            "title": _("What is kept about me"),
            "author": " ",
            "footer": _("Copy for the person, made on %(day)s") % {"day": date_text(today)},
            "labels": {
                "page_of": _("Page {page} of {pages}"),
                "unshown": _("Some signs cannot be shown and stand as a square."),
            },
            "lead": _(
                "You asked what is kept. This is all of it, as it stands today. You can ask that "
                "something is corrected or erased, and you can object. The help does not depend "
                "on it."
            ),
            "reference": {"label": _("Code of the record"), "value": code},
            "sheets": [
                {
                    "title": sheet.title,
                    "entries": [
                        {"label": label, "values": text.split("\n")}
                        for label, text in sheet.entries
                    ],
                }
                for sheet in make()
            ],
            "seen_title": _("Who saw my file"),
            "seen_none": _("Nobody opened it."),
            "seen": _seen_table(seen()),
        }
    made = render(TEMPLATE, payload, language=language, document="copy", created=today)
    forget()
    return made


def _seen_table(lines: Sequence[Seen]) -> dict[str, Any]:
    heads = [_("When"), _("Who, by role"), _("Where"), _("What for")]
    return {
        "columns": [{"label": head, "side": "start", "width": 1} for head in heads],
        "rows": [
            [
                moment_text(line.at),
                ", ".join(line.roles) or "–",
                line.organisation or "–",
                f"{line.purpose} ({line.basis})",
            ]
            for line in lines
        ],
    }
