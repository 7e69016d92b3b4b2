"""Rows of HTCDS and contents of reports, both ways. Pure: days are arguments."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.htcds import codes
from cairn.core.htcds.fields import REFERENCE, fields
from cairn.core.htcds.places import (
    country_code,
    country_theirs,
    language_code,
    language_theirs,
)
from cairn.identification.htcds.facts import FIELDS
from cairn.identification.htcds.ways import (
    NAME_FIELDS,
    NOTE_FIELDS,
    PHONE_FIELDS,
    columns,
    is_taken,
)

MOST_NOTE: Final = 500
MOST_NAME: Final = 200
MOST_PHONE: Final = 60
# Convention on the Rights of the Child (1989), Art. 1.
MAJORITY: Final = 18
# Age groups of a report and the age at which each ends.
_BANDS: Final = (("0-11", 12), ("12-17", MAJORITY), ("18-24", 25), ("25-59", 60))
_SEX_OF_GENDER: Final = MappingProxyType({"female": "female", "male": "male", "not-known": ""})
_GENDER_OF_SEX: Final = MappingProxyType({"female": "female", "male": "male", "other": "not-known"})
_TRUE: Final = frozenset("yes true 1 ok on y x consent agreed given".split())
_FALSE: Final = frozenset("no false 0 off n refused none".split())
_SEPARATORS: Final = (";", "|", ",", " ")

# Outcomes after which nothing is under way any more, until somebody takes the case up again.
_OVER: Final = frozenset(
    {"conclusive-positive", "conclusive-negative", "no-reasonable-grounds", "discontinued"}
)

Signs = Mapping[str, tuple[str, str]]
"""Code of a sign -> (field, our code): what "yes" says, only where both mean the same."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with one cell: its field, in a sentence, and what to do about it."""

    field: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row as a report: `identity` None when there is none. `left_out`: fields not taken in."""

    content: dict[str, Any]
    identity: dict[str, Any] | None
    left_out: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()


@dataclass(slots=True)
class _Reading:
    row: Mapping[str, str]
    flaws: list[Flaw] = field(default_factory=list)

    def cell(self, name: str) -> str:
        return self.row.get(name, "").strip()

    def flaw(self, name: str, message: str, remedy: str) -> None:
        self.flaws.append(Flaw(name, message, remedy))


def from_standard(row: Mapping[str, str], *, today: date) -> Incoming:
    """What a row (field of the standard -> text) says, as content and identity of a report.

    A date of birth becomes an age group; without one, the person counts as maybe a child. A name
    or a number is taken only with consent. No sign is answered: the file did not ask about signs.
    """
    reading = _Reading(row)
    content: dict[str, Any] = {
        "v": 1,
        "profile": "other",
        "setting": "other",
        "danger": "no",
        "outcome": "refer",
    }
    content |= _age(reading, today)
    facts = _facts(reading)
    gender = facts.get("gender", [""])[0]
    content["sex"] = _SEX_OF_GENDER.get(gender, "other") if gender else ""
    if gender in {"female", "male"}:
        del facts["gender"]
    if spoken := _language(reading, "prs_PrimaryLanguage"):
        content["language"] = spoken
    content["consent"] = consent = _consent(reading)
    if note := _note(reading):
        content["note"] = note
    if facts:
        content["facts"] = facts
    identity = _identity(reading, consent)
    known = fields()
    left_out = [
        name for name, text in row.items() if text.strip() and name in known and not is_taken(name)
    ]
    return Incoming(content, identity, tuple(left_out), tuple(reading.flaws))


def _age(reading: _Reading, today: date) -> dict[str, str]:
    text = reading.cell("prs_Birthdate")
    if not text:
        return {"age": "maybe-child", "age_band": ""}
    try:
        born = date.fromisoformat(text[:10])
    except ValueError:
        reading.flaw(
            "prs_Birthdate",
            _("“%(text)s” is not a date.") % {"text": text},
            _("Write it as year-month-day, for example 1999-02-03, or leave it out."),
        )
        return {"age": "maybe-child", "age_band": ""}
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age < 0 or age > 120:
        reading.flaw(
            "prs_Birthdate",
            _("Nobody who was born on %(text)s can be meant.") % {"text": text},
            _("Look at the year, or leave the date out."),
        )
        return {"age": "maybe-child", "age_band": ""}
    band = next((name for name, end in _BANDS if age < end), "60+")
    return {"age": "child" if age < MAJORITY else "adult", "age_band": band}


def _split(name: str, text: str, known: Callable[[str], str]) -> list[str]:
    """The entries of a cell: whole where it is one, else at the first separator that works."""
    if name not in codes.SEVERAL or known(text):
        return [text]
    for separator in _SEPARATORS:
        if separator in text:
            return [part.strip() for part in text.split(separator) if part.strip()]
    return [text]


def _facts(reading: _Reading) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact, name in FIELDS.items():
        text = reading.cell(name)
        if not text:
            continue
        if fact == "second-language":
            entries = [code] if (code := _language(reading, name)) else []
        elif fact == "citizenship":
            entries = _listed(reading, name, text, country_code)
        else:
            entries = _listed(reading, name, text, _coded(name))
        if entries:
            found[fact] = entries
    return _with_words_for_other(found, reading.cell("cco_CaseComment"))


def _with_words_for_other(found: dict[str, list[str]], comment: str) -> dict[str, list[str]]:
    """What `to_standard` put into the comment, because the standard has no code for it."""
    named = [ours for ours, theirs in codes.WITHOUT_A_CODE.items() if _other(theirs) in comment]
    if named and "other" in found.get("control", []):
        found["control"] = [code for code in found["control"] if code != "other"]
        found["control"] += [code for code in named if code not in found["control"]]
    return found


def _other(theirs: str) -> str:
    return f"MethodsOfControl: {theirs}"


def _coded(name: str) -> Callable[[str], str]:
    def known(text: str) -> str:
        theirs = codes.theirs_as_written(name, text)
        return codes.ours(name, theirs) if theirs else ""

    return known


def _listed(reading: _Reading, name: str, text: str, known: Callable[[str], str]) -> list[str]:
    entries: list[str] = []
    for part in _split(name, text, known):
        code = known(part)
        if not code:
            reading.flaw(name, _("“%(text)s” is not known here.") % {"text": part}, _allowed(name))
        elif code not in entries:
            entries.append(code)
    return entries


def _allowed(name: str) -> str:
    if name == "prs_Citizenship":
        return _("Write the two or three letters of ISO 3166, several separated by a space.")
    first = [theirs for _ours, theirs in codes.LISTS[name]]
    return _("Use one of: %(codes)s.") % {"codes": ", ".join(first)}


def _language(reading: _Reading, name: str) -> str:
    text = reading.cell(name)
    code = language_code(text) if text else ""
    if text and not code:
        reading.flaw(
            name,
            _("“%(text)s” is not a language.") % {"text": text},
            _("Write the three letters of ISO 639-2, for example ara or fra."),
        )
    return code


def _consent(reading: _Reading) -> str:
    text = reading.cell("con_Consent").casefold()
    if not text:
        return "not-asked"
    if text in _TRUE:
        return "yes"
    if text in _FALSE:
        return "no"
    reading.flaw(
        "con_Consent",
        _("“%(text)s” says neither yes nor no.") % {"text": text},
        _("Write yes or no, or leave it out when nobody asked."),
    )
    return "not-asked"


def _note(reading: _Reading) -> str:
    """The texts of the row, each with its field, as one note."""
    found = [(name, reading.cell(name)) for name in NOTE_FIELDS if reading.cell(name)]
    note = (
        found[0][1]
        if len(found) == 1 and found[0][0] == "cco_CaseComment"
        else "\n".join(f"{name}: {text}" for name, text in found)
    )
    if len(note) > MOST_NOTE:
        reading.flaw(
            found[0][0],
            _("The texts of this row have %(length)d signs together; a report holds %(most)d.")
            % {"length": len(note), "most": MOST_NOTE},
            _("Shorten them: what helps to reach and to protect the person is enough."),
        )
    return note


def _identity(reading: _Reading, consent: str) -> dict[str, Any] | None:
    name = " ".join(reading.cell(each) for each in NAME_FIELDS if reading.cell(each))
    numbers = [reading.cell(each) for each in PHONE_FIELDS if reading.cell(each)]
    phone = ", ".join(dict.fromkeys(numbers))
    if not name and not phone:
        return None
    filled = next(each for each in (*NAME_FIELDS, *PHONE_FIELDS) if reading.cell(each))
    if consent != "yes":
        reading.flaw(
            filled,
            _("This row says who the person is, but not that the person agrees."),
            _("Leave name and numbers out, or write yes under con_Consent if the person agreed."),
        )
        return None
    if len(name) > MOST_NAME or len(phone) > MOST_PHONE:
        reading.flaw(
            filled,
            _("The name or the number is longer than %(name)d and %(phone)d signs.")
            % {"name": MOST_NAME, "phone": MOST_PHONE},
            _("Shorten it."),
        )
    identity: dict[str, Any] = {"v": 1}
    if name:
        identity["name"] = name
    if phone:
        identity["phone"] = phone
    return identity


# --- Out ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is known of one procedure. `outcomes`: of its decisions, oldest first.

    `review_until`: the last day on which a negative decision can still be reviewed, None when it
    can for good or no day is known. `decided_by`: our code of what kind of authority decides.
    `contents`: of the reports that are linked with it, where somebody opened them, newest last.
    """

    reference: str
    outcomes: Sequence[str] = ()
    review_until: date | None = None
    decided_by: str = ""
    received_on: date | None = None
    authority: str = ""
    name: str = ""
    contents: Sequence[Mapping[str, Any]] = ()


def _standing(outcomes: Sequence[str]) -> str:
    """The outcome that stands: of an upheld decision the one that was upheld."""
    if not outcomes or outcomes[-1] != "upheld":
        return outcomes[-1] if outcomes else "detected"
    before = [each for each in outcomes if each not in {"under-review", "upheld"}]
    return before[-1] if before else "detected"


def status_of(outcomes: Sequence[str], review_until: date | None, *, today: date) -> str:
    """Our code of HTCDS TraffickingStatus for a procedure, or "".

    Possible from detection to reasonable grounds, while a decision is put off or reviewed, where
    the person ended it, and as long as a negative decision can be taken to review; actual after a
    positive conclusive decision; not after a negative conclusive one past its review. For "no
    reasonable grounds" that stands, the standard has no code: empty, never a stronger word than
    was decided.
    """
    now = _standing(outcomes)
    if now == "conclusive-positive":
        return "actual"
    if now not in {"conclusive-negative", "no-reasonable-grounds"}:
        return "possible"
    if review_until is None or today <= review_until:
        return "possible"
    return "not" if now == "conclusive-negative" else ""


def to_standard(
    known: Outgoing, *, today: date, with_names: bool = False, signs: Signs | None = None
) -> dict[str, list[str]]:
    """Field of the standard -> its values (codes or texts), for every column of `columns`.

    Names only with `with_names`. What our lists hold and the standard's do not goes out as Other,
    with a word in the comment.
    """
    row: dict[str, list[str]] = {name: [] for name in columns(with_names=with_names)}
    row[REFERENCE] = [known.reference]
    if with_names and known.name:
        row["prs_FirstName"] = [known.name]
    status = status_of(known.outcomes, known.review_until, today=today)
    if status:
        row["vic_TraffickingStatus"] = [codes.theirs("vic_TraffickingStatus", status)]
    decides = "vic_TraffickingStatusDecisionMakingOrg"
    if known.decided_by and known.outcomes:
        row[decides] = [codes.theirs(decides, known.decided_by)]
    over = "closed" if _standing(known.outcomes) in _OVER else "active"
    row["cas_Status"] = [codes.theirs("cas_Status", over)]
    if known.received_on:
        row["cas_IncomingReferralDate"] = [known.received_on.isoformat()]
    if known.authority:
        row["cas_ReferredOrganisation"] = [known.authority]
    comments: list[str] = []
    for content in known.contents:
        _add_content(row, content, signs or {}, comments)
    if comments:
        row["cco_CaseComment"] = ["; ".join(comments)]
    return row


def _add_content(
    row: dict[str, list[str]], content: Mapping[str, Any], signs: Signs, comments: list[str]
) -> None:
    facts: Mapping[str, Sequence[str]] = content.get("facts") or {}
    gender = facts.get("gender") or [_GENDER_OF_SEX.get(content.get("sex", ""), "")]
    if gender[0]:
        row["prs_Gender"] = [codes.theirs("prs_Gender", gender[0])]
    if spoken := content.get("language"):
        row["prs_PrimaryLanguage"] = [language_theirs(spoken)]
    if second := facts.get("second-language"):
        row["prs_SecondaryLanguage"] = [language_theirs(second[0])]
    _extend(row["prs_Citizenship"], map(country_theirs, facts.get("citizenship") or ()))
    consent = {"yes": "true", "only": "true", "no": "false"}.get(content.get("consent", ""))
    if consent:
        row["con_Consent"] = [consent]
    if content.get("consent") == "only":
        _extend(comments, ["Consent is limited to named recipients"])
    said = [
        (FIELDS[fact], code)
        for fact, entries in facts.items()
        if fact in {"recruitment", "control", "exploitation", "industry", "sexual"}
        for code in entries
    ]
    answers: Mapping[str, str] = content.get("seen") or {}
    said += [signs[sign] for sign, answer in answers.items() if answer == "yes" and sign in signs]
    for name, code in said:
        if name == "vic_ForcedLabourIndustry" and row[name]:
            _extend(comments, [f"ForcedLabourIndustry: {codes.theirs(name, code)}"])
        else:
            _extend(row[name], [codes.theirs(name, code)])
        if code in codes.WITHOUT_A_CODE:
            _extend(comments, [_other(codes.WITHOUT_A_CODE[code])])
    if reason := facts.get("referral-reason"):
        name = "cas_ReasonForIncomingReferral"
        row[name] = [codes.theirs(name, reason[0])]


def _extend(values: list[str], more: Iterable[str]) -> None:
    values.extend(each for each in more if each not in values)
