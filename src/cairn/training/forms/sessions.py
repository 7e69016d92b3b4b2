"""Forms about the sessions of an event and about its staff."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core import pseudonyms
from cairn.core.actor import Actor
from cairn.portfolio.forms.fields import NOT_VALID, day_input, short
from cairn.training.models import (
    ModuleVersion,
    Practitioner,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules.choices import StaffRole
from cairn.ui.forms import offer


def clock_input() -> forms.TextInput:
    """An input for hours and minutes."""
    return forms.TextInput(attrs={"type": "time", "dir": "ltr"})


class SessionForm(forms.Form):
    """A session: what, when and where. Times are those of the place."""

    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    day = forms.DateField(label=_("Day"), widget=day_input())
    starts = forms.TimeField(label=_("From"), widget=clock_input())
    ends = forms.TimeField(label=_("Until"), widget=clock_input())
    room = forms.CharField(
        label=_("Room"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    method = forms.CharField(
        label=_("Method"),
        max_length=120,
        required=False,
        help_text=_("For example casework, role play, test."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    module_version = forms.ChoiceField(label=_("Module"), required=False)
    actual_starts = forms.TimeField(
        label=_("Began in fact at"), required=False, widget=clock_input()
    )
    actual_ends = forms.TimeField(label=_("Ended in fact at"), required=False, widget=clock_input())
    despite_conflicts = forms.BooleanField(
        label=_("It is meant so, although something is booked twice"), required=False
    )

    def __init__(self, *args: Any, event: TrainingEvent, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(event.time_zone)
        rows = ModuleVersion.objects.select_related("module").exclude(state="draft")
        self.versions = {str(each.pk): each for each in rows}
        offer(
            self.fields["module_version"],
            [
                ("", _now("None")),
                *(
                    (key, f"{each.module.code} {each.number} {each.module.title}")
                    for key, each in self.versions.items()
                ),
            ],
        )
        if is_new:
            del self.fields["actual_starts"], self.fields["actual_ends"]

    def clean_module_version(self) -> ModuleVersion | None:
        return self.versions.get(self.cleaned_data["module_version"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") and given.get("ends") and given["ends"] <= given["starts"]:
            self.add_error(
                "ends",
                forms.ValidationError(_now("The session ends before it starts."), code=NOT_VALID),
            )
        return given

    def moment(self, name: str) -> datetime | None:
        """The day at the time in field `name`, in the zone of the event."""
        clock: time | None = self.cleaned_data.get(name)
        day: date | None = self.cleaned_data.get("day")
        if clock is None or day is None:
            return None
        return datetime.combine(day, clock, tzinfo=self.zone)


class StaffForm(forms.Form):
    """Who teaches or helps, by code."""

    code = forms.CharField(
        label=_("Code of the person"),
        max_length=12,
        help_text=_("As on the roster of trainers, such as K7Q-M2R."),
        widget=short(),
    )
    role = forms.ChoiceField(label=_("Role"), choices=StaffRole.choices)
    sessions = forms.MultipleChoiceField(
        label=_("Sessions"),
        required=False,
        help_text=_("None chosen: all of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    supervised_by = forms.ChoiceField(
        label=_("Under the eyes of"),
        required=False,
        help_text=_("Supervised delivery counts towards the next step of a trainer."),
    )
    hours = forms.DecimalField(
        label=_("Taught hours"),
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=1,
        help_text=_("Leave empty to count the sessions."),
    )

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        sessions: list[TrainingSession],
        staff: list[Staffing],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.known = {str(each.pk): each for each in sessions}
        self.colleagues = {str(each.pk): each for each in staff}
        offer(self.fields["sessions"], [(key, s.title) for key, s in self.known.items()])
        offer(
            self.fields["supervised_by"],
            [
                ("", _now("Nobody")),
                *(
                    (key, f"{each.practitioner.code} ({each.get_role_display()})")
                    for key, each in self.colleagues.items()
                ),
            ],
        )
        if not sessions:
            del self.fields["sessions"]

    def clean_code(self) -> Practitioner:
        return practitioner_of(self.actor, self.cleaned_data["code"])

    def clean_sessions(self) -> list[TrainingSession]:
        return [self.known[key] for key in self.cleaned_data["sessions"]]

    def clean_supervised_by(self) -> Staffing | None:
        return self.colleagues.get(self.cleaned_data["supervised_by"])


def practitioner_of(actor: Actor, typed: str) -> Practitioner:
    """The person with this code. Raises ValidationError when the actor sees none."""
    code = pseudonyms.tidied(typed)
    rows = Practitioner.objects.visible_to(actor).select_related("merged_into", "agency")
    found: Practitioner | None = rows.filter(code=code).first() if code else None
    if found is None:
        raise forms.ValidationError(
            _now("There is nobody with this code for you to see."), code=NOT_VALID
        )
    return found.merged_into or found
