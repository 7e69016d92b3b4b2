"""What files of people share: columns, the same person twice under two spellings, records known."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.imports import cells
from cairn.imports.kinds import Column, Row
from cairn.training.actions.people import PersonFacts
from cairn.training.queries import name_keys
from cairn.training.queries.name_keys import Digest
from cairn.training.rules import names
from cairn.training.rules import person as person_rules
from cairn.training.rules.choices import Profession, Sex
from cairn.training.rules.names import KeyKind

# Words that clerks write for a code, besides the code itself. Women and men in the three languages
# of the platform; what is none of these is refused, never guessed.
_SEXES = {
    "f": Sex.FEMALE,
    "w": Sex.FEMALE,
    "woman": Sex.FEMALE,
    "femme": Sex.FEMALE,
    "أنثى": Sex.FEMALE,
    "m": Sex.MALE,
    "man": Sex.MALE,
    "homme": Sex.MALE,
    "ذكر": Sex.MALE,
    "not stated": Sex.NOT_STATED,
}


def sex(cell: str) -> str:
    """Female, male, other or not stated, by code or by the usual words."""
    known = _SEXES.get(cell.strip().casefold())
    return known.value if known else _choice(Sex)(cell)


def profession(cell: str) -> str:
    return _choice(Profession)(cell)


def _choice(choices: type[TextChoices]) -> Callable[[str], str]:
    """By code, or by the words that the screens show for it."""
    by_words = {str(each.label).casefold(): str(each.value) for each in choices}
    by_code = cells.choice(choices)

    def parse(cell: str) -> str:
        return by_words.get(cell.strip().casefold()) or by_code(cell)

    return parse


def person_name(cell: str) -> str:
    person_rules.check_name(cell)
    return cells.text(120)(cell)


def band(cell: str) -> str:
    return person_rules.birth_band(cell, today=timezone.localdate())


PERSON_COLUMNS = (
    Column("name", person_name, gettext_lazy("name, in the person's own script"), True),
    Column("name_latin", person_name, gettext_lazy("name in Latin letters, if different")),
    Column("sex", sex, gettext_lazy("female, male, other or not-stated"), True),
    Column("country", cells.country, gettext_lazy("country of service, by name or code")),
    Column(
        "profession",
        profession,
        gettext_lazy("for example police, border, prosecutor, health"),
        empty=Profession.NOT_STATED.value,
    ),
    Column("rank", cells.text(80), gettext_lazy("rank")),
    Column("function", cells.text(120), gettext_lazy("what the person does now")),
    Column("unit", cells.text(120), gettext_lazy("unit or post")),
    Column(
        "languages",
        person_rules.languages,
        gettext_lazy("codes with levels, for example fr:C1|en:B2"),
        empty=[],
    ),
    Column("birth_years", band, gettext_lazy("five years, for example 1980-1984")),
    Column("service_number", cells.text(60), gettext_lazy("service number, kept sealed")),
    Column("contact", cells.text(200), gettext_lazy("how to reach the person, kept sealed")),
)
AGENCY_COLUMN = Column(
    "agency", cells.text(250), gettext_lazy("name or short name of the agency"), True
)


def facts_of(row: Row, agency: Organisation) -> PersonFacts:
    """What a parsed row says about somebody."""
    given = row.cleaned
    return PersonFacts(
        name=given["name"],
        name_latin=given["name_latin"],
        sex=given["sex"],
        country=given["country"],
        agency=agency,
        profession=given["profession"],
        languages=given["languages"],
        rank=given["rank"],
        function=given["function"],
        unit_name=given["unit"],
        contact=given["contact"],
        service_number=given["service_number"],
        birth_band=given["birth_years"],
    )


@dataclass(slots=True)
class Seen:
    """The people of a file so far, so that the same person under two spellings is found."""

    rows: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def refuse_alike(self, row: Row, agency: Organisation, digests: frozenset[Digest]) -> None:
        """Refuse `row` when an earlier one is this person in other words; else remember it.

        Service numbers, years of birth and sex tell two people of one agency apart.
        """
        sounds = [(str(agency.pk), digest) for kind, digest in digests if kind == KeyKind.SOUND]
        for earlier in {id(each): each for key in sounds for each in self.rows[key]}.values():
            likeness = names.compare(_names(earlier), _names(row))
            if likeness.agrees and not _told_apart(earlier, row):
                row.refuse("name", _alike(earlier.number, likeness.words))
                return
        for key in sounds:
            self.rows[key].append(row)


def _names(row: Row) -> list[str]:
    return [row.cleaned["name"], row.cleaned["name_latin"]]


def _told_apart(left: Row, right: Row) -> bool:
    known = (Sex.NOT_STATED.value, "")
    for column in ("service_number", "birth_years", "sex"):
        ours, theirs = left.cleaned[column], right.cleaned[column]
        if ours not in known and theirs not in known and ours != theirs:
            return True
    return False


def _alike(number: int, words: str) -> RuleBroken:
    return RuleBroken(
        "import.alike",
        _("This looks like the person in row %(number)d. %(words)s")
        % {"number": number, "words": words},
        _("Keep one of the two. If they are two people, give both service numbers."),
    )


def agencies_named(rows: Sequence[Row], offered: Mapping[str, Organisation]) -> dict[int, Any]:
    """{row number: agency} of rows whose agency is among `offered`; refuses the others.

    `offered`: {name or short name, in small letters: organisation}.
    """
    found = {}
    for row in rows:
        name = row.cleaned["agency"].strip().casefold()
        if name in offered:
            found[row.number] = offered[name]
        else:
            row.refuse(
                "agency",
                RuleBroken(
                    "import.agency",
                    _("No agency of this name can send people here."),
                    _("Write one of: %(names)s.")
                    % {
                        "names": ", ".join(
                            sorted({each.display_name for each in offered.values()})[:12]
                        )
                    },
                ),
            )
    return found


def called(organisations: Sequence[Organisation]) -> dict[str, Organisation]:
    """{each name and short name in small letters: organisation}."""
    found: dict[str, Organisation] = {}
    for each in organisations:
        for name in (each.name, each.short_name, each.display_name):
            if name:
                found.setdefault(name.casefold(), each)
    return found


def digests_of(rows: Sequence[Row]) -> dict[int, frozenset[Digest]]:
    """{row number: keyed hashes of its names}; one question to the key store."""
    made = name_keys.digests([(row.cleaned["name"], row.cleaned["name_latin"]) for row in rows])
    return {row.number: each for row, each in zip(rows, made, strict=True)}


def words_of(digests: frozenset[Digest]) -> str:
    """The hash of the words of a name, for the key of a row: the same in any order."""
    return "|".join(sorted(digest for kind, digest in digests if kind == KeyKind.WORDS))
