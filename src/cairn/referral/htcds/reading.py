"""Rows of the data standard as persons, or every fault by row, field, reason and remedy."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.htcds import codes
from cairn.core.htcds.aliases import read_header
from cairn.core.htcds.fields import REFERENCE
from cairn.core.htcds.intake import Problem, Rows
from cairn.core.htcds.places import country_code, language_code
from cairn.referral.htcds.columns import (
    ABOUT_PERSON,
    AREA_OF_TYPE,
    COLUMNS,
    SEX_OF_GENDER,
    uncoded,
)
from cairn.referral.htcds.record import (
    Came,
    GoalLine,
    PersonRecord,
    ReturnLine,
    Sent,
    ServiceLine,
)
from cairn.referral.rules.choices import Displacement, LegalBasis, Need, Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_identity import LONGEST_LINE, check_birth
from cairn.referral.rules.plans import Area, EpisodeOutcome, GoalState
from cairn.referral.rules.referrals import State
from cairn.referral.rules.returns import ReturnState
from cairn.referral.rules.services import ServiceType

# Convention on the Rights of the Child (1989), Art. 1.
MAJORITY: Final = 18
MOST_PERSONS: Final = 100
_LONGEST: Final = 4_000
_TRUE: Final = frozenset("yes true 1 y consent agreed given".split())
_FALSE: Final = frozenset("no false 0 n refused none".split())
_AGAIN: Final = "cas_ReasonForOutgoingReferral"


@dataclass(frozen=True, slots=True)
class Persons:
    """A file as it would be taken in: all of it, or nothing as long as there is a problem."""

    records: tuple[PersonRecord, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    digest: str

    @property
    def stands(self) -> bool:
        return bool(self.records) and not self.problems


@dataclass(slots=True)
class _Cells:
    """One row: its number in the file, its cells by field, and what is wrong with them."""

    number: int
    row: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, most: int = _LONGEST) -> str:
        found = self.row.get(name, "").strip()
        if len(found) > most:
            self.fault(
                name,
                _("This has more than %(most)d signs.") % {"most": most},
                _("Shorten it: what helps to protect the person is enough."),
            )
            return ""
        return found

    def fault(self, name: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.number, name, message, remedy))

    def unknown(self, name: str, text: str, known: Collection[str]) -> None:
        self.fault(
            name,
            _("“%(text)s” is not known here.") % {"text": text[:60]},
            _("Use one of: %(codes)s.") % {"codes": ", ".join(known)},
        )

    def day(self, name: str, text: str | None = None) -> date | None:
        text = self.text(name) if text is None else text
        if not text:
            return None
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            self.fault(
                name,
                _("“%(text)s” is not a date.") % {"text": text[:60]},
                _("Write it as year-month-day, for example 1999-02-03, or leave it out."),
            )
            return None

    def code(self, name: str) -> str:
        """Our code for a cell that has a list in the standard; "" for an empty one."""
        text = self.text(name)
        theirs = codes.theirs_as_written(name, text) if text else ""
        if text and not theirs:
            self.unknown(name, text, [theirs for _ours, theirs in codes.LISTS[name]])
        return codes.ours(name, theirs) if theirs else ""

    def own(self, name: str, given: dict[str, str], key: str, known: Sequence[str]) -> str:
        """The code of ours that stands under `key` in a field of text, taken out of `given`."""
        found = given.pop(key, "")
        if found and found not in known:
            self.unknown(name, f"{key}={found}", known)
            return ""
        return found

    def nothing_left(self, name: str, given: Mapping[str, str]) -> None:
        for key, code in given.items():
            self.fault(
                name,
                _("“%(text)s” is no code that is written here.") % {"text": f"{key}={code}"[:60]},
                _("Take it out, or write it as words on a line of its own."),
            )


def read_persons(rows: Rows, *, today: date) -> Persons:
    """What the rows of a file say of persons. Rows of one reference are one person.

    Raises RuleBroken ("file.columns", "file.twice", "file.persons").
    """
    known = _header(rows)
    groups: dict[str, list[_Cells]] = {}
    problems: list[Problem] = []
    for number, row in rows.rows:
        cells = _Cells(number, {name: row.get(column, "") for column, name in known.items()})
        # Without a reference each row is a person of its own.
        reference = cells.text(REFERENCE, 60) or f"{number}"
        group = groups.setdefault(reference, [])
        group.append(cells)
        problems += _continued(cells, is_first=len(group) == 1)
    if len(groups) > MOST_PERSONS:
        raise RuleBroken(
            "file.persons",
            _("A file may hold at most %(count)d persons.") % {"count": MOST_PERSONS},
            _("Split it into several files."),
        )
    records = [_person(reference, group, today) for reference, group in groups.items()]
    problems += [each for group in groups.values() for cells in group for each in cells.problems]
    problems.sort(key=lambda each: each.row)
    return Persons(tuple(records), tuple(problems), _notes(rows, known), rows.digest)


def _header(rows: Rows) -> dict[str, str]:
    known, _unknown, twice = read_header(rows.columns)
    if twice:
        raise RuleBroken(
            "file.twice",
            _("These fields have more than one column: %(fields)s.") % {"fields": ", ".join(twice)},
            _("Keep one column for each field."),
        )
    taken = {column: name for column, name in known.items() if name in COLUMNS}
    if not any(name != REFERENCE for name in taken.values()):
        raise RuleBroken(
            "file.columns",
            _("None of the columns is a field that is taken in here."),
            _("Use names of the standard, such as prs_Gender or spl_Type."),
        )
    return taken


def _notes(rows: Rows, known: Mapping[str, str]) -> tuple[str, ...]:
    left = [name for name in rows.columns if name and name not in known]
    told = [_("Not taken in here: %(names)s.") % {"names": ", ".join(left[:20])}] if left else []
    return (*rows.notes, *told)


def _continued(cells: _Cells, *, is_first: bool) -> list[Problem]:
    """A further row of a person says nothing about the person that the first row does not say."""
    if is_first:
        return []
    return [
        Problem(
            cells.number,
            name,
            _("A further row of the same reference says something of the person again."),
            _("Leave it empty here, or give the row a reference of its own."),
        )
        for name in COLUMNS
        if name in ABOUT_PERSON and cells.text(name)
    ]


def _person(reference: str, group: Sequence[_Cells], today: date) -> PersonRecord:
    first = group[0]
    given, words = uncoded(first.text("cco_CaseComment"))
    name = "cco_CaseComment"
    basis = first.own(name, given, "basis", LegalBasis.values)
    born = given.pop("born", "")
    age = first.own(name, given, "age", AgeBand.values)
    birth = _birth(first, born, today)
    record = PersonRecord(
        reference=reference,
        given=first.text("prs_FirstName", LONGEST_LINE),
        family=first.text("prs_SecondName", LONGEST_LINE),
        birth=birth,
        nationality=_country(first),
        sex=SEX_OF_GENDER.get(first.code("prs_Gender"), ""),
        age_band=age or _age(birth, today),
        displacement=first.own(name, given, "displacement", Displacement.values),
        languages=_languages(first, given.pop("languages", "")),
        is_open=first.code("cas_Status") not in {"closed", "referred"},
        basis=basis or _consent(first),
        needs=_needs(first, given),
        came=_came(first),
        words=words,
        **_lists(group),
    )
    first.nothing_left(name, given)
    if record.has_identity and not record.basis:
        filled = next(
            (each for each in ("prs_FirstName", "prs_SecondName") if first.text(each)),
            "prs_Birthdate" if birth else "prs_Citizenship",
        )
        first.fault(
            filled,
            _("This row says who the person is, but not that the person agrees."),
            _("Leave it out, or write yes under con_Consent if the person agreed."),
        )
    return record


def _birth(cells: _Cells, born: str, today: date) -> str:
    found = cells.day("prs_Birthdate")
    text = found.isoformat() if found else born
    try:
        check_birth(text, today=today)
    except RuleBroken as refusal:
        cells.fault("prs_Birthdate" if found else "cco_CaseComment", *refusal.args[1:])
        return ""
    return text


def _age(birth: str, today: date) -> str:
    """Child or adult by a day of birth; by less than a day nobody is made an adult."""
    if len(birth) < 10:
        return ""
    born = date.fromisoformat(birth)
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return AgeBand.ADULT.value if years >= MAJORITY else AgeBand.CHILD.value


def _country(cells: _Cells) -> str:
    text = cells.text("prs_Citizenship", LONGEST_LINE)
    code = country_code(text) if text else ""
    if text and not code:
        cells.fault(
            "prs_Citizenship",
            _("“%(text)s” is no country that is known here.") % {"text": text[:60]},
            _("Write the two or three letters of ISO 3166; of several, the first."),
        )
    return code


def _languages(cells: _Cells, more: str) -> tuple[str, ...]:
    named = [(name, cells.text(name)) for name in ("prs_PrimaryLanguage", "prs_SecondaryLanguage")]
    named += [("cco_CaseComment", each) for each in more.split(",")]
    found: dict[str, None] = {}
    for name, text in named:
        code = language_code(text) if text else ""
        if text and not code:
            cells.fault(
                name,
                _("“%(text)s” is not a language.") % {"text": text[:60]},
                _("Write the three letters of ISO 639-2, for example ara or fra."),
            )
        elif code:
            found[code] = None
    return tuple(found)


def _consent(cells: _Cells) -> str:
    text = cells.text("con_Consent").casefold()
    if text in _TRUE:
        return LegalBasis.CONSENT.value
    if text and text not in _FALSE:
        cells.fault(
            "con_Consent",
            _("“%(text)s” says neither yes nor no.") % {"text": text[:60]},
            _("Write yes or no, or leave it out when nobody asked."),
        )
    return ""


def _needs(cells: _Cells, given: dict[str, str]) -> dict[str, str]:
    found = {}
    for key in [each for each in given if each.startswith("need.")]:
        need = key.removeprefix("need.")
        if need not in Need.values:
            cells.unknown("cco_CaseComment", key, [f"need.{each}" for each in Need.values])
            del given[key]
        elif urgency := cells.own("cco_CaseComment", given, key, Urgency.values):
            found[need] = urgency
    return found


def _came(cells: _Cells) -> Came | None:
    name = "cas_IncomingReferralDetails"
    given, words = uncoded(cells.text(name))
    cells.code("cas_ReasonForIncomingReferral")
    found = Came(
        sender=cells.text("cas_ReferringOrganisation", LONGEST_LINE),
        on=cells.day("cas_IncomingReferralDate"),
        need=cells.own(name, given, "need", Need.values),
        words=words,
    )
    cells.nothing_left(name, given)
    is_named = bool(cells.text("cas_ReasonForIncomingReferral"))
    return found if is_named or found != Came() else None


def _lists(group: Sequence[_Cells]) -> dict[str, Any]:
    """Referrals, returns, services and goals of the rows of one person, in their order."""
    found: dict[str, list[Any]] = {"sent": [], "returns": [], "services": [], "goals": []}
    for cells in group:
        for line in (_outgoing(cells), _entry(cells)):
            if line is not None:
                found[_PLACE[type(line)]].append(line)
    return {name: tuple(lines) for name, lines in found.items()}


_PLACE: Final[Mapping[type, str]] = {
    Sent: "sent",
    ReturnLine: "returns",
    ServiceLine: "services",
    GoalLine: "goals",
}


def _outgoing(cells: _Cells) -> Sent | ReturnLine | None:
    name = "cas_OutgoingReferralDetails"
    given, words = uncoded(cells.text(name))
    to = cells.text("cas_ReferredOrganisation", LONGEST_LINE)
    on, reason = cells.day("cas_OutgoingReferralDate"), cells.code(_AGAIN)
    line: Sent | ReturnLine
    if "return" in given:
        state = cells.own(name, given, "return", ReturnState.values)
        country = given.pop("country", "")
        if country and country_code(country) != country:
            cells.unknown(name, f"country={country}", ["ISO 3166-1 alpha-3"])
        line = ReturnLine(state, to, country, on)
    else:
        line = Sent(
            to=to,
            on=on,
            need=cells.own(name, given, "need", Need.values),
            urgency=cells.own(name, given, "urgency", Urgency.values),
            state=cells.own(name, given, "state", State.values),
            words=words,
        )
    cells.nothing_left(name, given)
    return line if reason or line != Sent() else None


def _entry(cells: _Cells) -> ServiceLine | GoalLine | None:
    name = "spl_ActionPlan"
    given, words = uncoded(cells.text(name))
    kind, objectives = cells.code("spl_Type"), cells.text("spl_Objectives")
    planned, actual = cells.day("spl_PlannedEndDate"), cells.day("spl_ActualEndDate")
    if "service" in given:
        line: ServiceLine | GoalLine = ServiceLine(
            kind=cells.own(name, given, "service", ServiceType.values),
            by=objectives,
            starts_on=cells.day(name, given.pop("from", "")),
            ends_on=actual,
            outcome=cells.own(name, given, "outcome", EpisodeOutcome.values),
        )
        cells.nothing_left(name, given)
        return line
    area = cells.own(name, given, "goal", Area.values) or AREA_OF_TYPE.get(kind, "")
    state = cells.own(name, given, "state", GoalState.values) or (
        GoalState.REACHED.value if actual else GoalState.OPEN.value
    )
    cells.nothing_left(name, given)
    if not (kind or objectives or words or planned or actual):
        return None
    if not area and not any(each.field in {"spl_Type", name} for each in cells.problems):
        cells.fault(
            "spl_Type",
            _("This entry of the plan does not say what kind of support it is."),
            _("Use one of: %(codes)s.")
            % {"codes": ", ".join(theirs for _ours, theirs in codes.LISTS["spl_Type"])},
        )
    return GoalLine(area or Area.SAFETY.value, objectives, state, planned, actual, words)
