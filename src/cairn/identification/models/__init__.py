"""All records of identification."""

from cairn.identification.models.devices import Device, DeviceAlert
from cairn.identification.models.indicators import Indicator, IndicatorEdition
from cairn.identification.models.paper import PaperForm
from cairn.identification.models.procedures import (
    Decision,
    DecisionQuerySet,
    Investigation,
    Procedure,
    ProcedureQuerySet,
)
from cairn.identification.models.profiles import CountryProfile
from cairn.identification.models.receivers import (
    KeyHandover,
    KeyHolder,
    ReceivingUnit,
    ReceptionKey,
)
from cairn.identification.models.reports import (
    HeldEnvelope,
    Report,
    ReportContent,
    ReportStep,
)
from cairn.identification.models.rights import (
    BestInterests,
    DutyToken,
    Guardianship,
    Interview,
    Notification,
    ReflectionStep,
    ReviewRequest,
    RightsGrant,
)

__all__ = [
    "BestInterests",
    "CountryProfile",
    "Decision",
    "DecisionQuerySet",
    "Device",
    "DeviceAlert",
    "DutyToken",
    "Guardianship",
    "HeldEnvelope",
    "Indicator",
    "IndicatorEdition",
    "Interview",
    "Investigation",
    "KeyHandover",
    "KeyHolder",
    "Notification",
    "PaperForm",
    "Procedure",
    "ProcedureQuerySet",
    "ReceivingUnit",
    "ReceptionKey",
    "ReflectionStep",
    "Report",
    "ReportContent",
    "ReportStep",
    "ReviewRequest",
    "RightsGrant",
]
