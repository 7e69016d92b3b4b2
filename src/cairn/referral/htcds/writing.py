"""Persons as rows of the data standard."""

from collections.abc import Sequence
from itertools import zip_longest

from cairn.core.htcds import codes, files
from cairn.core.htcds.fields import REFERENCE
from cairn.core.htcds.places import country_theirs, language_theirs
from cairn.referral.htcds.columns import (
    COLUMNS,
    GENDER_OF_SEX,
    TYPE_OF_AREA,
    TYPE_OF_SERVICE,
    coded,
    coded_all,
)
from cairn.referral.htcds.record import (
    GoalLine,
    PersonRecord,
    ReturnLine,
    Sent,
    ServiceLine,
)
from cairn.referral.rules.choices import LegalBasis
from cairn.referral.rules.persons_needs import in_order

Row = dict[str, list[str]]
# A day of birth has ten signs; what is shorter is no date of the standard.
_WHOLE_DAY = 10


def as_json(records: Sequence[PersonRecord]) -> str:
    return files.as_json(COLUMNS, [row for each in records for row in rows_of(each)])


def as_csv(records: Sequence[PersonRecord]) -> str:
    return "".join(files.as_csv(COLUMNS, [row for each in records for row in rows_of(each)]))


def rows_of(record: PersonRecord) -> list[Row]:
    """At least one row; further ones where there are several referrals or entries of the plan."""
    going: list[Sent | ReturnLine] = [*record.sent, *record.returns]
    support: list[ServiceLine | GoalLine] = [*record.services, *record.goals]
    person = [_person(record) | _came(record)]
    outgoing = [_outgoing(each) for each in going]
    entries = [_entry(each) for each in support]
    none: dict[str, str] = {}
    return [
        {REFERENCE: [record.reference]}
        | {name: [value] for part in parts for name, value in part.items() if value}
        for parts in zip_longest(person, outgoing, entries, fillvalue=none)
    ]


def _person(record: PersonRecord) -> dict[str, str]:
    is_day = len(record.birth) == _WHOLE_DAY
    gender = GENDER_OF_SEX.get(record.sex, "")
    first, second, *more = (*record.languages, "", "")
    beside = {
        "basis": "" if record.basis == LegalBasis.CONSENT else record.basis,
        "age": record.age_band,
        "born": "" if is_day else record.birth,
        "displacement": record.displacement,
        "languages": ",".join(each for each in more if each),
        **{f"need.{need}": urgency for need, urgency in in_order(record.needs)},
    }
    comment = [coded_all(beside), record.words]
    return {
        "prs_FirstName": record.given,
        "prs_SecondName": record.family,
        "prs_Birthdate": record.birth if is_day else "",
        "prs_Gender": codes.theirs("prs_Gender", gender) if gender else "",
        "prs_PrimaryLanguage": language_theirs(first) if first else "",
        "prs_SecondaryLanguage": language_theirs(second) if second else "",
        "prs_Citizenship": country_theirs(record.nationality) if record.nationality else "",
        "cas_Status": codes.theirs("cas_Status", "active" if record.is_open else "closed"),
        "cco_CaseComment": "\n".join(each for each in comment if each),
        "con_Consent": "true" if record.basis == LegalBasis.CONSENT else "",
    }


def _came(record: PersonRecord) -> dict[str, str]:
    if (came := record.came) is None:
        return {}
    return {
        "cas_ReferringOrganisation": came.sender,
        "cas_IncomingReferralDate": came.on.isoformat() if came.on else "",
        "cas_ReasonForIncomingReferral": "AdditionalServicesRequired",
        "cas_IncomingReferralDetails": _with_words(coded(need=came.need), came.words),
    }


def _with_words(line: str, words: str) -> str:
    return "\n".join(each for each in (line, words) if each)


def _outgoing(going: Sent | ReturnLine) -> dict[str, str]:
    if isinstance(going, ReturnLine):
        reason, words = "MigrationOrChangeOfLocation", ""
        line = coded_all({"return": going.state, "country": going.country})
    else:
        reason, words = "AdditionalServicesRequired", going.words
        line = coded(need=going.need, urgency=going.urgency, state=going.state)
    return {
        "cas_ReferredOrganisation": going.to,
        "cas_ReasonForOutgoingReferral": reason,
        "cas_OutgoingReferralDate": going.on.isoformat() if going.on else "",
        "cas_OutgoingReferralDetails": _with_words(line, words),
    }


def _entry(entry: ServiceLine | GoalLine) -> dict[str, str]:
    if isinstance(entry, ServiceLine):
        kind, objectives, planned, actual = (
            TYPE_OF_SERVICE[entry.kind],
            entry.by,
            None,
            entry.ends_on,
        )
        begun = entry.starts_on.isoformat() if entry.starts_on else ""
        line = coded_all({"service": entry.kind, "from": begun, "outcome": entry.outcome})
    else:
        kind, objectives = TYPE_OF_AREA[entry.area], entry.words
        planned, actual = entry.target_on, entry.settled_on
        line = _with_words(coded(goal=entry.area, state=entry.state), entry.steps)
    return {
        "spl_Objectives": objectives,
        "spl_ActionPlan": line,
        "spl_PlannedEndDate": planned.isoformat() if planned else "",
        "spl_ActualEndDate": actual.isoformat() if actual else "",
        "spl_Type": codes.theirs("spl_Type", kind),
    }
