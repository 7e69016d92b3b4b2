"""What oversight keeps: ids, codes, moments and reasons; never a sealed value of a person."""

from cairn.oversight.models.alerts import Alert, Notice, Round
from cairn.oversight.models.base import DeskQuerySet
from cairn.oversight.models.desk import Incident, Step, SubjectRequest
from cairn.oversight.models.erasures import Erasure, Extension, Hold
from cairn.oversight.models.exports import ExportRequest
from cairn.oversight.models.links import LinkGrant
from cairn.oversight.models.readings import BreakGlass, Reading, ReadingSubject

__all__ = [
    "Alert",
    "BreakGlass",
    "DeskQuerySet",
    "Erasure",
    "ExportRequest",
    "Extension",
    "Hold",
    "Incident",
    "LinkGrant",
    "Notice",
    "Reading",
    "ReadingSubject",
    "Round",
    "Step",
    "SubjectRequest",
]
