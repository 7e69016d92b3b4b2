"""Writing IATI 2.03 files, one activity after the other, so that memory stays flat.

Elements stand in the order of the schema (iati-activities-schema.xsd, xsd:sequence). They are put
together as text: a tree of objects that is only printed takes three times as long.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from cairn.portfolio.iati import codes
from cairn.portfolio.iati.records import (
    Activity,
    Body,
    Budget,
    Dated,
    Described,
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

# What XML 1.0 cannot hold (section 2.2); it comes in by pasting.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Sections 2.4 and 2.11: markup, and a carriage return, which a reader would take for a line feed.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# Section 3.3.3: a reader makes blanks of tabs and line ends in attributes.
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def activities_file(
    publisher: Body, activities: Iterable[Activity], *, now: datetime
) -> Iterator[bytes]:
    """An activities file in parts, one for each activity."""
    yield _DECLARATION
    yield _opening("iati-activities", now)
    by = _publisher(publisher)
    for each in activities:
        yield "".join(_activity(by, each)).encode()
    yield b"</iati-activities>\n"


def organisation_file(publisher: Body, yearly: Yearly, *, now: datetime) -> Iterator[bytes]:
    """The organisation file of the publisher."""
    yield _DECLARATION
    yield _opening("iati-organisations", now)
    parts = [
        '<iati-organisation default-currency="USD" xml:lang="en"'
        f' last-updated-datetime="{_day(now)}">',
        f"<organisation-identifier>{_text(publisher.reference)}</organisation-identifier>",
        f"<name>{_narrative(Words(publisher.name), 'en')}</name>",
        _publisher(publisher),
        *(_yearly("total-budget", each) for each in yearly.budgets),
        *(_yearly("recipient-country-budget", each) for each in yearly.country_budgets),
        *(_yearly("total-expenditure", each) for each in yearly.spending),
        "</iati-organisation>\n",
    ]
    yield "".join(parts).encode()
    yield b"</iati-organisations>\n"


def _opening(name: str, now: datetime) -> bytes:
    root = f'<{name} version="{codes.VERSION}" generated-datetime="{_day(now)}">\n'
    return root.encode()


def _day(now: datetime) -> str:
    """To the day, so that the same records give the same file from morning to night."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT00:00:00Z")


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _yearly(name: str, spent: Spent) -> str:
    # In the organisation schema the country stands before the period.
    country = f'<recipient-country code="{_attribute(spent.country)}"/>' if spent.country else ""
    return (
        f'<{name}>{country}<period-start iso-date="{spent.year}-01-01"/>'
        f'<period-end iso-date="{spent.year}-12-31"/>'
        f'<value value-date="{spent.year}-01-01">{_number(spent.value)}</value></{name}>'
    )


def _activity(publisher: str, activity: Activity) -> Iterator[str]:
    """The `iati-activity` of one activity, in parts."""
    language = activity.language
    updated = f' last-updated-datetime="{_moment(activity.updated)}"' if activity.updated else ""
    yield (
        f'<iati-activity default-currency="{_attribute(activity.currency)}"'
        f' xml:lang="{_attribute(language)}" hierarchy="{activity.hierarchy}"{updated}>'
        f"<iati-identifier>{_text(activity.identifier)}</iati-identifier>{publisher}"
        f"<title>{_narrative(activity.title, language)}</title>"
    )
    for described in activity.descriptions:
        yield _description(described, language)
    for each in activity.participants:
        yield _body("participating-org", each.body, each.role)
    yield f'<activity-status code="{activity.status}"/>'
    for dated in activity.dates:
        yield _date(dated, language)
    for name, shares in (
        ("recipient-country", activity.countries),
        ("recipient-region", activity.regions),
        ("sector", activity.sectors),
        ("tag", activity.tags),
    ):
        for share in shares:
            yield _share(name, share, language)
    for budget in activity.budgets:
        yield _budget(budget)
    for transaction in activity.transactions:
        yield _transaction(transaction, language)
    for relation in activity.related:
        yield (f'<related-activity ref="{_attribute(relation.reference)}" type="{relation.kind}"/>')
    for result in activity.results:
        yield from _result(result, language)
    yield "</iati-activity>\n"


def _publisher(publisher: Body) -> str:
    return (
        f'<reporting-org ref="{_attribute(publisher.reference)}"'
        f' type="{publisher.kind}">'
        f"{_narrative(Words(publisher.name), '')}</reporting-org>"
    )


def _description(described: Described, language: str) -> str:
    return (
        f'<description type="{described.kind}">'
        f"{_narrative(described.words, language)}</description>"
    )


def _date(dated: Dated, language: str) -> str:
    day = f'<activity-date type="{dated.kind}" iso-date="{dated.day.isoformat()}"'
    if not dated.note:
        return day + "/>"
    return f"{day}>{_narrative(Words(dated.note, 'en'), language)}</activity-date>"


def _narrative(words: Words, language: str) -> str:
    text = _text(words.text)
    if words.language and words.language != language:
        return f'<narrative xml:lang="{_attribute(words.language)}">{text}</narrative>'
    return f"<narrative>{text}</narrative>"


def writable(text: str) -> str:
    """`text` without what no XML file can hold."""
    return _UNWRITABLE.sub("", text)


def _text(text: str) -> str:
    return writable(text).translate(_IN_TEXT)


@lru_cache(maxsize=4096)
def _attribute(text: str) -> str:
    """For what may be anything; codes of the standard's own lists need none of it."""
    return writable(text).translate(_IN_ATTRIBUTE)


@lru_cache(maxsize=4096)
def _body(element: str, body: Body, role: str = "") -> str:
    reference = f' ref="{_attribute(body.reference)}"' if body.reference else ""
    kind = f' type="{body.kind}"' if body.kind else ""
    acts = f' role="{role}"' if role else ""
    return f"<{element}{reference}{kind}{acts}>{_narrative(Words(body.name), '')}</{element}>"


@lru_cache(maxsize=4096)
def _share(element: str, share: Share, language: str) -> str:
    vocabulary = f' vocabulary="{share.vocabulary}"' if share.vocabulary else ""
    percentage = (
        f' percentage="{_number(share.percentage)}"' if share.percentage is not None else ""
    )
    opening = f'<{element} code="{_attribute(share.code)}"{vocabulary}{percentage}'
    if not share.name:
        return opening + "/>"
    return f"{opening}>{_narrative(Words(share.name, 'en'), language)}</{element}>"


def _budget(budget: Budget) -> str:
    return (
        f'<budget type="{codes.ORIGINAL}" status="{budget.status}">'
        f'<period-start iso-date="{budget.starts.isoformat()}"/>'
        f'<period-end iso-date="{budget.ends.isoformat()}"/>'
        f'<value currency="{_attribute(budget.currency)}"'
        f' value-date="{budget.value_date.isoformat()}">{_number(budget.value)}</value></budget>'
    )


def _transaction(transaction: Transaction, language: str) -> str:
    day = transaction.day.isoformat()
    note = provider = ""
    if transaction.note:
        text = _narrative(Words(transaction.note, "en"), language)
        note = f"<description>{text}</description>"
    if transaction.provider is not None:
        provider = _body("provider-org", transaction.provider)
    return (
        f'<transaction><transaction-type code="{transaction.kind}"/>'
        f'<transaction-date iso-date="{day}"/>'
        f'<value currency="{_attribute(transaction.currency)}" value-date="{day}">'
        f"{_number(transaction.value)}</value>{note}{provider}</transaction>"
    )


def _result(result: Result, language: str) -> Iterator[str]:
    yield f'<result type="{result.kind}">'
    yield f"<title>{_narrative(result.title, language)}</title>"
    for indicator in result.indicators:
        yield from _indicator(indicator, language)
    yield "</result>"


def _indicator(indicator: Indicator, language: str) -> Iterator[str]:
    yield f'<indicator measure="{indicator.measure}">'
    yield f"<title>{_narrative(indicator.title, language)}</title>"
    if indicator.baseline is not None:
        year, value = indicator.baseline
        yield f'<baseline year="{year}" value="{_number(value)}"/>'
    for period in indicator.periods:
        yield _period(period)
    yield "</indicator>"


def _period(period: Period) -> str:
    values = "".join(
        _measured(name, each)
        for name, found in (("target", period.targets), ("actual", period.actuals))
        for each in found
    )
    return (
        f'<period><period-start iso-date="{period.starts.isoformat()}"/>'
        f'<period-end iso-date="{period.ends.isoformat()}"/>{values}</period>'
    )


def _measured(element: str, measured: Measured) -> str:
    opening = f'<{element} value="{_number(measured.value)}"'
    if not measured.dimensions:
        return opening + "/>"
    dimensions = "".join(
        f'<dimension name="{_attribute(name)}" value="{_attribute(value)}"/>'
        for name, value in measured.dimensions
    )
    return f"{opening}>{dimensions}</{element}>"


@lru_cache(maxsize=4096)
def _number(value: Decimal) -> str:
    """Digits with a point, no exponent, no zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
