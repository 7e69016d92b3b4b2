"""The impact-assessment sheet: what a data-protection impact assessment needs, as far as known.

Its order follows GDPR Art. 35(7): description, necessity, risks, measures; then who was consulted
(Art. 35(2) and (9)) and the decision (Art. 36), as the chapter on impact assessments of the ICRC
handbook (third edition, 2024) asks too. What a machine cannot know is an empty box.
"""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from cairn.core.classification import (
    DECLARATIONS,
    STORES,
    Declaration,
    Level,
    Retention,
    Store,
    Zone,
)
from cairn.core.retention_rules import RULES, in_words
from cairn.oversight import datamap
from cairn.oversight.documents import risks
from cairn.oversight.documents.blocks import (
    Block,
    choices,
    facts,
    fill,
    heading,
    prose,
    remark,
    table,
)
from cairn.oversight.rules import ANSWER_WITHIN_DAYS
from cairn.ui.formats import date_text, number_text
from cairn.ui.pdf import render

FORMAT = "cairn/impact-assessment/1"
TEMPLATE = "oversight/documents/typst/impact.typ"

Sheet = dict[str, Any]


def sheet(language: str, *, today: date) -> Sheet:
    """The sheet in `language`: `sections` of blocks, `facts` for programs, `labels`. No queries."""
    with override(language):
        zones = datamap.data_map()
        return {
            "format": FORMAT,
            "language": language,
            "made_on": today.isoformat(),
            "title": _("Data-protection impact assessment"),
            "footer": _("Data-protection impact assessment, made on %(date)s")
            % {"date": date_text(today)},
            "labels": _labels(),
            "facts": _facts(zones),
            "opening": _opening(),
            "sections": [
                _section("description", _("1. What is done with which information"), _about(zones)),
                _section("necessity", _("2. Why it is necessary, and no more"), _necessity(zones)),
                _section("risks", _("3. What could go wrong for people"), risks.dangers()),
                _section("measures", _("4. What is done against it"), risks.measures()),
                _section("consulted", _("5. Who was asked"), _consulted()),
                _section("decision", _("6. Decision"), _decision()),
            ],
        }


def as_json(content: Sheet) -> bytes:
    """The sheet as JSON, readable; the same bytes for the same sheet."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def as_pdf(content: Sheet, *, today: date) -> bytes:
    """The sheet as tagged PDF (PDF/UA-1). Raises PdfFailed."""
    return render(
        TEMPLATE,
        content,
        language=str(content["language"]),
        document="impact-assessment",
        created=today,
    )


def for_page(content: Sheet) -> Sheet:
    """The sheet with tables as a page needs them: a caption, and each cell with its column."""
    caption = ""
    sections = []
    for section in content["sections"]:
        caption, blocks = section["title"], []
        for block in section["blocks"]:
            if block["kind"] == "heading":
                caption = block["text"]
            if block["kind"] == "table":
                rows = [list(zip(block["columns"], row, strict=True)) for row in block["rows"]]
                block = {**block, "caption": caption, "labelled": rows}
            blocks.append(block)
        sections.append({**section, "blocks": blocks})
    return {**content, "sections": sections}


def _section(code: str, title: str, blocks: list[Block]) -> dict[str, Any]:
    return {"code": code, "title": title, "blocks": blocks}


def _labels() -> dict[str, str]:
    return {
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
        % {"sign": "\ufffd"},
        "by_hand": _("To be filled in by hand"),
    }


def _opening() -> list[Block]:
    blocks = [
        prose(
            _(
                "This sheet is made from what the system declares about itself and from the "
                "settings of this installation. It is the beginning of an assessment and not its "
                "end: the empty boxes ask for what only people can know."
            )
        )
    ]
    if settings.DEMO:
        blocks.append(
            remark(_("This is a demonstration. The sheet of a real installation differs."))
        )
    return blocks


def _facts(zones: list[datamap.ZoneMap]) -> dict[str, Any]:
    """The same in codes and numbers, for programs."""
    return {
        "zones": [
            {
                "zone": each.zone.value,
                "records": [kept.label for kept in each.kept],
                "fields": {level.value: count for level, count in each.counts.items()},
            }
            for each in zones
        ],
        "retention": [
            {"rule": code, "days": retention.days, "to_be_decided": retention.must_decide}
            for code, retention in _used().items()
        ],
        **risks.settings_in_codes(),
    }


def _about(zones: list[datamap.ZoneMap]) -> list[Block]:
    rows = [
        (
            each.zone.label,
            each.note.holds,
            number_text(len(each.kept)),
            number_text(each.counts[Level.PERSONAL]),
            number_text(each.counts[Level.SENSITIVE]),
            number_text(each.counts[Level.SEALED]),
        )
        for each in zones
    ]
    contact = settings.CONTACT or _("not stated in the settings")
    return [
        fill(_("Who runs this installation, for which programme, in which countries?"), lines=3),
        facts((_("How to reach whoever runs it"), contact)),
        heading(_("What is kept"), 3),
        table(
            [
                (_("Zone"), 4),
                (_("What lies there"), 8),
                (_("Kinds of record"), -3),
                (_("About staff"), -3),
                (_("About persons"), -3),
                (pgettext("fields", "Sealed"), -3),
            ],
            rows,
        ),
        prose(
            _(
                "The last three columns count fields: about staff, about persons of concern "
                "without identity, and sealed. The data map names each of them."
            )
        ),
        heading(_("Who sees it"), 3),
        table(
            [(_("Zone"), 2), (_("Sees records"), 4), (_("Opens what is sealed"), 4)],
            [_readers(each) for each in zones if each.zone != Zone.PROGRAMME],
        ),
        heading(_("How long it is kept"), 3),
        _retention_table(),
        heading(_("Where it goes"), 3),
        fill(_("Where does the server stand, who runs it, and who else can reach it?")),
        fill(_("Does information go to another country or organisation? On what agreement?")),
        fill(_("How many persons are concerned, and which groups need special care?"), lines=3),
    ]


def _readers(zone: datamap.ZoneMap) -> tuple[str, str, str]:
    nobody = _("nobody")
    seen = dict.fromkeys(words for each in zone.kept for words in each.seen_by)
    opened = dict.fromkeys(role for each in zone.kept for role in each.opened_by)
    return (
        str(zone.zone.label),
        datamap.joined(list(seen)) or nobody,
        datamap.joined(list(opened)) or (_("nobody") if zone.sealed else _("nothing is sealed")),
    )


def _used() -> dict[str, Retention]:
    """The retention rules in use by code, each once."""
    declared: list[Declaration | Store] = [*DECLARATIONS.values(), *STORES.values()]
    found: dict[str, Retention] = {}
    for each in declared:
        held = found.get(each.retention.code)
        # Of several that share a rule, the record that others go with says most.
        if held is None or (held.follows and not each.retention.follows):
            found[each.retention.code] = each.retention
    return {code: found[code] for code in RULES if code in found}


def _undecided() -> set[str]:
    return {code for code, retention in _used().items() if retention.must_decide}


def _retention_table() -> Block:
    """Rules with the same ground and state share a row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for code, retention in _used().items():
        words = RULES[code].label if retention.follows else in_words(retention)
        state = _("to be decided here") if retention.must_decide else _("settled")
        rows.setdefault((str(retention.source), state), []).append(str(words))
    joined = [
        (capfirst("; ".join(dict.fromkeys(kept))), source, state)
        for (source, state), kept in rows.items()
    ]
    return table([(_("Kept"), 4), (_("Why"), 6), (_("State"), 2)], joined)


def _necessity(zones: list[datamap.ZoneMap]) -> list[Block]:
    undecided = len(_undecided())
    return [
        table(
            [(_("Zone"), 2), (_("Legal ground"), 5), (_("Left out on purpose"), 4)],
            [(each.zone.label, each.note.ground, each.note.limits) for each in zones],
        ),
        fill(_("Which law, mandate or agreement holds for each zone here?"), lines=5),
        fill(_("Why could the purpose not be reached with less information, or with none?")),
        heading(_("Rights of the persons concerned"), 3),
        prose(
            ngettext(
                "Persons can ask what is kept about them, have it corrected or erased, and object. "
                "Each request has a date by which it is answered: %(count)d day after it came in.",
                "Persons can ask what is kept about them, have it corrected or erased, and object. "
                "Each request has a date by which it is answered: %(count)d days after it came in.",
                ANSWER_WITHIN_DAYS,
            )
            % {"count": ANSWER_WITHIN_DAYS},
            _("Help does not depend on what a person answers or asks here."),
        ),
        fill(_("How do persons learn of this, in a language and a way that they understand?")),
        heading(_("Still to be decided about time"), 3),
        prose(
            ngettext(
                "%(count)d retention rule waits for a decision of whoever runs this installation.",
                "%(count)d retention rules wait for a decision of whoever runs this installation.",
                undecided,
            )
            % {"count": undecided}
        ),
        fill(_("Which times were decided, by whom, and on what ground?")),
    ]


def _consulted() -> list[Block]:
    return [
        prose(
            _(
                "The data-protection officer is asked for advice (GDPR Art. 35(2)), and the "
                "persons concerned or those who speak for them are asked for their views "
                "(Art. 35(9)), in a way that endangers nobody."
            )
        ),
        fill(_("Advice of the data-protection officer, with its date")),
        fill(
            _("Which persons concerned, or who for them, were asked, how, and what did they say?")
        ),
        fill(_("Which staff, partners and technical people were asked?"), lines=3),
    ]


def _decision() -> list[Block]:
    return [
        fill(_("Which risk remains after the measures, and who bears it?")),
        fill(
            _("Is the supervisory authority to be asked first? Why, or why not?"),
            lines=3,
            note=_("Required where a high risk remains: GDPR Art. 36."),
        ),
        choices(
            [
                _("Goes ahead as described"),
                _("Goes ahead with conditions"),
                _("Does not go ahead"),
            ]
        ),
        fill(_("Conditions and reasons")),
        fill(_("Decided by (function), on which day, signature"), lines=2),
        fill(_("To be looked at again on which day, or after which change?"), lines=2),
    ]
