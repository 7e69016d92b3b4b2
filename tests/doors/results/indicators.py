"""The table, the scene and the readings of: national figures, released figures in layouts."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.observatory.models import NationalFigure, PlaceAnswer
from tests.doors.outcome import FORM, SENDING, Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
SEES, BUILDS = frozenset({P.STATISTICS_VIEW}), frozenset({P.STATISTICS_BUILD})
# The release that the part of public pages puts into the scene.
RELEASE = "?release=R-2026-95"
DOORS: dict[str, Door] = {
    "observatory:national": Door(before=SEES),
    "observatory:national-country": Door(before=SEES, fixed={"code": "NPL"}),
    "observatory:national-names": Door(methods=FORM, before=BUILDS),
    "observatory:national-lines": Door(methods=FORM, before=BUILDS),
    "observatory:national-keep": Door(methods=SENDING, before=BUILDS),
    "observatory:layouts": Door(before=SEES, query=RELEASE),
    "observatory:layouts-lines": Door(methods=FORM, before=BUILDS, query=RELEASE),
    "observatory:layouts-invented": Door(before=SEES, query=RELEASE),
    "observatory:layouts-file": Door(before=SEES, query=RELEASE, fixed={"layout": "glotip"}),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    NationalFigure: lambda someone, _figure: someone.may(P.STATISTICS_VIEW),
    PlaceAnswer: lambda someone, _answer: someone.may(P.STATISTICS_VIEW),
}


def add(_scene: Scene) -> None:
    """A figure whose category is not clear, and an answer about another."""
    now = timezone.now()
    NationalFigure.objects.create(
        statement="0" * 64,
        layout="glotip",
        indicator="victims",
        country="NPL",
        year=2020,
        breakdown="citizenship",
        category="Inventedland",
        below=5,
        source="Invented edition",
        received_on=now.date(),
    )
    PlaceAnswer.objects.create(
        printed="Elsewhereland", country="KEN", answered_at=now, answered_by=uuid4()
    )
