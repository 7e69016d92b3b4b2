"""What one activity of a file says, and what is wrong with it: tolerant, and exact."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from lxml.etree import _Element as Element

from cairn.portfolio.iati import codes, structure

ERROR, WARNING = "error", "warning"
_MOST_COMPLAINTS = 100  # of one activity; whoever made it needs no more to find the pattern


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, where, and what to do. `element`: its path below the activity."""

    line: int
    element: str
    code: str
    message: str
    remedy: str = ""
    severity: str = ERROR


Sums = dict[str, Decimal]


@dataclass(slots=True)
class ReadActivity:
    """An activity as a file tells it. Sums by currency; `foreign`: elements of other standards.

    `reporting`: who publishes it, by reference; `texts`: DescriptionType -> text; `is_refused`:
    one of its complaints is an error.
    """

    line: int
    identifier: str = ""
    title: str = ""
    status: str = ""
    starts: date | None = None
    ends: date | None = None
    countries: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    budget: Sums = field(default_factory=dict)
    transactions: dict[str, Sums] = field(default_factory=dict)
    foreign: dict[str, int] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    left_out: int = 0
    reporting: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    is_refused: bool = False

    def complain(
        self,
        node: Element,
        element: str,
        code: str,
        message: str,
        remedy: str = "",
        severity: str = ERROR,
        line: int = 0,
    ) -> None:
        line = line or node.sourceline or 0
        self.add(Complaint(line, element, code, message, remedy, severity))

    def add(self, complaint: Complaint) -> None:
        """Keep a complaint. An error refuses the activity, also where no more are told."""
        self.is_refused = self.is_refused or complaint.severity == ERROR
        if len(self.complaints) < _MOST_COMPLAINTS:
            self.complaints.append(complaint)
        else:
            self.left_out += 1


def read_activity(activity: Element, *, is_ordered: bool = True) -> ReadActivity:
    """Everything that is compared, with each complaint.

    `is_ordered`: its version fixes the order of elements, as all since 2.01 do.
    """
    read = ReadActivity(activity.sourceline or 0)
    _check_children(read, activity, structure.ACTIVITY, is_ordered=is_ordered)
    _check_nodes(read, activity)
    currency = (activity.get("default-currency") or "").strip()
    shares: dict[tuple[str, str], list[tuple[Element, str | None]]] = {}
    for node in activity.iterchildren("*"):
        match node.tag:
            case "iati-identifier":
                read.identifier = (node.text or "").strip()
            case "reporting-org":
                read.reporting = (node.get("ref") or "").strip()
            case "title":
                read.title = _narrative(node)
            case "description":
                read.texts.setdefault(node.get("type") or codes.GENERAL, _narrative(node))
            case "activity-status":
                read.status = (node.get("code") or "").strip()
            case "activity-date":
                _date(read, node)
            case "recipient-country" | "recipient-region" | "sector":
                is_country = node.tag == "recipient-country"
                vocabulary = "" if is_country else node.get("vocabulary") or "1"
                given = shares.setdefault((str(node.tag), vocabulary), [])
                given.append((node, node.get("percentage")))
            case "budget":
                _amount(read, node, currency, read.budget)
            case "transaction":
                kind = node.find("transaction-type")
                name = "" if kind is None else (kind.get("code") or "")
                _amount(read, node, currency, read.transactions.setdefault(name, {}))
    _shares(read, activity, shares)
    if not read.identifier:
        read.complain(
            activity, "iati-identifier", "iati.identifier", _("The activity has no identifier."),
            _("Without one it cannot be compared with anything."),
        )  # fmt: skip
    return read


def read_organisation(organisation: Element) -> ReadActivity:
    """An organisation of an organisation file: its identifier, and what is wrong."""
    read = ReadActivity(organisation.sourceline or 0)
    _check_children(read, organisation, structure.ORGANISATION, is_ordered=True)
    _check_nodes(read, organisation)
    read.identifier = (organisation.findtext("organisation-identifier") or "").strip()
    name = organisation.find("name")
    read.title = "" if name is None else _narrative(name)
    return read


def _narrative(node: Element) -> str:
    return (node.findtext("narrative") or "").strip()


def _check_children(
    read: ReadActivity, parent: Element, known: structure.Structure, *, is_ordered: bool
) -> None:
    """Unknown, missing, doubled and misplaced elements directly below the activity."""
    seen: dict[str, int] = {}
    highest, highest_name = -1, ""
    for node in parent.iterchildren("*"):
        name = str(node.tag)
        if name.startswith("{"):
            continue
        place = known.order.get(name)
        if place is None:
            read.complain(
                node, name, "iati.unknown",
                _("There is no element “%(name)s” here in version 2.03.") % {"name": name},
                _("It was passed over. Elements of other standards need a namespace."), WARNING,
            )  # fmt: skip
            continue
        seen[name] = seen.get(name, 0) + 1
        if is_ordered and place < highest:
            read.complain(
                node, name, "iati.order",
                _("“%(name)s” stands after “%(other)s”.")
                % {"name": name, "other": highest_name},
                _("The standard fixes the order of elements; it was read all the same."), WARNING,
            )  # fmt: skip
        else:
            highest, highest_name = place, name
    for name in known.required:
        if name not in seen:
            read.complain(
                parent, name, "iati.missing",
                _("The element “%(name)s” is missing.") % {"name": name},
                _("The standard demands it in every activity."), WARNING,
            )  # fmt: skip
    for name in known.single:
        if seen.get(name, 0) > 1:
            read.complain(
                parent, name, "iati.doubled",
                _("“%(name)s” stands here %(count)d times.")
                % {"name": name, "count": seen[name]},
                _("The standard allows one; the last was read."), WARNING,
            )  # fmt: skip


def _check_nodes(read: ReadActivity, activity: Element) -> None:
    """Attributes of every element below, and elements of other standards."""
    checks = structure.ATTRIBUTES
    for node in activity.iter("*"):
        name = node.tag
        wanted = checks.get(name)
        if wanted is None:
            if name[0] == "{":
                key = str(name)
                read.foreign[key] = read.foreign.get(key, 0) + 1
            continue
        for attribute, allowed in wanted:
            value = node.get(attribute)
            if value is None:
                if attribute in structure.OPTIONAL.get(str(name), ()):
                    continue
                read.complain(
                    node, str(name), "iati.attribute",
                    _("“%(name)s” lacks its attribute “%(attribute)s”.")
                    % {"name": name, "attribute": attribute},
                    _("Ask whoever publishes the file to fill it in."),
                )  # fmt: skip
            elif allowed is not None and value not in allowed:
                read.complain(
                    node, str(name), "iati.code",
                    _("“%(value)s” is no code for “%(attribute)s” of “%(name)s”.")
                    % {"value": value[:40], "attribute": attribute, "name": name},
                    _("Codes in use: %(codes)s.")
                    % {"codes": ", ".join(sorted(allowed, key=_in_order)[:14])},
                )  # fmt: skip


def _in_order(code: str) -> tuple[int, str]:
    return (int(code), "") if code.isdigit() else (1000, code)


def _date(read: ReadActivity, node: Element) -> None:
    text = node.get("iso-date")
    if text is None:
        return
    day = _day(read, node, text)
    if day is None:
        return
    match node.get("type"):
        case codes.DateType.PLANNED_START:
            read.starts = day
        case codes.DateType.PLANNED_END:
            read.ends = day
        case codes.DateType.ACTUAL_START if read.starts is None:
            read.starts = day
        case codes.DateType.ACTUAL_END if read.ends is None:
            read.ends = day


def _day(read: ReadActivity, node: Element, text: str) -> date | None:
    """An xsd:date; a time zone at its end (Z, +02:00) is passed over."""
    try:
        if len(text) == 10 or text[10:] == "Z" or text[10:11] in {"+", "-"}:
            return date.fromisoformat(text[:10])
    except ValueError:
        pass
    read.complain(
        node, str(node.tag), "iati.date", _("“%(text)s” is not a day.") % {"text": text[:40]},
        _("Days are written year-month-day: 2025-02-03."),
    )  # fmt: skip
    return None


def _amount(read: ReadActivity, parent: Element, currency: str, sums: Sums) -> None:
    """Add the value of a budget or a transaction to `sums`, in its own currency."""
    path = str(parent.tag)
    node = parent.find("value")
    if node is None:
        read.complain(
            parent, path, "iati.missing",
            _("The element “%(name)s” is missing.") % {"name": "value"},
            _("Without it no sum can be compared."),
        )  # fmt: skip
        return
    own = (node.get("currency") or currency).strip()
    if not own:
        read.complain(
            node, f"{path}/value", "iati.currency", _("The amount has no currency."),
            _("Give the activity a default currency, or each amount its own."),
        )  # fmt: skip
    if node.get("value-date") is None:
        read.complain(
            node, f"{path}/value", "iati.attribute",
            _("“%(name)s” lacks its attribute “%(attribute)s”.")
            % {"name": "value", "attribute": "value-date"},
            _("Ask whoever publishes the file to fill it in."), WARNING,
        )  # fmt: skip
    text = (node.text or "").strip()
    try:
        value = Decimal(text)
        if not value.is_finite() or value.adjusted() > 18:
            raise InvalidOperation
    except InvalidOperation:
        read.complain(
            node, f"{path}/value", "iati.amount",
            _("“%(text)s” is not an amount.") % {"text": text[:40]},
            _("Write digits, with a point before decimals and nothing between thousands."),
        )  # fmt: skip
        return
    sums[own] = sums.get(own, Decimal(0)) + value


def _shares(
    read: ReadActivity,
    activity: Element,
    shares: dict[tuple[str, str], list[tuple[Element, str | None]]],
) -> None:
    """Countries and regions are kept; percentages of each kind and vocabulary add up to 100."""
    places: list[tuple[Element, str | None]] = []
    for (name, _vocabulary), nodes in shares.items():
        found = [(node.get("code") or "").strip() for node, _percentage in nodes]
        if name == "recipient-country":
            read.countries += [code.upper() for code in found]
        elif name == "recipient-region":
            read.regions += found
        if name == "sector":
            _add_up(read, nodes, name)
        else:
            places += nodes
    vocabularies = {key[1] for key in shares if key[0] == "recipient-region"}
    if len(vocabularies) <= 1:
        _add_up(read, places, "recipient-country")


def _add_up(read: ReadActivity, nodes: list[tuple[Element, str | None]], name: str) -> None:
    if len(nodes) < 2:
        return
    first = nodes[0][0]
    try:
        total = sum((Decimal(text) for _node, text in nodes if text is not None), Decimal(0))
    except InvalidOperation:
        read.complain(
            first, name, "iati.percentage", _("A percentage is not a number."),
            _("Write digits, with a point before decimals."),
        )  # fmt: skip
        return
    if any(text is None for _node, text in nodes) or total != 100:
        read.complain(
            first, name, "iati.percentage",
            _("The percentages add up to %(total)s, not to 100.") % {"total": f"{total:f}"},
            _("Each of several places or sectors needs its percentage."), WARNING,
        )  # fmt: skip


def lines_of(read: ReadActivity) -> Iterator[dict[str, Any]]:
    """Complaints in plain values."""
    for each in read.complaints:
        yield {
            "line": each.line,
            "element": each.element,
            "code": each.code,
            "severity": each.severity,
            "message": each.message,
            "remedy": each.remedy,
        }
