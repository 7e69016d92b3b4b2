"""Whether two records may be one person: which fields agree, which speak against it, in words.

A merge is offered only when two fields agree, one of them the name or the service number (the
training study, section 5, number 11). A person decides; nothing is ever merged by a score.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.training.rules.names import KeyKind, Likeness

NEEDED = 2


class Field(TextChoices):
    """What two records can agree on."""

    NAME = "name", gettext_lazy("name")
    SERVICE_NUMBER = "service-number", gettext_lazy("service number")
    BIRTH_YEARS = "birth-years", gettext_lazy("years of birth")
    AGENCY = "agency", gettext_lazy("agency")


TELLING = frozenset({Field.NAME, Field.SERVICE_NUMBER})
# Weights in points of 100: judgements that only order a list which people go through.
_NAME_POINTS = {KeyKind.WORDS: 60, KeyKind.SOUND: 55, KeyKind.PAIR: 45}
_POINTS = {Field.SERVICE_NUMBER: 50, Field.BIRTH_YEARS: 20, Field.AGENCY: 15}
_AGAINST = {Field.SERVICE_NUMBER: 30, Field.BIRTH_YEARS: 25}
_OTHER_SEX = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one record without opening anything. Empty text is "not known".

    `identifiers`: keyed hashes of service numbers; `agencies`: ids of all bodies served in.
    """

    agencies: frozenset[str] = frozenset()
    birth_band: str = ""
    identifiers: frozenset[str] = frozenset()
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Sameness:
    """What speaks for and against two records being one person. `score`: 0 to 100, to order."""

    score: int
    agree: tuple[Field, ...]
    differ: tuple[Field, ...]
    other_sex: bool
    name_words: str

    @property
    def may_merge(self) -> bool:
        return len(self.agree) >= NEEDED and bool(TELLING & set(self.agree))

    @property
    def sentence(self) -> str:
        """What a reviewer reads."""
        said = [self.name_words] if self.name_words else []
        others = [str(each.label) for each in self.agree if each != Field.NAME]
        if others:
            said.append(_("Same: %(fields)s.") % {"fields": ", ".join(others)})
        against = [str(each.label) for each in self.differ]
        if self.other_sex:
            against.append(_("sex"))
        if against:
            said.append(_("Different: %(fields)s.") % {"fields": ", ".join(against)})
        return " ".join(said)


def judged(left: Facts, right: Facts, *, shared: Collection[KeyKind]) -> Sameness:
    """The sameness of two records whose names stay closed; `shared`: kinds of keys they share."""
    best = max(shared, key=_NAME_POINTS.__getitem__, default=None)
    if best is None:
        return _judged(left, right, points=0, name_agrees=False, name_words="")
    words = _("The names share: %(what)s.") % {"what": best.label}
    return _judged(left, right, points=_NAME_POINTS[best], name_agrees=True, name_words=words)


def judged_by_name(left: Facts, right: Facts, likeness: Likeness) -> Sameness:
    """The same once both names were opened and compared."""
    points = round(likeness.score * _NAME_POINTS[KeyKind.WORDS] / 100)
    return _judged(
        left, right, points=points, name_agrees=likeness.agrees, name_words=likeness.words
    )


def _judged(
    left: Facts, right: Facts, *, points: int, name_agrees: bool, name_words: str
) -> Sameness:
    agree = [Field.NAME] if name_agrees else []
    differ: list[Field] = []
    for field, ours, theirs in (
        (Field.SERVICE_NUMBER, left.identifiers, right.identifiers),
        (Field.BIRTH_YEARS, _known(left.birth_band), _known(right.birth_band)),
        (Field.AGENCY, left.agencies, right.agencies),
    ):
        if ours & theirs:
            agree.append(field)
            points += _POINTS[field]
        elif ours and theirs:
            differ.append(field)
            points -= _AGAINST.get(field, 0)
    known = {"", "not-stated"}
    other_sex = left.sex != right.sex and not {left.sex, right.sex} & known
    if other_sex:
        points -= _OTHER_SEX
    return Sameness(
        score=max(0, min(100, points)),
        agree=tuple(agree),
        differ=tuple(differ),
        other_sex=other_sex,
        name_words=name_words,
    )


def _known(text: str) -> frozenset[str]:
    return frozenset({text}) if text else frozenset()


def check_merge(agree: Collection[Field]) -> None:
    """Raise RuleBroken("merge.fields") unless two fields agree, the name or number among them."""
    if len(set(agree)) < NEEDED:
        raise RuleBroken(
            "merge.fields",
            _("Two records are joined only when two fields agree, and here fewer do."),
            _("Complete what is known of both: years of birth, agency or service number."),
        )
    if not TELLING & set(agree):
        raise RuleBroken(
            "merge.fields",
            _("Many people share an agency and years of birth: that alone is not one person."),
            _("The name or the service number must agree too."),
        )
