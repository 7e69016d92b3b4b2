"""Forms about projects: what it is, which state it is in, what the public sees."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate, check_order
from cairn.imports import cells
from cairn.portfolio.forms.fields import NOT_VALID, CellField, LinesField, place, short
from cairn.portfolio.models import Project
from cairn.portfolio.rules import Publication, State
from cairn.ui.formats import locale
from cairn.ui.forms import offer

LONGEST_TEXT = 8000
DATE_HELP = _("What is known: 2025, 2025-02 or 2025-02-03.")


def _languages() -> list[tuple[str, str]]:
    """The six languages of the United Nations and Portuguese, named in the reader's."""
    names = locale().languages
    return sorted(
        ((code, str(names.get(code, code))) for code in (*geography.UN_LANGUAGES, "pt")),
        key=lambda pair: pair[1],
    )


class ProjectForm(forms.Form):
    """What a person may enter and change of a project. `version`: what they were looking at."""

    GROUPS = (
        (_("What it is"), ("reference", "code", "title", "language")),
        (_("Where"), ("places", "region_as_printed")),
        (_("When"), ("starts", "ends", "duration_months")),
        (_("What it costs"), ("budget_usd",)),
        (_("For whom"), ("beneficiaries",)),
        (_("Texts"), ("outline", "objectives", "achievements", "impact")),
    )

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reference = forms.RegexField(
        r"^(?!(?i:new|folder)$)[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Reference"),
        max_length=20,
        help_text=_(
            "Letters, digits, points and hyphens. It stands in addresses and is not changed later."
        ),
        widget=short(),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        required=False,
        help_text=_("The project code that your organisation gave, if it has one."),
        widget=short(),
    )
    title = forms.CharField(
        label=_("Title"), max_length=400, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language of title and texts"), initial="en")
    places = LinesField(
        place,
        label=_("Places"),
        required=False,
        help_text=_(
            "Countries, groups or regions, one on each line, in any language of the United Nations."
        ),
    )
    region_as_printed = forms.CharField(
        label=_("Region as printed"),
        max_length=120,
        required=False,
        help_text=_("Only where a source prints a region."),
    )
    starts = CellField(
        cells.partial_date, label=_("Starts"), required=False, help_text=DATE_HELP, widget=short()
    )
    ends = CellField(
        cells.partial_date, label=_("Ends"), required=False, help_text=DATE_HELP, widget=short()
    )
    duration_months = forms.IntegerField(
        label=_("Duration in months"),
        min_value=0,
        max_value=600,
        required=False,
        help_text=_("Where the dates are not known."),
    )
    budget_usd = CellField(
        cells.amount,
        empty=None,
        label=_("Budget in US dollars"),
        required=False,
        help_text=_("Digits only. Leave it empty when the budget is not known: that is not zero."),
        widget=short(inputmode="decimal"),
    )
    beneficiaries = LinesField(
        cells.text(200),
        label=_("Groups that benefit"),
        required=False,
        help_text=_("One on each line; groups, never persons."),
    )
    outline = forms.CharField(
        label=_("Outline"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    objectives = forms.CharField(
        label=_("Objectives"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    achievements = forms.CharField(
        label=_("Achievements"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )
    impact = forms.CharField(
        label=_("Impact"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, project: Project | None = None, **kwargs: Any) -> None:
        """`project`: the one that is edited; None for a new one."""
        super().__init__(*args, **kwargs)
        languages = _languages()
        if project is not None:
            del self.fields["reference"]
            if project.language not in dict(languages):
                languages.append((project.language, project.language))
        offer(self.fields["language"], languages)
        for name in ("outline", "objectives", "achievements", "impact"):
            self.fields[name].widget.attrs["dir"] = "auto"

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings, in the order of the page."""
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in self.GROUPS
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends:
            try:
                check_order(PartialDate.parse(starts), PartialDate.parse(ends))
            except RuleBroken as refusal:
                self.add_error("ends", forms.ValidationError(str(refusal), code=NOT_VALID))
        return given


def values_of(project: Project) -> dict[str, Any]:
    """What the form shows of a project whose `places` are there: {field: value}."""
    names = [name for _heading, group in ProjectForm.GROUPS for name in group]
    values = {name: getattr(project, name) for name in names if name not in {"reference", "places"}}
    return {
        **values,
        "places": [each.printed for each in project.places.all()],
        "version": project.version,
    }


# What a decision means for the next step; shown beside each state that can be chosen.
FOLLOWS = {
    State.CONCEPT: _("It goes back to its authors. Nothing is promised yet."),
    State.APPRAISED: _("It was examined and found sound. Next, somebody approves it."),
    State.APPROVED: _("It may be shown to donors. Next, pledges are recorded."),
    State.PARTLY_FUNDED: _("Some pledges are on record. Work may begin, or wait for the rest."),
    State.FULLY_FUNDED: _("Pledges reach the budget. No more money is asked for."),
    State.ACTIVE: _("Work is under way. Results are measured from now on."),
    State.SUSPENDED: _("Work pauses. It can be taken up again or closed."),
    State.OPERATIONALLY_CLOSED: _("The work is done. Only the accounts are still open."),
    State.FINANCIALLY_CLOSED: _("The accounts are closed. What is left is to evaluate it."),
    State.EVALUATED: _("The last state. It can be read and cited, but no longer moves."),
}


class MoveForm(forms.Form):
    """To which state, and on what basis."""

    to = forms.ChoiceField(label=_("The project is now"), widget=forms.RadioSelect)
    basis = forms.CharField(
        label=_("What the decision rests on"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("The document, meeting or agreement, in a sentence. It stays in the history."),
    )

    def __init__(self, *args: Any, moves: list[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self.fields["to"],
            [(state.value, f"{state.label}: {FOLLOWS[state]}") for state in moves],
        )


SEES = {
    Publication.PUBLIC: _(
        "Public: the whole page, with country, partners, donors, texts, findings and results."
    ),
    Publication.REDUCED: _(
        "Reduced: a title of its own, region, themes, state and sums. No country, reference, "
        "code, partner, donor, date or text, and its page has an address that tells nothing."
    ),
    Publication.WITHHELD: _(
        "Withheld: nothing. The project is in no list, map or total that the public sees."
    ),
}


class PublishForm(forms.Form):
    """What the public sees, under which title, and why."""

    to = forms.ChoiceField(
        label=_("The public sees"),
        widget=forms.RadioSelect,
        choices=[(each.value, words) for each, words in SEES.items()],
    )
    public_title = forms.CharField(
        label=_("Public title"),
        max_length=400,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_(
            "Shown in place of the title while the project is reduced. It may not name a country "
            "of the project, its people or its places."
        ),
    )
    basis = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("It stays in the history that staff see; the public does not see it."),
    )
