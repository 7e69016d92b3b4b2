"""Invented values that the gallery shows its components with."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.ui import icons, pages
from cairn.ui.charts import (
    Bar,
    CascadeLine,
    CascadeStone,
    StepPoint,
    fluid_bar_chart,
    generation_chart,
    step_chart,
)
from cairn.ui.context import Shell
from cairn.ui.forms import add_refusal
from cairn.ui.states import Tone


class SpecimenForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("As it will be printed."), max_length=80)
    amount = forms.DecimalField(
        label=_("Amount in US dollars"), min_value=0, help_text=_("Digits only: 250000.")
    )
    signed_on = forms.DateField(
        label=_("Signed on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    area = forms.ChoiceField(
        label=_("Area of service"),
        choices=[("", _("Choose one")), ("law", _("Law")), ("training", _("Training"))],
    )
    reach = forms.ChoiceField(
        label=_("Who can see this"),
        widget=forms.RadioSelect,
        choices=[("us", _("Only our organisation")), ("all", _("Everybody"))],
        help_text=_("You can change this later."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    document = forms.FileField(label=_("Document"), required=False)
    agreed = forms.BooleanField(label=_("The donor has agreed to be named"))


class SpecimenFilter(forms.Form):
    """A filter bar."""

    words = forms.CharField(label=_("Words"), required=False)
    area = forms.ChoiceField(
        label=_("Area of service"),
        required=False,
        choices=[("", _("All")), ("law", _("Law")), ("training", _("Training"))],
    )


@dataclass(frozen=True, slots=True)
class Project:
    """A row of the specimen table."""

    code: str
    title: str
    budget: Decimal
    pledged: Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the specimen history."""

    who: str
    what: str
    why: str
    when: Any


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the specimen pipeline: done, current, todo or stopped."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the specimen list."""

    label: str
    href: str
    format: str
    size: str = ""
    language: str = ""
    note: str = ""


COLUMNS = (
    pages.Column("code", _("Code"), ("code",)),
    pages.Column("title", _("Project")),
    pages.Column("budget", _("Budget"), ("budget",), is_numeric=True),
    pages.Column("pledged", _("Pledged"), ("pledged",), is_numeric=True),
    pages.Column("share", _("Share"), is_numeric=True),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Everything that gallery.html shows."""
    now = timezone.now()
    projects = _projects()
    refused = SpecimenForm({"title": gettext("A title that was typed"), "amount": "2,5 million"})
    add_refusal(refused, _refusal())
    return {
        "projects": projects,
        "sorting": pages.sorting_of(request, COLUMNS, "-budget"),
        "page": pages.page_of(range(1, 488), request),
        "empty_form": SpecimenForm(prefix="empty"),
        "refused_form": refused,
        "filter_form": SpecimenFilter(request.GET, prefix="filter"),
        "refusal": _refusal(),
        "chart": _chart(request),
        "regions": _regions(),
        "cascade": _cascade(request),
        "stones": _stones(),
        "step_chart": _step_chart(request),
        "step_points": STEP_POINTS,
        "soon": now + timedelta(hours=3),
        "late": now - timedelta(hours=26),
        "past": now - timedelta(days=12),
        "history": _history(now),
        "steps": _steps(),
        "stopped_steps": _stopped_steps(),
        "downloads": _downloads(),
        "tones": [(tone.value, label) for tone, label in _tones()],
        "icons": icons.NAMES,
        "swatches": SWATCHES,
    }


SWATCHES = (
    "paper",
    "surface",
    "sunken",
    "hairline",
    "edge",
    "ink",
    "ink-quiet",
    "accent",
    "accent-strong",
    "accent-wash",
)


def _projects() -> list[Project]:
    return [
        Project("X01", gettext("Invented project on court practice"), Decimal(6576097), Decimal(0)),
        Project(
            "X02", gettext("Invented training of border guards"), Decimal(850000), Decimal(410000)
        ),
        Project(
            "X03", gettext("Invented support to shelters"), Decimal("756.50"), Decimal("756.50")
        ),
    ]


def _regions() -> list[tuple[str, int]]:
    return [
        (gettext("Invented coast"), 380_000),
        (gettext("Invented highlands"), 210_000),
        (gettext("Invented islands"), 64_000),
    ]


def _chart(request: HttpRequest) -> SafeString:
    shell = Shell(request)
    return fluid_bar_chart(
        [Bar(name, shortfall) for name, shortfall in _regions()],
        title=gettext("Shortfall by region, invented"),
        description=gettext("The coast lacks most, the islands least."),
        value_label=gettext("Shortfall"),
        language=shell.language,
        direction=shell.direction,
    )


def _stones() -> list[CascadeStone]:
    """An invented cascade of three generations."""
    return [
        CascadeStone("roots", gettext("Invented experts"), 0, 4),
        CascadeStone("X01", "X01", 1, 22, 0.91, href="#charts"),
        CascadeStone("X02", "X02", 1, 30, 0.7, href="#charts"),
        CascadeStone("X03", "X03", 2, 140, 0.82, href="#charts"),
        CascadeStone("X04", "X04", 2, 31, None, is_counted=True, href="#charts"),
        CascadeStone("X05", "X05", 2, 24, 0.5, href="#charts"),
    ]


def _cascade(request: HttpRequest) -> SafeString:
    shell = Shell(request)
    lines = [
        CascadeLine("roots", "X01", 22),
        CascadeLine("roots", "X02", 30),
        CascadeLine("X01", "X03", 105),
        CascadeLine("X02", "X03", 35),
        CascadeLine("X01", "X04", 31),
        CascadeLine("X02", "X05", 24),
    ]
    return generation_chart(
        _stones(),
        lines,
        title=gettext("Who trained whom, invented"),
        description=gettext("Two trainings of trainers, and three trainings that followed."),
        quality_label=gettext("Passed"),
        language=shell.language,
        direction=shell.direction,
    )


STEP_POINTS = (
    StepPoint(30, 0.875, 0.39, 0.98),
    StepPoint(45, 0.75, 0.31, 0.93),
    StepPoint(75, 0.6, 0.2, 0.85),
    StepPoint(90, 0.45, 0.11, 0.75),
    StepPoint(150, 0.225, 0.01, 0.61),
)


def _step_chart(request: HttpRequest) -> SafeString:
    shell = Shell(request)
    return step_chart(
        STEP_POINTS,
        title=gettext("Trainers without a first session yet, invented"),
        description=gettext("Half of the trainers gave a first session within 90 days."),
        day_label=gettext("Days after the training of trainers"),
        share_label=gettext("without a first session"),
        language=shell.language,
        direction=shell.direction,
        until=180,
        censored=(60, 120, 180),
    )


def _refusal() -> RuleBroken:
    return RuleBroken(
        "pledge.sign",
        gettext("A pledge without a donor cannot be signed."),
        gettext("Name the donor, or record that it does not wish to be named."),
    )


def _history(now: Any) -> list[Entry]:
    officer, donor = gettext("Invented Officer"), gettext("Invented Donor Office")
    return [
        Entry(officer, gettext("recorded the signed agreement."), "", now - timedelta(hours=5)),
        Entry(
            officer,
            gettext("changed the budget from US$ 800,000 to US$ 850,000."),
            gettext("Reason: the second phase was approved."),
            now - timedelta(days=3),
        ),
        Entry(donor, gettext("pledged US$ 410,000."), "", now - timedelta(days=40)),
    ]


def _steps() -> list[Step]:
    return [
        Step(gettext("Received"), "done", gettext("from a ministry")),
        Step(gettext("Assessed"), "done"),
        Step(gettext("Matched"), "current", gettext("with project X02")),
        Step(gettext("Funded"), "todo"),
        Step(gettext("Delivered"), "todo"),
    ]


def _stopped_steps() -> list[Step]:
    return [
        Step(gettext("Received"), "done"),
        Step(gettext("Assessed"), "done"),
        Step(gettext("Declined"), "stopped", gettext("another agency does this")),
    ]


def _downloads() -> list[Download]:
    return [
        Download(gettext("Project page"), "#downloads", "PDF", "184 kB", "ar"),
        Download(
            gettext("All projects"),
            "#downloads",
            "XLSX",
            "62 kB",
            note=gettext("One row for each project, with the figures as printed and as computed."),
        ),
    ]


def _tones() -> list[tuple[Tone, str]]:
    return [
        (Tone.NEUTRAL, gettext("Draft")),
        (Tone.WAITING, gettext("Waiting for an answer")),
        (Tone.ACTIVE, gettext("Under way")),
        (Tone.DONE, gettext("Delivered")),
        (Tone.ATTENTION, gettext("Does not add up")),
        (Tone.STOPPED, gettext("Declined")),
    ]
