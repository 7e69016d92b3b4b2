"""Forms about mobile training teams: what a team needs, who joins, its steps and tasks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.oversight.forms import day_field
from cairn.oversight.queries.records import Places
from cairn.portfolio.forms.fields import short
from cairn.training.forms.events import language_choices
from cairn.training.forms.roster import person_code
from cairn.training.rules.choices import Profession, TaskingKind
from cairn.training.rules.team_needs import Requirement
from cairn.training.rules.teams import TEAM_MOVES, TeamState
from cairn.ui.forms import offer

# The places of a team that the study lists first; other professions can be asked for, too.
ASKED = (
    Profession.INVESTIGATOR,
    Profession.PROSECUTOR,
    Profession.SOCIAL,
    Profession.HEALTH,
    Profession.BORDER,
    Profession.JUDGE,
)


class NeedsForm(forms.Form):
    """What a team needs. The builder computes from it what is missing."""

    size = forms.IntegerField(label=_("Members at least"), min_value=1, max_value=20, initial=5)
    most = forms.IntegerField(label=_("Members at most"), min_value=1, max_value=20, required=False)
    women = forms.IntegerField(label=_("Women at least"), min_value=0, max_value=20, initial=2)
    leads = forms.IntegerField(
        label=_("Lead trainers at least"), min_value=0, max_value=5, initial=1
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages that the team speaks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    speakers = forms.IntegerField(
        label=_("Speakers of each language at least"), min_value=1, max_value=10, initial=1
    )
    topics = forms.MultipleChoiceField(
        label=_("Families of modules that somebody teaches"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    legal_systems = forms.MultipleChoiceField(
        label=_("Countries whose law somebody knows"), required=False
    )
    first = day_field(_("First day on the spot"), required=False)
    last = day_field(_("Last day on the spot"), required=False)
    travel_days = forms.IntegerField(
        label=_("Days of travel each way"), min_value=0, max_value=14, initial=1
    )
    needs_vetting = forms.BooleanField(
        label=_("Everybody has a valid vetting"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        families: Iterable[str],
        countries: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["languages"], language_choices())
        offer(self.fields["topics"], [(each, each) for each in families])
        offer(self.fields["legal_systems"], countries)
        places = {}
        for profession in ASKED:
            places[f"places-{profession.value}"] = forms.IntegerField(
                label=_now("Places for: %(profession)s") % {"profession": profession.label},
                min_value=0,
                max_value=10,
                initial=1 if profession in ASKED[:3] else 0,
            )
        order = list(self.fields)
        at = order.index("languages")
        self.fields.update(places)
        self.order_fields([*order[:at], *places, *order[at:]])

    def requirement(self) -> Requirement:
        """What a valid form asks for."""
        given = self.cleaned_data
        wanted = {each.value: given[f"places-{each.value}"] for each in ASKED}
        return Requirement(
            size=given["size"],
            most=given["most"],
            women=given["women"],
            leads=given["leads"],
            professions={name: count for name, count in wanted.items() if count},
            languages=frozenset(given["languages"]),
            speakers=given["speakers"],
            topics=frozenset(given["topics"]),
            legal_systems=frozenset(given["legal_systems"]),
            needs_vetting=given["needs_vetting"],
            first=given["first"],
            last=given["last"],
            travel_days=given["travel_days"],
        )


def initial_needs(asked: Requirement) -> dict[str, Any]:
    """A requirement as the form begins with it."""
    places = {f"places-{each.value}": asked.professions.get(each.value, 0) for each in ASKED}
    return {
        "size": asked.size,
        "most": asked.most,
        "women": asked.women,
        "leads": asked.leads,
        "languages": sorted(asked.languages),
        "speakers": asked.speakers,
        "topics": sorted(asked.topics),
        "legal_systems": sorted(asked.legal_systems),
        "needs_vetting": asked.needs_vetting,
        "first": asked.first,
        "last": asked.last,
        "travel_days": asked.travel_days,
        **places,
    }


class TeamForm(NeedsForm):
    """A new team, and what it needs."""

    code = forms.CharField(
        label=_("Code of the team"),
        max_length=20,
        help_text=_("Letters, digits and hyphens, for example MTT-01."),
        validators=[validate_slug],
        widget=short(),
    )
    title = forms.CharField(
        label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    organisation = forms.ChoiceField(label=_("Whose team it is"))
    country = forms.ChoiceField(label=_("Where it goes"), required=False)
    project = forms.CharField(
        label=_("Project"),
        max_length=20,
        required=False,
        help_text=_("Reference of the project, for example P49."),
        widget=short(),
    )
    chosen_at = forms.CharField(
        label=_("Chosen at the training"),
        max_length=20,
        required=False,
        help_text=_("Its reference, when the members are chosen from its participants."),
        widget=short(),
    )
    field_order = ("code", "title", "organisation", "country", "project", "chosen_at")

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        owners = [(key, each.name) for key, each in places.organisations.items()]
        offer(self.fields["organisation"], owners)
        offer(self.fields["country"], [("", _now("Not known yet")), *places.countries])
        self.order_fields([*self.field_order, *self.fields])

    def clean_organisation(self) -> Any:
        return self.places.organisations[self.cleaned_data["organisation"]]


class NeedsChangeForm(NeedsForm):
    """Other needs, and why."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )


class MemberForm(forms.Form):
    """Somebody joins a team."""

    person = person_code(label=_("Code of the trainer"))
    function = forms.ChoiceField(label=_("Place in the team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(each.value, each.label) for each in ASKED]
        offer(
            self.fields["function"],
            [("", _now("Not decided")), ("lead", _now("Lead trainer")), *places],
        )


class TeamMoveForm(forms.Form):
    """The next step of a team."""

    to = forms.ChoiceField(label=_("The team is now"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Needed to form the team anew or to stand it down. No names."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, now: TeamState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [each for each in TeamState if each in TEAM_MOVES[now]]
        offer(self.fields["to"], [(each.value, each.label) for each in steps])

    def clean_to(self) -> TeamState:
        return TeamState(self.cleaned_data["to"])


class TaskForm(forms.Form):
    """What a team is asked to do."""

    kind = forms.ChoiceField(label=_("Kind"), choices=TaskingKind.choices)
    title = forms.CharField(
        label=_("Task"), max_length=200, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    courses = forms.IntegerField(label=_("Courses"), min_value=1, max_value=50, initial=1)
    country = forms.ChoiceField(label=_("Country"), required=False)
    due = forms.CharField(
        label=pgettext_lazy("task", "Due"),
        max_length=10,
        required=False,
        help_text=_("A year, a month (2026-09) or a day."),
        widget=short(),
    )

    def __init__(self, *args: Any, countries: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], [("", _now("Not known yet")), *countries])

    def clean_kind(self) -> TaskingKind:
        return TaskingKind(self.cleaned_data["kind"])


class SettleForm(forms.Form):
    """What answers a task, and whether it is done."""

    event = forms.CharField(
        label=_("Training that answers it"),
        max_length=20,
        required=False,
        help_text=_("Its reference, once it is planned."),
        widget=short(),
    )
    is_done = forms.BooleanField(label=_("All its courses were given"), required=False)
