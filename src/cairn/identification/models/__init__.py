"""All records of identification."""

from cairn.identification.models.devices import Device, DeviceAlert
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

__all__ = [
    "CountryProfile",
    "Decision",
    "DecisionQuerySet",
    "Device",
    "DeviceAlert",
    "HeldEnvelope",
    "Investigation",
    "KeyHandover",
    "KeyHolder",
    "PaperForm",
    "Procedure",
    "ProcedureQuerySet",
    "ReceivingUnit",
    "ReceptionKey",
    "Report",
    "ReportContent",
    "ReportStep",
]
