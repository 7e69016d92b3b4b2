"""Who sees which record of reports and decisions, said once more in plain Python."""

from collections.abc import Callable
from typing import Any

from cairn.access.permissions import Permission as P
from cairn.identification.models import (
    BestInterests,
    Device,
    DeviceAlert,
    DutyToken,
    Guardianship,
    HeldEnvelope,
    Indicator,
    IndicatorEdition,
    Interview,
    KeyHandover,
    KeyHolder,
    Notification,
    PaperForm,
    ReceivingUnit,
    ReceptionKey,
    ReflectionStep,
    Report,
    ReportContent,
    ReviewRequest,
    RightsGrant,
)
from cairn.referral.models import AccessPoint
from tests.doors.someone import Someone

Reading = Callable[[Someone, Any], bool]
WORK_WITH_UNITS = (
    P.REPORT_VIEW,
    P.REPORT_RELEASE,
    P.REPORT_SUBMIT,
    P.RECEIVER_MANAGE,
    P.DEVICE_VIEW,
    P.PAPER_ENTER,
)


def knows_unit(someone: Someone, unit: ReceivingUnit) -> bool:
    """Whoever reads, sends or equips where the unit is."""
    return any(someone.reaches(permission, unit) for permission in WORK_WITH_UNITS)


def settles(someone: Someone, held: HeldEnvelope) -> bool:
    """What names a unit or phone of one's place; what names neither is any supervisor's."""
    if held.receiver is None and held.device is None:
        return someone.may(P.REPORT_RELEASE)
    named = [each for each in (held.receiver, held.device) if each is not None]
    return any(someone.reaches(P.REPORT_RELEASE, each) for each in named)


def of_procedure(someone: Someone, record: Any) -> bool:
    return someone.reaches(P.PROCEDURE_VIEW, record.procedure)


def knows_service(someone: Someone, point: AccessPoint) -> bool:
    """Everybody with the directory; one that was taken out only whoever edits for its owner."""
    if point.closed_at is None or not someone.may(P.DIRECTORY_VIEW):
        return someone.may(P.DIRECTORY_VIEW)
    own = [each for each in someone.held if each.gives(P.DIRECTORY_EDIT)]
    return any(each.organisation == point.organisation_id for each in own)


FIELD_READINGS: dict[type, Reading] = {
    ReceivingUnit: knows_unit,
    ReceptionKey: lambda someone, key: knows_unit(someone, key.receiver),
    KeyHolder: lambda someone, holder: knows_unit(someone, holder.key.receiver),
    KeyHandover: lambda someone, copy: knows_unit(someone, copy.key.receiver),
    Device: lambda someone, device: someone.reaches(P.DEVICE_VIEW, device),
    DeviceAlert: lambda someone, alert: someone.reaches(P.DEVICE_VIEW, alert.device),
    Report: lambda someone, report: someone.reaches(P.REPORT_VIEW, report.receiver),
    ReportContent: lambda someone, found: someone.reaches(P.REPORT_VIEW, found.report.receiver),
    HeldEnvelope: settles,
    PaperForm: lambda someone, form: someone.reaches(P.PAPER_ENTER, form.receiver),
    Indicator: lambda someone, _sign: someone.may(P.INDICATOR_VIEW),
    IndicatorEdition: lambda someone, _edition: someone.may(P.INDICATOR_VIEW),
    RightsGrant: of_procedure,
    Notification: of_procedure,
    ReviewRequest: of_procedure,
    ReflectionStep: of_procedure,
    Guardianship: of_procedure,
    BestInterests: of_procedure,
    Interview: of_procedure,
    DutyToken: of_procedure,
    AccessPoint: knows_service,
}
