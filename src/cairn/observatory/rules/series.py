"""What a series counts, by what it may be broken down, and what must be said beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken

# A code for "not known" that every code list carries: not known is never dropped.
UNKNOWN = "unknown"
# More columns than this in one table are never counted.
MOST_DIMENSIONS = 3


class FieldClass(TextChoices):
    """What kind of field a column is. Only those of MAY_GROUP are ever a dimension."""

    CATEGORY = "category", gettext_lazy("category from a code list")
    PERIOD = "period", gettext_lazy("period, not shorter than a quarter")
    AREA = "area", gettext_lazy("area, such as a country or a province")
    SHELTER = "shelter", gettext_lazy("place of a shelter or another service")
    BORDER_POST = "border_post", gettext_lazy("border post")
    POINT = "point", gettext_lazy("point on a map or an address")
    EXACT_DATE = "exact_date", gettext_lazy("exact date")
    IDENTIFIER = "identifier", gettext_lazy("name, number or other identifier")
    FREE_TEXT = "free_text", gettext_lazy("free text")


MAY_GROUP = frozenset({FieldClass.CATEGORY, FieldClass.PERIOD, FieldClass.AREA})


class Aspect(TextChoices):
    """What a dimension tells about a person; thresholds depend on what is told together."""

    CHILD = "child", gettext_lazy("whether a child")
    SEX = "sex", gettext_lazy("sex")
    PLACE = "place", gettext_lazy("place")


class CountingUnit(TextChoices):
    PERSON = "person", pgettext_lazy("what is counted", "person")
    CASE = "case", pgettext_lazy("what is counted", "case")
    OFFENCE = "offence", pgettext_lazy("what is counted", "offence")


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a dimension. `parent`: the wider code that contains it, "" at the top.

    `members`: the codes that it stands for, where small areas were put together.
    """

    code: str
    label: str
    parent: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dimension:
    """A column with its code list. Codes that are nobody's parent are what a record may hold.

    `zero_tells`: that nobody is in a category informs (a camp without cases); then a zero is
    hidden like a small count. False only where an empty category teaches nobody anything.
    """

    name: str
    label: str
    field_class: FieldClass
    codes: tuple[Code, ...]
    aspects: frozenset[Aspect] = frozenset()
    zero_tells: bool = True

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        return {each.code: each for each in self.codes}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Code -> codes directly below it; "" -> those at the top (together: everybody)."""
        found: dict[str, list[str]] = {}
        for each in self.codes:
            found.setdefault(each.parent, []).append(each.code)
        return {parent: tuple(below) for parent, below in found.items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.codes if each.code not in self.children)

    def wider(self, code: str) -> tuple[str, ...]:
        """`code` itself and everything that contains it, narrowest first, "" (all) last."""
        found = []
        while code:
            found.append(code)
            code = self.by_code[code].parent
        return (*found, "")

    def leaves_of(self, code: str) -> frozenset[str]:
        """Codes of records that count in `code`; of "" all."""
        below = self.children.get(code)
        if not below:
            return frozenset({code})
        return frozenset().union(*map(self.leaves_of, below))


def check_dimension(dimension: Dimension) -> None:
    """Raise RuleBroken("observatory.dimension") unless people may be counted by it."""
    if dimension.field_class not in MAY_GROUP:
        raise RuleBroken(
            "observatory.dimension",
            _("People are never counted by “%(name)s”: it is a %(kind)s.")
            % {"name": dimension.label, "kind": dimension.field_class.label},
            _("Use a wider area, a period or a category instead."),
        )
    codes = [each.code for each in dimension.codes]
    parents = {each.parent for each in dimension.codes} - {""}
    trouble = ""
    if len(set(codes)) < len(codes):
        trouble = _("a code occurs twice")
    elif "" in codes:
        trouble = _("a code is empty")
    elif not parents <= set(codes):
        trouble = _("a wider code is not in the list")
    elif _has_circle(dimension):
        trouble = _("a code contains itself")
    elif any(len(dimension.children[parent]) < 2 for parent in parents):
        trouble = _("a wider code contains one code only, and would be the same")
    elif UNKNOWN not in dimension.leaves:
        trouble = _("there is no code for “not known”")
    if trouble:
        raise RuleBroken(
            "observatory.dimension",
            _("The code list of “%(name)s” cannot be used: %(trouble)s.")
            % {"name": dimension.label, "trouble": trouble},
        )


def _has_circle(dimension: Dimension) -> bool:
    for each in dimension.codes:
        seen, parent = {each.code}, each.parent
        while parent:
            if parent in seen:
                return True
            seen.add(parent)
            parent = dimension.by_code[parent].parent
    return False


@dataclass(frozen=True, slots=True)
class Break:
    """From this day on figures do not compare with those before. `what`: what changed."""

    on: date
    what: str


@dataclass(frozen=True)
class Series:
    """What is counted, with everything without which a figure must not go out.

    `stage`: who counts as counted (presumed, formally identified, assisted). `breaks`: None
    means that nobody has said; an empty tuple that somebody said there are none. `refused`:
    dimensions that never stand together in one table.
    """

    name: str
    label: str
    dimensions: tuple[Dimension, ...]
    counting_unit: CountingUnit | None = None
    legal_definition: str = ""
    stage: str = ""
    count_rule: str = ""
    source: str = ""
    coverage: str = ""
    breaks: tuple[Break, ...] | None = None
    refused: frozenset[frozenset[str]] = field(default_factory=frozenset)

    @cached_property
    def by_name(self) -> Mapping[str, Dimension]:
        return {each.name: each for each in self.dimensions}


def missing_statements(series: Series) -> list[str]:
    """What a reader would have to guess, in words; empty when nothing is missing."""
    said = {
        _("legal definition"): series.legal_definition.strip(),
        _("counting unit"): series.counting_unit,
        _("stage at which somebody is counted"): series.stage.strip(),
        _("rule of counting"): series.count_rule.strip(),
        _("source"): series.source.strip(),
        _("coverage"): series.coverage.strip(),
        _("breaks in the series, or that there are none"): series.breaks is not None,
    }
    return [name for name, value in said.items() if not value]


def check_series(series: Series) -> None:
    """Raise RuleBroken ("observatory.metadata", "observatory.dimension") unless it may go out."""
    if gaps := missing_statements(series):
        raise RuleBroken(
            "observatory.metadata",
            _("“%(name)s” does not say: %(gaps)s.")
            % {"name": series.label, "gaps": "; ".join(gaps)},
            _("Add what is missing: a figure without it compares with nothing."),
        )
    if len(series.by_name) < len(series.dimensions):
        raise RuleBroken(
            "observatory.dimension",
            _("“%(name)s” has two columns of one name.") % {"name": series.label},
        )
    for each in series.dimensions:
        check_dimension(each)


def groupings(series: Series, *, most: int = MOST_DIMENSIONS) -> Iterator[tuple[str, ...]]:
    """Every allowed grouping of one to `most` columns, in the order of the series."""
    names = [each.name for each in series.dimensions if each.field_class in MAY_GROUP]
    for size in range(1, min(most, MOST_DIMENSIONS) + 1):
        for names_together in combinations(names, size):
            if not any(refused <= set(names_together) for refused in series.refused):
                yield names_together


def check_groupings(series: Series, wanted: Iterable[tuple[str, ...]]) -> None:
    """Raise RuleBroken("observatory.grouping") unless each may be counted."""
    for names in wanted:
        labels = ", ".join(
            series.by_name[name].label if name in series.by_name else name for name in names
        )
        if set(names) - set(series.by_name) or len(set(names)) < len(names):
            trouble = _("a column is not in the series or occurs twice")
        elif len(names) > MOST_DIMENSIONS:
            trouble = _("at most %(most)d columns stand together") % {"most": MOST_DIMENSIONS}
        elif any(refused <= set(names) for refused in series.refused):
            trouble = _("the series keeps these columns apart")
        elif any(series.by_name[name].field_class not in MAY_GROUP for name in names):
            trouble = _("it has a column by which people are never counted")
        else:
            continue
        raise RuleBroken(
            "observatory.grouping",
            _("There is no table by %(columns)s: %(trouble)s.")
            % {"columns": labels, "trouble": trouble},
        )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Fewest persons that a published count may have: `base`, and more for aspects together.

    The defaults: 10, and 20 for child, sex and place in one table (exchange study, e5). The
    columns by which a cell is a part decide, not its codes: grown men as well, as they would
    otherwise tell of the boys beside them.
    """

    base: int = 10
    together: tuple[tuple[frozenset[Aspect], int], ...] = (
        (frozenset({Aspect.CHILD, Aspect.SEX, Aspect.PLACE}), 20),
    )

    def of(self, dimensions: Iterable[Dimension]) -> int:
        told = frozenset().union(*(each.aspects for each in dimensions))
        return max([self.base, *(k for aspects, k in self.together if aspects <= told)])
