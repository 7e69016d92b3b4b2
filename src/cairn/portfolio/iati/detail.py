"""The rest of an activity of one's own: what is needed to take it in, not only to compare it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml.etree import _Element as Element

from cairn.portfolio.iati import codes
from cairn.portfolio.iati.reading import Complaint, ReadActivity
from cairn.portfolio.iati.wording import DAY_WITHHELD, stated_budget

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class ReadBudget:
    line: int
    starts: date
    ends: date
    value: Decimal
    currency: str
    is_revised: bool


@dataclass(frozen=True, slots=True)
class ReadTransaction:
    """A payment or a promise of one. `provider`: name of who gives, empty when none is named."""

    line: int
    kind: str
    day: date
    value: Decimal
    currency: str
    provider: str
    note: str


@dataclass(slots=True)
class Detail:
    """`parent`: identifier of the whole; `stated`: a budget that has no period, US dollars.

    `notes`: DateType -> what is said beside the day; `is_reduced`: written without country, days
    and texts, so that there is nothing to take in. `dac_regions`: regions named by DAC codes.
    """

    language: str = ""
    parent: str = ""
    stated: Decimal | None = None
    is_reduced: bool = False
    notes: dict[str, str] = field(default_factory=dict)
    dac_regions: frozenset[str] = frozenset()
    budgets: list[ReadBudget] = field(default_factory=list)
    transactions: list[ReadTransaction] = field(default_factory=list)


def read_detail(read: ReadActivity, activity: Element) -> Detail:
    """What `read` does not keep. Days and amounts that are none are complained of there."""
    currency = (activity.get("default-currency") or "").strip()
    found = Detail(language=(activity.get(LANGUAGE) or "").strip().lower())
    for node in activity.iterchildren("*"):
        match node.tag:
            case "activity-date":
                note = _text(node)
                found.notes[node.get("type") or ""] = note
                found.is_reduced = found.is_reduced or note == DAY_WITHHELD
            case "related-activity" if node.get("type") == codes.Related.PARENT:
                found.parent = (node.get("ref") or "").strip()
            case "recipient-region" if (node.get("vocabulary") or "1") == codes.DAC_REGIONS:
                found.dac_regions |= {(node.get("code") or "").strip()}
            case "budget":
                _budget(read, found, node, currency)
            case "transaction":
                _transaction(read, found, node, currency)
    amount = stated_budget(read.texts.get(codes.OTHER, ""))
    found.stated = None if found.budgets else amount
    return found


def _budget(read: ReadActivity, found: Detail, node: Element, currency: str) -> None:
    starts, ends = (_day(read, node, name) for name in ("period-start", "period-end"))
    value = _value(node)
    if starts is None or ends is None or value is None:
        return
    if ends < starts:
        _complain(
            read, node, "period-end", "iati.period",
            _("The period ends before it starts."), _("Exchange the two days."),
        )  # fmt: skip
        return
    found.budgets.append(
        ReadBudget(
            node.sourceline or 0, starts, ends, value, _currency(node, currency),
            node.get("type") == "2",
        )
    )  # fmt: skip


def _transaction(read: ReadActivity, found: Detail, node: Element, currency: str) -> None:
    kind, value, day = (
        node.find("transaction-type"),
        _value(node),
        _day(read, node, "transaction-date"),
    )
    if kind is None or value is None or day is None:
        return
    provider, note = node.find("provider-org"), node.find("description")
    found.transactions.append(
        ReadTransaction(
            node.sourceline or 0, kind.get("code") or "", day, value, _currency(node, currency),
            "" if provider is None else _text(provider), "" if note is None else _text(note),
        )
    )  # fmt: skip


def _text(node: Element) -> str:
    return (node.findtext("narrative") or "").strip()


def _currency(parent: Element, currency: str) -> str:
    value = parent.find("value")
    return ((None if value is None else value.get("currency")) or currency).strip()


def _value(parent: Element) -> Decimal | None:
    """None where reading complained of it already."""
    try:
        value = Decimal((parent.findtext("value") or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _day(read: ReadActivity, parent: Element, name: str) -> date | None:
    node = parent.find(name)
    text = "" if node is None else (node.get("iso-date") or "").strip()
    try:
        if len(text) == 10 or text[10:] == "Z" or text[10:11] in {"+", "-"}:
            return date.fromisoformat(text[:10])
    except ValueError:
        pass
    _complain(
        read, parent if node is None else node, name, "iati.date",
        _("“%(text)s” is not a day.") % {"text": text[:40]},
        _("Days are written year-month-day: 2025-02-03."),
    )  # fmt: skip
    return None


def _complain(
    read: ReadActivity, node: Element, name: str, code: str, message: str, remedy: str
) -> None:
    read.add(Complaint(node.sourceline or 0, name, code, message, remedy))
