"""The standard ruleset of IATI 2.03: reads its JSON and says where an activity breaks a rule.

The file has contexts (XPath), each with rules, each with cases. A case may hold under a
`condition` only, and `loop` repeats cases for each value that an XPath finds. What a rule compares
is taken for met when it is not there: other rules demand it.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

Case = dict[str, Any]
_NAMESPACES = {"xml": "http://www.w3.org/XML/1998/namespace"}
# What a context is relative to: an activity or an organisation, one at a time.
_ITEM = re.compile(r"^/iati-(?:activities/iati-activity|organisations/iati-organisation)")


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an element breaks. `severity`: error or warning, as the ruleset says."""

    rule: str
    code: str
    severity: str
    message: str
    line: int
    element: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """One case in its context, ready to be asked. `item`: the root that it is about, or any."""

    name: str
    item: str
    context: etree.XPath
    case: Case


def _relative(context: str) -> str:
    """The context as seen from the activity itself; several are joined with |."""
    parts = []
    for part in context.split(" | "):
        path = part.strip()
        if path.startswith("//"):
            parts.append(f"descendant-or-self::{path[2:]}")
        else:
            parts.append("." + _ITEM.sub("", path))
    return " | ".join(parts)


class Ruleset:
    """Every case of a ruleset file, compiled once."""

    def __init__(self, path: Path, *, today: date) -> None:
        self.today = today
        self._paths: dict[str, etree.XPath] = {}
        self._rules: list[_Rule] = []
        for context, rules in json.loads(path.read_text()).items():
            items = {match.group(0).rpartition("/")[2] for match in [_ITEM.match(context)] if match}
            item = items.pop() if items else ""
            compiled = self._path(_relative(context))
            for name, rule in rules.items():
                if name not in _CHECKS and name != "loop":
                    raise ValueError(f"The ruleset has a rule that is not known: {name}")
                self._rules += [_Rule(name, item, compiled, case) for case in rule["cases"]]

    @property
    def cases(self) -> int:
        return len(self._rules)

    def _path(self, text: str) -> etree.XPath:
        if text not in self._paths:
            self._paths[text] = etree.XPath(text, namespaces=_NAMESPACES)
        return self._paths[text]

    def check(self, item: Element) -> Iterator[Broken]:
        """Every case that `item` (an activity or an organisation) breaks."""
        for rule in self._rules:
            if rule.item and rule.item != item.tag:
                continue
            for node in rule.context(item):
                for name, case in self._unrolled(rule.name, rule.case, node):
                    yield from self._ask(name, case, node)

    def _unrolled(self, name: str, case: Case, node: Element) -> Iterator[tuple[str, Case]]:
        """The case itself, or those of a loop with $1 filled in, once for each value found."""
        if name != "loop":
            yield name, case
            return
        values = dict.fromkeys(_text(each) for each in self._path(case["foreach"])(node))
        for value in values:
            if "'" in value:
                continue  # no code holds one, and no XPath could
            for inner, rule in case["do"].items():
                for each in rule["cases"]:
                    filled = dict(each)
                    for key in case["subs"]:
                        if key in filled:
                            filled[key] = _filled(filled[key], value)
                    yield inner, filled

    def _ask(self, name: str, case: Case, node: Element) -> Iterator[Broken]:
        if "condition" in case and not self.holds(case["condition"], node):
            return
        where = _CHECKS[name](self, case, node)
        if where is None:
            return
        told = case.get("ruleInfo", {})
        yield Broken(
            rule=name,
            code=str(told.get("id", "")),
            severity=str(told.get("severity", "error")),
            message=str(told.get("message", name)),
            line=where.sourceline or node.sourceline or 0,
            element=str(where.tag),
        )

    # What the rules ask.

    def found(self, path: str, node: Element) -> list[Any]:
        result = self._path(path)(node)
        return result if isinstance(result, list) else [result]

    def all_found(self, case: Case, node: Element) -> list[Any]:
        return [each for path in case["paths"] for each in self.found(path, node)]

    def holds(self, expression: str, node: Element) -> bool:
        return bool(self._path(f"boolean({expression})")(node))

    def days(self, path: str, node: Element) -> list[tuple[date, Element]]:
        """Days that are written so that they can be read; NOW is today."""
        if path == "NOW":
            return [(self.today, node)]
        found = []
        for each in self.found(path, node):
            try:
                found.append((date.fromisoformat(_text(each)[:10]), _owner(each, node)))
            except ValueError:
                continue
        return found


def _filled(value: Any, with_: str) -> Any:
    if isinstance(value, list):
        return [each.replace("$1", with_) for each in value]
    return value.replace("$1", with_)


def _text(found: Any) -> str:
    """An attribute or text as it stands; the text of an element, its narratives with it."""
    if isinstance(found, Element):
        return "".join(found.itertext()).strip() if len(found) else (found.text or "")
    return str(found)


def _owner(found: Any, node: Element) -> Element:
    """The element that a result belongs to, for its line."""
    if isinstance(found, Element):
        return found
    parent = found.getparent() if hasattr(found, "getparent") else None
    return node if parent is None else parent


def _atleast_one(rules: Ruleset, case: Case, node: Element) -> Element | None:
    return None if any(_is_there(each) for each in rules.all_found(case, node)) else node


def _is_there(found: Any) -> bool:
    return isinstance(found, Element) or bool(str(found).strip())


def _no_more_than_one(rules: Ruleset, case: Case, node: Element) -> Element | None:
    found = rules.all_found(case, node)
    return _owner(found[1], node) if len(found) > 1 else None


def _unique(rules: Ruleset, case: Case, node: Element) -> Element | None:
    seen: set[str] = set()
    for each in rules.all_found(case, node):
        if (text := _text(each)) in seen:
            return _owner(each, node)
        seen.add(text)
    return None


def _startswith(rules: Ruleset, case: Case, node: Element) -> Element | None:
    """Begins with one of the prefixes and, where there is a separator, goes on after it.

    Prefixes in capitals name lists that this ruleset does not hold: nothing can be said then.
    """
    prefixes = [
        _text(each).strip()
        for path in case["prefix"]
        if not path.isupper()
        for each in rules.found(path, node)
    ]
    starts = tuple(prefix + case.get("separator", "") for prefix in prefixes if prefix)
    if not starts:
        return None
    for each in rules.all_found(case, node):
        if not _text(each).strip().startswith(starts):
            return _owner(each, node)
    return None


def _regex_matches(rules: Ruleset, case: Case, node: Element) -> Element | None:
    for each in rules.all_found(case, node):
        if _text(each) and not re.search(case["regex"], _text(each)):
            return _owner(each, node)
    return None


def _no_spaces(rules: Ruleset, case: Case, node: Element) -> Element | None:
    for each in rules.all_found(case, node):
        text = _text(each)
        if text != text.strip() or "\n" in text:
            return _owner(each, node)
    return None


def _one_or_all(rules: Ruleset, case: Case, node: Element) -> Element | None:
    """Said once for all, or said by each that needs it: languages, currencies, sectors."""
    if any(_is_there(each) for each in rules.found(case["one"], node)):
        return None
    match case["all"]:
        case "lang":
            path = ".//narrative[not(@xml:lang)]"
        case "currency":
            path = ".//value[not(@currency)]"
        case name:
            path = f".//transaction[not({name})]"
            if not rules.found(".//transaction", node):
                return node
    without = rules.found(path, node)
    return without[0] if without else None


def _date_now(rules: Ruleset, case: Case, node: Element) -> Element | None:
    return next((owner for day, owner in rules.days(case["date"], node) if day > rules.today), None)


def _date_order(rules: Ruleset, case: Case, node: Element) -> Element | None:
    for more, _owner_of_more in rules.days(case["more"], node):
        for less, owner in rules.days(case["less"], node):
            if less > more:
                return owner
    return None


def _time_limit(rules: Ruleset, case: Case, node: Element) -> Element | None:
    """At most a year: the end is not later than the same day a year on."""
    for start, owner in rules.days(case["start"], node):
        for end, _owner_of_end in rules.days(case["end"], node):
            if end > _a_year_after(start):
                return owner
    return None


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 3, 1)


def _between_dates(rules: Ruleset, case: Case, node: Element) -> Element | None:
    starts, ends = rules.days(case["start"], node), rules.days(case["end"], node)
    for day, owner in rules.days(case["date"], node):
        if (starts and day < starts[0][0]) or (ends and day > ends[0][0]):
            return owner
    return None


def _range(rules: Ruleset, case: Case, node: Element) -> Element | None:
    for each in rules.all_found(case, node):
        value = _decimal(each)
        if value is None or not Decimal(case["min"]) <= value <= Decimal(case["max"]):
            return _owner(each, node)
    return None


def _strict_sum(rules: Ruleset, case: Case, node: Element) -> Element | None:
    found = rules.all_found(case, node)
    values = [_decimal(each) for each in found]
    total = sum((value for value in values if value is not None), Decimal(0))
    if None not in values and total == Decimal(case["sum"]):
        return None
    return _owner(found[0], node) if found else node


def _decimal(found: Any) -> Decimal | None:
    try:
        return Decimal(_text(found).strip())
    except InvalidOperation:
        return None


def _if_then(rules: Ruleset, case: Case, node: Element) -> Element | None:
    if not rules.holds(case["if"], node) or rules.holds(case["then"], node):
        return None
    found = rules.all_found(case, node)
    return _owner(found[0], node) if found else node


_CHECKS: dict[str, Callable[[Ruleset, Case, Element], Element | None]] = {
    "atleast_one": _atleast_one,
    "between_dates": _between_dates,
    "date_now": _date_now,
    "date_order": _date_order,
    "if_then": _if_then,
    "no_more_than_one": _no_more_than_one,
    "no_spaces": _no_spaces,
    "one_or_all": _one_or_all,
    "range": _range,
    "regex_matches": _regex_matches,
    "startswith": _startswith,
    "strict_sum": _strict_sum,
    "time_limit": _time_limit,
    "unique": _unique,
}
