"""Tables of the portfolio, split by noun."""

from cairn.portfolio.models.findings import Finding
from cairn.portfolio.models.funding import (
    Agreement,
    BudgetLine,
    Expenditure,
    Phase,
    Pledge,
    Receipt,
)
from cairn.portfolio.models.places import ProjectCountry, ProjectPlace, ProjectRegion
from cairn.portfolio.models.project import (
    Activity,
    Component,
    Decision,
    Document,
    Mandate,
    Milestone,
    Office,
    Partner,
    PrintedFigure,
    Programme,
    Project,
    ProjectMandate,
    ProjectSubject,
    ProjectTheme,
    Remark,
    SourceDocument,
)
from cairn.portfolio.models.requests import AssistanceRequest, RequestMove
from cairn.portfolio.models.results import Event, Indicator, Measurement, OutcomeRecord, Result

__all__ = [
    "Activity",
    "Agreement",
    "AssistanceRequest",
    "BudgetLine",
    "Component",
    "Decision",
    "Document",
    "Event",
    "Expenditure",
    "Finding",
    "Indicator",
    "Mandate",
    "Measurement",
    "Milestone",
    "Office",
    "OutcomeRecord",
    "Partner",
    "Phase",
    "Pledge",
    "PrintedFigure",
    "Programme",
    "Project",
    "ProjectCountry",
    "ProjectMandate",
    "ProjectPlace",
    "ProjectRegion",
    "ProjectSubject",
    "ProjectTheme",
    "Receipt",
    "Remark",
    "RequestMove",
    "Result",
    "SourceDocument",
]
