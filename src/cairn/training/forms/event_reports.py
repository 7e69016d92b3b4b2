"""Forms about trainings that are reported by counts only."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.models import Organisation
from cairn.oversight.queries.records import Places
from cairn.portfolio.forms.fields import NOT_VALID, CellField, day_input, short
from cairn.training.forms.attendance import organisation_called
from cairn.training.forms.events import EVENT_LIST, ORGANISATION_LIST, partial_day
from cairn.training.models import ModuleVersion, TrainingEvent
from cairn.training.rules.choices import EventKind, Sex
from cairn.training.rules.reports import Counted
from cairn.training.rules.states import REPORT_MOVES, ReportState
from cairn.ui.forms import offer


def number_field(label: Any, **given: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=5000, required=False, **given)


def tally_fields() -> tuple[forms.Field, forms.Field, forms.Field]:
    return (
        number_field(_("How many took it")),
        forms.DecimalField(label=_("Mean mark"), required=False, min_value=0, decimal_places=2),
        forms.DecimalField(
            label=_("Highest possible mark"), required=False, min_value=0, decimal_places=2
        ),
    )


class CountForm(forms.Form):
    """How many came, by sex; and what a trainer who works with paper knows of the tests."""

    women = number_field(_("Women"))
    men = number_field(_("Men"))
    other = number_field(_("Others"))
    not_stated = number_field(_("Sex not stated"))
    agency = forms.CharField(
        label=_("Agency"),
        max_length=250,
        required=False,
        help_text=_("When all came from one agency."),
        widget=forms.TextInput(attrs={"dir": "auto", "list": ORGANISATION_LIST}),
    )
    hours = forms.DecimalField(
        label=_("Hours taught"), required=False, min_value=0, max_digits=5, decimal_places=1
    )
    pre_n, pre_mean, pre_max = tally_fields()
    post_n, post_mean, post_max = tally_fields()
    source = forms.CharField(
        label=_("How this is known"),
        max_length=200,
        required=False,
        help_text=_("For example: signed sheet of the day, report of the school."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("No names."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for wave, words in (("pre", _now("before")), ("post", _now("at the end"))):
            for part in ("n", "mean", "max"):
                field = self.fields[f"{wave}_{part}"]
                field.label = _now("Test %(when)s: %(what)s") % {
                    "when": words,
                    "what": str(field.label).lower(),
                }

    def clean_agency(self) -> Organisation | None:
        return organisation_called(self.cleaned_data["agency"])

    def counts(self) -> list[Counted]:
        """What was counted, one entry for each sex that has a number."""
        agency = self.cleaned_data.get("agency")
        key = str(agency.pk) if agency else ""
        fields = (
            ("women", Sex.FEMALE),
            ("men", Sex.MALE),
            ("other", Sex.OTHER),
            ("not_stated", Sex.NOT_STATED),
        )
        return [
            Counted(sex=sex.value, count=self.cleaned_data[name], agency=key)
            for name, sex in fields
            if self.cleaned_data.get(name)
        ]

    def tally(self, wave: str) -> dict[str, float]:
        """The figures of one test: {"n", "mean", "max"}, without those left empty."""
        given = {part: self.cleaned_data.get(f"{wave}_{part}") for part in ("n", "mean", "max")}
        return {part: _plain(value) for part, value in given.items() if value is not None}


def _plain(value: int | Decimal) -> float:
    return value if isinstance(value, int) else float(value)


class NewReportForm(CountForm):
    """A training that nobody had planned here, reported afterwards."""

    title = forms.CharField(
        label=_("Title"), max_length=300, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind.choices, initial=EventKind.DIRECT)
    organisation = forms.ChoiceField(label=_("Whose training it was"))
    country = forms.ChoiceField(label=_("Country"))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    starts = CellField(partial_day, label=_("First day"), widget=day_input())
    ends = CellField(partial_day, label=_("Last day"), required=False, widget=day_input())
    versions = forms.MultipleChoiceField(
        label=_("Modules taught"), required=False, widget=forms.CheckboxSelectMultiple
    )
    parent = forms.CharField(
        label=_("Follows from the event"),
        max_length=20,
        required=False,
        help_text=_("Reference of the event where the trainer was trained."),
        widget=short(list=EVENT_LIST),
    )
    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    field_order = (
        "title", "kind", "organisation", "country", "place", "starts", "ends", "versions",
        "women", "men", "other", "not_stated", "agency", "hours",
    )  # fmt: skip

    def __init__(self, *args: Any, places: Places, events: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.events = places, events
        owners = [(key, each.name) for key, each in places.organisations.items()]
        offer(self.fields["organisation"], owners)
        if len(owners) == 1:
            self.fields["organisation"].initial = owners[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()
        offer(self.fields["country"], [("", _now("Choose")), *places.countries])
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

    def clean_organisation(self) -> Organisation:
        return self.places.organisations[self.cleaned_data["organisation"]]

    def clean_versions(self) -> list[ModuleVersion]:
        return [self.known_versions[key] for key in self.cleaned_data["versions"]]

    def clean_parent(self) -> TrainingEvent | None:
        typed = self.cleaned_data["parent"].strip()
        if not typed:
            return None
        found: TrainingEvent | None = self.events.filter(reference__iexact=typed).first()
        if found is None:
            raise forms.ValidationError(_now("There is no event “%s”.") % typed, code=NOT_VALID)
        return found


class ReportMoveForm(forms.Form):
    """The next step of a report by counts."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason or note"),
        max_length=300,
        required=False,
        help_text=_("Needed to dispute it. No names."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, now: ReportState, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = list(ReportState)
        moves = sorted(REPORT_MOVES[now], key=order.index)
        offer(self.fields["to"], [(each.value, each.label) for each in moves])


class SampleForm(forms.Form):
    """Some of those counted were asked."""

    method = forms.CharField(
        label=_("How they were asked"),
        max_length=200,
        help_text=_("For example: called from the signed sheet, visited at the post."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    asked = forms.IntegerField(label=_("How many were asked"), min_value=1, max_value=5000)
    confirmed = forms.IntegerField(label=_("How many confirmed"), min_value=0, max_value=5000)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
