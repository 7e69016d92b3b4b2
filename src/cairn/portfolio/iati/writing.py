"""Writing IATI 2.03 files, one activity after the other, so that memory stays flat.

Elements stand in the order of the schema (iati-activities-schema.xsd, xsd:sequence).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Element

from cairn.portfolio.iati import codes
from cairn.portfolio.iati.records import (
    Activity,
    Body,
    Budget,
    Indicator,
    Measured,
    Period,
    Result,
    Share,
    Spent,
    Transaction,
    Words,
    Yearly,
)

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold (section 2.2); it comes in by pasting.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_new, _add = etree.Element, etree.SubElement


def activities_file(
    publisher: Body, activities: Iterable[Activity], *, now: datetime
) -> Iterator[bytes]:
    """An activities file in parts, one for each activity."""
    yield _DECLARATION
    yield _opening("iati-activities", now)
    for each in activities:
        yield etree.tostring(activity_element(publisher, each), encoding="utf-8") + b"\n"
    yield b"</iati-activities>\n"


def organisation_file(publisher: Body, yearly: Yearly, *, now: datetime) -> Iterator[bytes]:
    """The organisation file of the publisher."""
    yield _DECLARATION
    yield _opening("iati-organisations", now)
    root = _new("iati-organisation")
    root.set("default-currency", "USD")
    root.set(LANGUAGE, "en")
    root.set("last-updated-datetime", _day(now))
    _add(root, "organisation-identifier").text = publisher.reference
    _narrative(_add(root, "name"), Words(publisher.name), "en")
    _publisher(root, publisher)
    for each in yearly.budgets:
        _yearly(root, "total-budget", each)
    for each in yearly.country_budgets:
        _yearly(root, "recipient-country-budget", each)
    for each in yearly.spending:
        _yearly(root, "total-expenditure", each)
    yield etree.tostring(root, encoding="utf-8") + b"\n"
    yield b"</iati-organisations>\n"


def _opening(name: str, now: datetime) -> bytes:
    root = f'<{name} version="{codes.VERSION}" generated-datetime="{_day(now)}">\n'
    return root.encode()


def _day(now: datetime) -> str:
    """To the day, so that the same records give the same file from morning to night."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _yearly(root: Element, name: str, spent: Spent) -> None:
    entry = _add(root, name)
    _add(entry, "period-start").set("iso-date", f"{spent.year}-01-01")
    _add(entry, "period-end").set("iso-date", f"{spent.year}-12-31")
    if name == "recipient-country-budget":
        # In the organisation schema the country stands before the period.
        country = _new("recipient-country")
        country.set("code", spent.country)
        entry.insert(0, country)
    value = _add(entry, "value")
    value.set("value-date", f"{spent.year}-01-01")
    value.text = _number(spent.value)


def activity_element(publisher: Body, activity: Activity) -> Element:
    """The `iati-activity` of one activity."""
    root = _new("iati-activity")
    root.set("default-currency", activity.currency)
    root.set(LANGUAGE, activity.language)
    root.set("hierarchy", str(activity.hierarchy))
    if activity.updated:
        root.set("last-updated-datetime", _moment(activity.updated))
    _add(root, "iati-identifier").text = activity.identifier
    _publisher(root, publisher)
    _narrative(_add(root, "title"), activity.title, activity.language)
    for described in activity.descriptions:
        description = _add(root, "description")
        description.set("type", described.kind)
        _narrative(description, described.words, activity.language)
    for each in activity.participants:
        _body(_add(root, "participating-org"), each.body, "type").set("role", each.role)
    _add(root, "activity-status").set("code", activity.status)
    for dated in activity.dates:
        day = _add(root, "activity-date")
        day.set("type", dated.kind)
        day.set("iso-date", dated.day.isoformat())
        if dated.note:
            _narrative(day, Words(dated.note, "en"), activity.language)
    for name, shares in (
        ("recipient-country", activity.countries),
        ("recipient-region", activity.regions),
        ("sector", activity.sectors),
        ("tag", activity.tags),
    ):
        for share in shares:
            _share(_add(root, name), share, activity.language)
    for budget in activity.budgets:
        _budget(_add(root, "budget"), budget)
    for transaction in activity.transactions:
        _transaction(_add(root, "transaction"), transaction, activity.language)
    for relation in activity.related:
        related = _add(root, "related-activity")
        related.set("ref", relation.reference)
        related.set("type", relation.kind)
    for result in activity.results:
        _result(_add(root, "result"), result, activity.language)
    return root


def _publisher(root: Element, publisher: Body) -> None:
    reporting = _add(root, "reporting-org")
    reporting.set("ref", publisher.reference)
    reporting.set("type", publisher.kind)
    _narrative(reporting, Words(publisher.name), "")


def _narrative(parent: Element, words: Words, language: str) -> None:
    narrative = _add(parent, "narrative")
    if words.language and words.language != language:
        narrative.set(LANGUAGE, words.language)
    narrative.text = _writable(words.text)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def _body(element: Element, body: Body, kind: str) -> Element:
    if body.reference:
        element.set("ref", body.reference)
    if body.kind:
        element.set(kind, body.kind)
    _narrative(element, Words(body.name), "")
    return element


def _share(element: Element, share: Share, language: str) -> None:
    element.set("code", share.code)
    if share.vocabulary:
        element.set("vocabulary", share.vocabulary)
    if share.percentage is not None:
        element.set("percentage", _number(share.percentage))
    if share.name:
        _narrative(element, Words(share.name, "en"), language)


def _budget(element: Element, budget: Budget) -> None:
    element.set("type", codes.ORIGINAL)
    element.set("status", budget.status)
    _add(element, "period-start").set("iso-date", budget.starts.isoformat())
    _add(element, "period-end").set("iso-date", budget.ends.isoformat())
    value = _add(element, "value")
    value.set("currency", budget.currency)
    value.set("value-date", budget.value_date.isoformat())
    value.text = _number(budget.value)


def _transaction(element: Element, transaction: Transaction, language: str) -> None:
    day = transaction.day.isoformat()
    _add(element, "transaction-type").set("code", transaction.kind)
    _add(element, "transaction-date").set("iso-date", day)
    value = _add(element, "value")
    value.set("currency", transaction.currency)
    value.set("value-date", day)
    value.text = _number(transaction.value)
    if transaction.note:
        _narrative(_add(element, "description"), Words(transaction.note, "en"), language)
    if transaction.provider is not None:
        _body(_add(element, "provider-org"), transaction.provider, "type")


def _result(element: Element, result: Result, language: str) -> None:
    element.set("type", result.kind)
    _narrative(_add(element, "title"), result.title, language)
    for indicator in result.indicators:
        _indicator(_add(element, "indicator"), indicator, language)


def _indicator(element: Element, indicator: Indicator, language: str) -> None:
    element.set("measure", indicator.measure)
    _narrative(_add(element, "title"), indicator.title, language)
    if indicator.baseline is not None:
        year, value = indicator.baseline
        baseline = _add(element, "baseline")
        baseline.set("year", str(year))
        baseline.set("value", _number(value))
    for period in indicator.periods:
        _period(_add(element, "period"), period)


def _period(element: Element, period: Period) -> None:
    _add(element, "period-start").set("iso-date", period.starts.isoformat())
    _add(element, "period-end").set("iso-date", period.ends.isoformat())
    for name, values in (("target", period.targets), ("actual", period.actuals)):
        for measured in values:
            _measured(_add(element, name), measured)


def _measured(element: Element, measured: Measured) -> None:
    element.set("value", _number(measured.value))
    for name, value in measured.dimensions:
        dimension = _add(element, "dimension")
        dimension.set("name", name)
        dimension.set("value", value)


def _number(value: Decimal) -> str:
    """Digits with a point, no exponent, no zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
