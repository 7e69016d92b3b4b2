"""Who sees which record of training, said once more in plain Python.

Nothing here asks the models' own rules. Memberships are read one by one, rows as they are stored.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from cairn.access.permissions import Permission as P
from cairn.training.models import (
    Adaptation,
    Agency,
    AttendanceMark,
    Call,
    CascadePlan,
    CascadeReport,
    CoursePlan,
    CoursePlanEdition,
    Credential,
    CredentialType,
    CurriculumIntegration,
    Deployment,
    Enrolment,
    FieldOutcomeReport,
    Instrument,
    Kit,
    KitCheckout,
    LanguageVariant,
    LearningObjective,
    MobileTrainingTeam,
    Module,
    ModuleVersion,
    Nomination,
    Practitioner,
    Question,
    RefusedRecord,
    Staffing,
    StagedFile,
    Step,
    SurveyWave,
    TestBlueprint,
    TestForm,
    TestSitting,
    TrainingEvent,
    TrainingNeed,
    UnitStrength,
    VettingCheck,
)
from tests.doors.someone import Someone

Reading = Callable[[Someone, Any], bool]


def covers_place(someone: Someone, permission: P, record: Any) -> bool:
    """A membership with `permission` covers the record's organisation and country.

    Records of training belong to no unit: whoever is there for one unit alone works on none.
    """
    return any(
        each.gives(permission)
        and each.unit is None
        and each.organisation == record.organisation_id
        and each.country in {"", record.country}
        for each in someone.held
    )


def acts_for(someone: Someone, agency: UUID | None) -> bool:
    """A focal point acts for the whole agency, wherever its people serve and are trained."""
    return agency is not None and any(
        each.gives(P.NOMINATION_MAKE) and each.organisation == agency for each in someone.held
    )


@lru_cache(maxsize=8)
def taught(someone: Someone) -> frozenset[UUID]:
    """The events on which somebody is staffed; asked once for each somebody."""
    if someone.user is None:
        return frozenset()
    rows = Staffing.objects.select_related("practitioner")
    return frozenset(each.event_id for each in rows if each.practitioner.user_id == someone.user)


def runs(someone: Someone, event: UUID | None) -> bool:
    """Staffed on this event, in whatever place, with a role that runs events."""
    return someone.may(P.EVENT_RUN) and event in taught(someone)


def works_on(someone: Someone, event: TrainingEvent) -> bool:
    """Participants of this event one by one are the person's work."""
    return covers_place(someone, P.TRAINEE_VIEW, event) or runs(someone, event.pk)


def of_event(someone: Someone, record: Any) -> bool:
    return works_on(someone, record.event)


def sees_practitioner(someone: Someone, record: Practitioner) -> bool:
    if covers_place(someone, P.TRAINEE_VIEW, record):
        return True
    if any(acts_for(someone, each.agency_id) for each in record.nominations.all()):
        return True
    is_self = someone.user is not None and record.user_id == someone.user
    if is_self and someone.may(P.EVENT_RUN):
        return True
    return any(runs(someone, each.event_id) for each in record.enrolments.all())


def sees_call(someone: Someone, record: Call) -> bool:
    if someone.may(P.TRAINING_VIEW):
        return True
    return any(acts_for(someone, each.agency_id) for each in record.allocations.all())


def sees_nomination(someone: Someone, record: Nomination) -> bool:
    return covers_place(someone, P.TRAINEE_VIEW, record.call.event) or acts_for(
        someone, record.agency_id
    )


def sees_credential(someone: Someone, record: Credential) -> bool:
    if covers_place(someone, P.TRAINEE_VIEW, record):
        return True
    return record.event is not None and works_on(someone, record.event)


def sees_staged_file(someone: Someone, record: StagedFile) -> bool:
    return someone.user is not None and record.author_id == someone.user


def sees_kit(someone: Someone, record: Kit) -> bool:
    """A laptop goes where the work is: the country of a membership does not matter."""
    return any(
        each.gives(P.KIT_OPERATE) and each.organisation == record.organisation_id
        for each in someone.held
    )


def everybody(someone: Someone, record: Any) -> bool:
    return True


def whoever_sees_training(someone: Someone, record: Any) -> bool:
    return someone.may(P.TRAINING_VIEW)


def of_person(someone: Someone, record: Deployment) -> bool:
    return sees_practitioner(someone, record.practitioner)


SHARED = (
    Adaptation,
    CascadePlan,
    CascadeReport,
    CoursePlan,
    CoursePlanEdition,
    CredentialType,
    CurriculumIntegration,
    FieldOutcomeReport,
    Instrument,
    LanguageVariant,
    LearningObjective,
    MobileTrainingTeam,
    Module,
    ModuleVersion,
    Step,
    SurveyWave,
    TestBlueprint,
    TestForm,
    TrainingEvent,
    TrainingNeed,
    UnitStrength,
)
OF_EVENTS = (AttendanceMark, Enrolment, KitCheckout, RefusedRecord, TestSitting)

TRAINING_READINGS: dict[type, Reading] = {
    Agency: everybody,
    **dict.fromkeys(SHARED, whoever_sees_training),
    **dict.fromkeys(OF_EVENTS, of_event),
    Call: sees_call,
    Credential: sees_credential,
    Deployment: of_person,
    Kit: sees_kit,
    Nomination: sees_nomination,
    Practitioner: sees_practitioner,
    # Questions with their keys are for whoever makes tests.
    Question: lambda someone, record: someone.may(P.TRAINING_EDIT),
    StagedFile: sees_staged_file,
    VettingCheck: lambda someone, record: covers_place(
        someone, P.TRAINEE_VIEW, record.practitioner
    ),
}
# What a reading looks at besides the row itself: fetched with it, one by one or as sets.
TOGETHER: dict[type, tuple[str, ...]] = {
    **dict.fromkeys(OF_EVENTS, ("event",)),
    Credential: ("event",),
    Deployment: ("practitioner",),
    Nomination: ("call__event",),
    VettingCheck: ("practitioner",),
}
SETS: dict[type, tuple[str, ...]] = {
    Call: ("allocations",),
    Deployment: ("practitioner__nominations", "practitioner__enrolments"),
    Practitioner: ("nominations", "enrolments"),
}
