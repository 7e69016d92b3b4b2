"""Who sees which record, said once more in plain Python: the slow reading of every `visible_to`.

Nothing here asks the models' own rules. What differs is a bug in one of the two.
"""

from collections.abc import Callable
from typing import Any

from cairn.access.accounts.models import Invitation
from cairn.access.models import Membership
from cairn.access.permissions import Permission as P
from cairn.core.models import Organisation, Unit
from cairn.identification.models import CountryProfile, Decision, Procedure
from cairn.imports.models import ImportBatch
from cairn.library.models import Tool
from cairn.oversight.models import Notice
from cairn.portfolio.models import (
    AssistanceRequest,
    Event,
    Finding,
    OutcomeRecord,
    Pledge,
    Project,
    Remark,
)
from cairn.referral.models import Person
from tests.doors.protection import PROTECTION_READINGS
from tests.doors.readings_field import FIELD_READINGS
from tests.doors.readings_training import TRAINING_READINGS
from tests.doors.results import RESULTS_READINGS
from tests.doors.someone import Someone


def is_open(project: Project | None) -> bool:
    """True when everybody may see the project whole, or there is none."""
    return project is None or project.publication == "public"


def staff_or(rule: Callable[[Any], bool]) -> Callable[[Someone, Any], bool]:
    """All records to whoever may view the portfolio, to others those that `rule` opens."""
    return lambda someone, record: someone.may(P.PORTFOLIO_VIEW) or rule(record)


def outcome_is_open(record: OutcomeRecord) -> bool:
    event = record.event
    return is_open(record.project) and (event is None or is_open(event.project))


def sees_batch(someone: Someone, record: ImportBatch) -> bool:
    is_own = someone.user is not None and record.author_id == someone.user
    return is_own or someone.may(P.AUDIT_VIEW)


def sees_membership(someone: Someone, record: Membership) -> bool:
    return someone.may(P.ROLE_VIEW) or record.user_id == someone.user


def sees_invitation(someone: Someone, record: Invitation) -> bool:
    return someone.reaches(P.ACCOUNT_INVITE, record)


def sees_unit(someone: Someone, record: Unit) -> bool:
    return any(each.organisation == record.organisation_id for each in someone.held)


def sees_profile(someone: Someone, record: CountryProfile) -> bool:
    return someone.may(P.PROCEDURE_VIEW) or someone.may(P.ROLE_GRANT)


def sees_notice(someone: Someone, record: Notice) -> bool:
    return someone.user is not None and record.user_id == someone.user


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Organisation: lambda someone, record: True,
    Unit: sees_unit,
    Membership: sees_membership,
    Invitation: sees_invitation,
    Tool: lambda someone, record: True,
    ImportBatch: sees_batch,
    Project: staff_or(lambda record: record.publication != "withheld"),
    Pledge: staff_or(lambda record: is_open(record.project)),
    Event: staff_or(lambda record: is_open(record.project)),
    OutcomeRecord: staff_or(outcome_is_open),
    Finding: staff_or(lambda record: is_open(record.project)),
    Remark: staff_or(lambda record: False),
    AssistanceRequest: lambda someone, record: someone.may(P.REQUEST_VIEW),
    Person: lambda someone, record: someone.reaches(P.PERSON_VIEW, record),
    Notice: sees_notice,
    CountryProfile: sees_profile,
    Procedure: lambda someone, record: someone.reaches(P.PROCEDURE_VIEW, record),
    Decision: lambda someone, record: someone.reaches(P.PROCEDURE_VIEW, record.procedure),
    **TRAINING_READINGS,
    **FIELD_READINGS,
    **PROTECTION_READINGS,
    **RESULTS_READINGS,
}
