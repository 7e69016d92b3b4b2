"""What differs between an activity on record and the same one in a file."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cairn.portfolio.iati import codes
from cairn.portfolio.iati.codes import DateType, TransactionType
from cairn.portfolio.iati.reading import ReadActivity
from cairn.portfolio.iati.records import Activity
from cairn.portfolio.iati.wording import stated_budget
from cairn.portfolio.iati.writing import writable

Facts = dict[str, str]
Differences = dict[str, tuple[str, str]]
# Field -> what is compared, in the order of a page; labels are with whoever shows them.
FIELDS = (
    "title", "outline", "objectives", "status", "starts", "ends", "countries", "regions", "budget",
    "pledged", "committed", "received", "spent",
)  # fmt: skip
_SUMS = {
    "pledged": TransactionType.PLEDGE,
    "committed": TransactionType.COMMITMENT,
    "received": TransactionType.RECEIVED,
    "spent": TransactionType.SPENDING,
}


def facts_on_record(activity: Activity) -> Facts:
    days = {each.kind: each.day for each in activity.dates}
    texts = {each.kind: writable(each.words.text).strip() for each in activity.descriptions}
    stated = stated_budget(texts.get(codes.OTHER, ""))
    facts = {
        "title": writable(activity.title.text).strip(),
        "outline": texts.get(codes.GENERAL, ""),
        "objectives": texts.get(codes.OBJECTIVES, ""),
        "status": activity.status,
        "starts": _day(days.get(DateType.PLANNED_START)),
        "ends": _day(days.get(DateType.PLANNED_END)),
        "countries": _listed(each.code for each in activity.countries),
        "regions": _listed(each.code for each in activity.regions),
        "budget": _sums((each.currency, each.value) for each in activity.budgets)
        or _sums([("USD", stated)] if stated is not None else []),
    }
    for name, kind in _SUMS.items():
        facts[name] = _sums(
            (each.currency, each.value) for each in activity.transactions if each.kind == kind
        )
    return facts


def facts_in_file(read: ReadActivity) -> Facts:
    stated = stated_budget(read.texts.get(codes.OTHER, ""))
    facts = {
        "title": read.title,
        "outline": read.texts.get(codes.GENERAL, ""),
        "objectives": read.texts.get(codes.OBJECTIVES, ""),
        "status": read.status,
        "starts": _day(read.starts),
        "ends": _day(read.ends),
        "countries": _listed(read.countries),
        "regions": _listed(read.regions),
        "budget": _sums(read.budget.items())
        or _sums([("USD", stated)] if stated is not None else []),
    }
    for name, kind in _SUMS.items():
        facts[name] = _sums(read.transactions.get(kind, {}).items())
    return facts


def differences(before: Facts, after: Facts) -> Differences:
    """{field: (on record, in the file)} of what is not the same."""
    return {name: (before[name], after[name]) for name in FIELDS if before[name] != after[name]}


def shortened(before: str, after: str, most: int = 160) -> tuple[str, str]:
    """Long texts from shortly before the place where they part."""
    if max(len(before), len(after)) <= most:
        return before, after
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    start = max(0, same - 40)

    def part(text: str) -> str:
        shown = text[start : start + most]
        return ("…" if start else "") + shown + ("…" if start + most < len(text) else "")

    return part(before), part(after)


def _day(day: date | None) -> str:
    """A day that stands for none is none."""
    return "" if day is None or day == codes.NO_DAY else day.isoformat()


def _listed(found: Iterable[str]) -> str:
    return ", ".join(sorted(set(found)))


def _sums(found: Iterable[tuple[str, Decimal]]) -> str:
    """ "EUR 12.50, USD 3.00": sums by currency, in its order."""
    totals: dict[str, Decimal] = {}
    for currency, value in found:
        totals[currency] = totals.get(currency, Decimal(0)) + value
    return ", ".join(f"{name} {totals[name]:.2f}" for name in sorted(totals))
