"""All records of this context."""

from cairn.observatory.models.indicators import NationalFigure, PlaceAnswer
from cairn.observatory.models.interactive import BudgetEntry, BudgetYear
from cairn.observatory.models.public import Bulletin
from cairn.observatory.models.releases import (
    Artefact,
    LedgerEntry,
    Published,
    Release,
    Signature,
)

__all__ = [
    "Artefact",
    "BudgetEntry",
    "BudgetYear",
    "Bulletin",
    "LedgerEntry",
    "NationalFigure",
    "PlaceAnswer",
    "Published",
    "Release",
    "Signature",
]
