"""Forms about training events: facts, moves, parties, documents, the list of names to print."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.models import Organisation
from cairn.core.partial_dates import PartialDate, PartialDateRefused
from cairn.imports import cells
from cairn.oversight.forms import reason_field
from cairn.oversight.queries.records import Places
from cairn.portfolio.forms.fields import NOT_VALID, CellField, LinesField, short
from cairn.portfolio.models import Project
from cairn.training.models import CoursePlan, ModuleVersion, TrainingEvent, TrainingSession
from cairn.training.rules.choices import EventKind, Participation, PartyRole
from cairn.training.rules.states import EVENT_MOVES, EventState
from cairn.ui.formats import locale
from cairn.ui.forms import offer

# Languages that events of the programme were held in, first those of the United Nations.
LANGUAGES = ("en", "fr", "ar", "es", "ru", "zh", "pt", "ne", "uk", "sw", "bn", "ur", "fa", "my")
PROJECT_LIST, EVENT_LIST, ZONE_LIST = "projects-known", "events-known", "zones-known"
ORGANISATION_LIST = "organisations-known"


def language_choices() -> list[tuple[str, str]]:
    """Languages to choose from, in the language of the page."""
    return [(code, str(locale().languages.get(code, code))) for code in LANGUAGES]


def partial_day(text: str) -> str:
    """ "2026", "2026-03" or "2026-03-02", as it is kept. Raises PartialDateRefused."""
    PartialDate.parse(text)
    return cells.partial_date(text)


class EventForm(forms.Form):
    """What is known of an event. Only title, kind and whose it is have to be known."""

    title = forms.CharField(
        label=_("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices)
    organisation = forms.ChoiceField(label=_("Whose event it is"))
    country = forms.ChoiceField(label=_("Country where it takes place"), required=False)
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        required=False,
        help_text=_("Town and house, as people would look for it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    starts = CellField(
        partial_day,
        label=_("First day"),
        required=False,
        help_text=_("As far as it is known: 2026, 2026-03 or 2026-03-02."),
        widget=short(),
    )
    ends = CellField(partial_day, label=_("Last day"), required=False, widget=short())
    time_zone = forms.CharField(
        label=_("Time zone"),
        max_length=40,
        initial="UTC",
        help_text=_("Region/City, for example Africa/Dakar."),
        widget=short(list=ZONE_LIST),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    participation = forms.ChoiceField(
        label=_("How participants are kept"),
        choices=Participation.choices,
        initial=Participation.NAMED,
        help_text=_("Counts only, where names cannot leave the country."),
        widget=forms.RadioSelect,
    )
    seats = forms.IntegerField(label=_("Seats"), required=False, min_value=1, max_value=2000)
    plan = forms.ChoiceField(
        label=_("Course plan"),
        required=False,
        help_text=_("Decides what completion takes. It is frozen when the event starts."),
    )
    versions = forms.MultipleChoiceField(
        label=_("Modules taught"), required=False, widget=forms.CheckboxSelectMultiple
    )
    from_countries = LinesField(
        cells.country,
        label=_("Countries that participants come from"),
        required=False,
        help_text=_("One on each line, in any language of the United Nations."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    project = forms.CharField(
        label=_("Project"),
        max_length=20,
        required=False,
        help_text=_("Reference of the project, for example P49."),
        widget=short(list=PROJECT_LIST),
    )
    parent = forms.CharField(
        label=_("Follows from the event"),
        max_length=20,
        required=False,
        help_text=_("Reference of the event whose trainers teach here."),
        widget=short(list=EVENT_LIST),
    )
    cost_usd = forms.DecimalField(
        label=_("Direct cost in US dollars"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )
    is_generation_root = forms.BooleanField(
        label=_("Its trainers were trained elsewhere: they begin a cascade"), required=False
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=20,
        required=False,
        help_text=_("Leave empty for the next free one."),
        widget=short(),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        places: Places,
        projects: Any,
        events: Any,
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        """`projects`, `events`: querysets of those that the actor may see."""
        super().__init__(*args, **kwargs)
        self.places, self.projects, self.events = places, projects, events
        owners = [(key, each.name) for key, each in places.organisations.items()]
        offer(self.fields["organisation"], owners)
        if len(owners) == 1:
            self.fields["organisation"].initial = owners[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()
        offer(self.fields["country"], [("", _now("Not known yet")), *places.countries])
        offer(self.fields["languages"], language_choices())
        self.plans = {str(each.pk): each for each in CoursePlan.objects.all()}
        offer(
            self.fields["plan"],
            [("", _now("None")), *((key, each.title) for key, each in self.plans.items())],
        )
        rows = ModuleVersion.objects.select_related("module").exclude(state="draft")
        self.known_versions = {str(each.pk): each for each in rows}
        offer(
            self.fields["versions"],
            [
                (key, f"{each.module.code} {each.number} {each.module.title}")
                for key, each in self.known_versions.items()
            ],
        )
        if not self.known_versions:
            del self.fields["versions"]
        if not is_new:
            del self.fields["reference"]

    def clean_organisation(self) -> Organisation:
        return self.places.organisations[self.cleaned_data["organisation"]]

    def clean_plan(self) -> CoursePlan | None:
        return self.plans.get(self.cleaned_data["plan"])

    def clean_versions(self) -> list[ModuleVersion]:
        return [self.known_versions[key] for key in self.cleaned_data["versions"]]

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"]).strip()
        if name not in available_timezones():
            raise forms.ValidationError(
                _now("“%(name)s” is not a time zone. Write it as Region/City.") % {"name": name},
                code=NOT_VALID,
            )
        return name

    def clean_project(self) -> Project | None:
        found: Project | None = _found(
            self.projects, self.cleaned_data["project"], _now("There is no project “%s”.")
        )
        return found

    def clean_parent(self) -> TrainingEvent | None:
        found: TrainingEvent | None = _found(
            self.events, self.cleaned_data["parent"], _now("There is no event “%s”.")
        )
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and _ends_before(starts, ends):
            self.add_error(
                "ends",
                forms.ValidationError(
                    _now("The last day lies before the first day."), code=NOT_VALID
                ),
            )
        return given


def _ends_before(starts: str, ends: str) -> bool:
    try:
        return PartialDate.parse(ends).last < PartialDate.parse(starts).first
    except PartialDateRefused:
        return False


def _found(rows: Any, typed: str, refusal: str) -> Any:
    reference = typed.strip()
    if not reference:
        return None
    found = rows.filter(reference__iexact=reference).first()
    if found is None:
        raise forms.ValidationError(refusal % reference, code=NOT_VALID)
    return found


# What whoever has the event in hand does next.
VERBS = {
    EventState.PLANNED: _("Plan it"),
    EventState.CALL_OPEN: _("Open the call for nominations"),
    EventState.SELECTION: _("Close the call and select"),
    EventState.CONFIRMED: _("Confirm it"),
    EventState.RUNNING: _("Start the event"),
    EventState.DELIVERED: _("Record that it was delivered"),
    EventState.REPORTED: _("Record that it was reported"),
    EventState.CLOSED: _("Close the event"),
    EventState.POSTPONED: _("Put it off, with a reason"),
    EventState.CANCELLED: _("Call it off, with a reason"),
}


class MoveForm(forms.Form):
    """The next step of an event."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason or note"),
        max_length=300,
        required=False,
        help_text=_("Needed to put it off or call it off. No names."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, now: EventState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = list(EventState)
        moves = sorted(EVENT_MOVES[now], key=order.index)
        offer(self.fields["to"], [(each.value, VERBS[each]) for each in moves])


class PartyForm(forms.Form):
    """An organisation that takes part, found by its name."""

    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=250,
        help_text=_("Its name as it stands in the list."),
        widget=forms.TextInput(attrs={"dir": "auto", "list": ORGANISATION_LIST}),
    )
    role = forms.ChoiceField(label=_("Part"), choices=PartyRole.choices)

    def clean_organisation(self) -> Organisation:
        typed = self.cleaned_data["organisation"].strip()
        found = Organisation.objects.filter(name__iexact=typed).first()
        found = found or Organisation.objects.filter(short_name__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(
                _now("There is no organisation “%(name)s”. Choose one from the list.")
                % {"name": typed},
                code=NOT_VALID,
            )
        return found


class MaterialForm(forms.Form):
    """A document that participants get."""

    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    link = forms.URLField(
        label=_("Address"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("Where it can be read; leave empty for what is handed out on paper."),
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    session = forms.ChoiceField(label=_("Session"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, sessions: list[TrainingSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sessions = {str(each.pk): each for each in sessions}
        offer(self.fields["language"], [("", _now("Any")), *language_choices()])
        offer(
            self.fields["session"],
            [("", _now("The whole event")), *((key, s.title) for key, s in self.sessions.items())],
        )

    def clean_session(self) -> TrainingSession | None:
        return self.sessions.get(self.cleaned_data["session"])


class NamesForm(forms.Form):
    """Why names are printed. Kept, and read by the data-protection officer."""

    document = forms.ChoiceField(label=_("What is printed"))
    reason = reason_field(
        _("Reason"),
        _("Why names are needed on paper. The data-protection officer reads it."),
    )

    def __init__(self, *args: Any, documents: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["document"], documents)
