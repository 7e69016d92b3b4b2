"""Published words in the language of whoever looks: payloads are stored in English, as signed.

Only words that the source says today in exactly the same English are said in another language;
others stay as they were signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.observatory import sources
from cairn.observatory.rules.publication import Code, Column, Publication
from cairn.observatory.rules.series import Series

STORED = "en"
REST = "rest-"


def spoken(found: Publication) -> Publication:
    """The publication with its words in the language of the moment, as far as they are known."""
    words = words_of(found.series)
    if not words:
        return found
    return replace(
        found,
        language=language(),
        label=words.get(found.label, found.label),
        statements={name: words.get(text, text) for name, text in found.statements.items()},
        breaks=tuple(replace(each, what=words.get(each.what, each.what)) for each in found.breaks),
        columns=tuple(_column(each, words) for each in found.columns),
        completeness=tuple(
            replace(each, name=words.get(each.name, each.name)) for each in found.completeness
        ),
    )


def _column(column: Column, words: Mapping[str, str]) -> Column:
    """A code of areas that were put together is named by the wider area, if it has one."""
    label = words.get(column.label, column.label)
    return Column(
        column.name,
        label,
        column.field_class,
        tuple(_code(column, each, words) for each in column.codes),
    )


def _code(column: Column, code: Code, words: Mapping[str, str]) -> Code:
    if code.code.startswith(REST):
        wider = column.by_code.get(code.parent)
        label = _("Other areas together")
        if wider:
            name = words.get(wider.label, wider.label)
            label = _("Other areas of %(wider)s") % {"wider": name}
        return replace(code, label=label)
    return replace(code, label=words.get(code.label, code.label))


def words_of(series: str) -> Mapping[str, str]:
    """English -> the language of the moment, of one series; empty in English, and where its
    source is not known here.
    """
    if language() == STORED:
        return {}
    try:
        sources.source(series)
    except RuleBroken:
        return {}
    return _words(series, language())


@lru_cache(maxsize=16)
def _words(series: str, spoken_language: str) -> Mapping[str, str]:
    with override(STORED):
        stored = list(_texts(sources.source(series).series()))
    with override(spoken_language):
        said = list(_texts(sources.source(series).series()))
    return dict(zip(stored, said, strict=True)) if len(stored) == len(said) else {}


def _texts(series: Series) -> Iterator[str]:
    """Every word that a payload holds of a series, in a fixed order."""
    yield from map(
        str,
        (
            series.label,
            series.legal_definition,
            series.stage,
            series.count_rule,
            series.source,
            series.coverage,
        ),
    )
    for each in series.breaks or ():
        yield str(each.what)
    for dimension in series.dimensions:
        yield str(dimension.label)
        # Codes in the order of their names: a list may be sorted by the words of a language.
        for code in sorted(dimension.codes, key=lambda one: one.code):
            yield str(code.label)
