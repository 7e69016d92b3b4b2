"""Forms about requests for assistance and about findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.imports import cells
from cairn.portfolio.forms.fields import (
    NOT_VALID,
    CellField,
    LinesField,
    day_input,
    short,
)
from cairn.portfolio.models import Event, Project
from cairn.portfolio.rules import RequestState
from cairn.ui.forms import offer

PROJECT_LIST = "projects-known"
EVENT_LIST = "events-known"


class RequestForm(forms.Form):
    """Who asks for what, after which event."""

    reference = forms.RegexField(
        r"^(?!(?i:new|folder)$)[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Reference"),
        max_length=20,
        help_text=_("The next free one is filled in."),
        widget=short(),
    )
    requested_by = forms.CharField(
        label=_("Who asks"),
        max_length=200,
        help_text=_("The ministry, service or delegation; no names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    countries = LinesField(
        cells.country,
        label=_("Countries"),
        required=False,
        help_text=_("One on each line, in any language of the United Nations."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    request = forms.CharField(
        label=_("What is asked for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
    )
    after_event = forms.CharField(
        label=_("After which event"),
        max_length=20,
        required=False,
        help_text=_("Reference of the event, for example E03."),
        widget=short(list=EVENT_LIST),
    )
    received_on = CellField(
        cells.past_day, empty=None, label=_("Received on"), required=False, widget=day_input()
    )

    def __init__(self, *args: Any, events: Any, **kwargs: Any) -> None:
        """`events`: a queryset of those that the actor may see."""
        super().__init__(*args, **kwargs)
        self.events = events

    def clean_after_event(self) -> Event | None:
        reference = self.cleaned_data["after_event"].strip()
        if not reference:
            return None
        found: Event | None = self.events.filter(reference__iexact=reference).first()
        if found is None:
            raise forms.ValidationError(
                _now("There is no event “%(reference)s”. Choose one from the list.")
                % {"reference": reference},
                code=NOT_VALID,
            )
        return found


# What whoever has the request in hand does next, and what that means.
NEXT_VERBS = {
    RequestState.ASSESSED: _("Record that it was assessed"),
    RequestState.MATCHED: _("Match it with a project"),
    RequestState.FUNDED: _("Record that it is funded"),
    RequestState.DELIVERING: _("Start the delivery"),
    RequestState.DELIVERED: _("Record that it was delivered"),
    RequestState.FOLLOWED_UP: _("Record the follow-up"),
    RequestState.DECLINED: _("Decline it, with a reason"),
}


class RequestMoveForm(forms.Form):
    """The next step of a request. Which fields it needs depends on the step; the rule decides."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    project = forms.CharField(
        label=_("Project that answers it"),
        max_length=20,
        required=False,
        help_text=_("Needed to match it. Reference of the project, for example P49."),
        widget=short(list=PROJECT_LIST),
    )
    reason = forms.CharField(
        label=_("Reason or note"),
        max_length=2000,
        required=False,
        help_text=_("Needed to decline it. Write it so that it can be sent to whoever asked."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, moves: list[RequestState], projects: Any, **kwargs: Any) -> None:
        """`projects`: a queryset of those that the actor may see."""
        super().__init__(*args, **kwargs)
        self.projects = projects
        offer(self.fields["to"], [(each.value, NEXT_VERBS[each]) for each in moves])
        if RequestState.MATCHED not in moves:
            del self.fields["project"]

    def clean_project(self) -> Project | None:
        reference = self.cleaned_data["project"].strip()
        if not reference:
            return None
        found: Project | None = self.projects.filter(reference__iexact=reference).first()
        if found is None:
            raise forms.ValidationError(
                _now("There is no project “%(reference)s”. Choose one from the list.")
                % {"reference": reference},
                code=NOT_VALID,
            )
        return found


class ExplainForm(forms.Form):
    """Why a printed figure differs. Empty takes an explanation back."""

    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto"}),
        help_text=_("What the source got wrong or left out, and how you know. No names."),
    )
