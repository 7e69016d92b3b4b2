"""Forms about trainers: the roster, a level, an observation by rubric, days, restrictions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.oversight.forms import day_field
from cairn.portfolio.forms.fields import short
from cairn.training.forms.events import language_choices
from cairn.training.rules.choices import AvailabilityKind, LadderStep, RestrictionKind
from cairn.training.rules.roster import GRADES, Criterion
from cairn.ui.forms import offer

FAMILY_LIST = "families-known"

GRADE_WORDS = {
    1: _("1 – not shown"),
    2: _("2 – in part"),
    3: _("3 – well"),
    4: _("4 – could be shown to others"),
}
OBSERVED = (
    ("delivery", _("A delivery")),
    ("micro-teaching", _("Micro-teaching in a training")),
    ("assessing", _("Assessing others")),
)


def person_code(**more: Any) -> forms.CharField:
    """The code of a person as it is read aloud or typed."""
    return forms.CharField(
        max_length=12,
        widget=short(autocapitalize="characters"),
        **more,
    )


class ListingForm(forms.Form):
    """Put somebody on the roster."""

    code = person_code(
        label=_("Code of the person"),
        help_text=_("Enter the person first, when there is no record yet."),
    )
    travel_days = forms.IntegerField(
        label=_("Days a year that the employer lets the person travel"),
        required=False,
        min_value=0,
        max_value=366,
        help_text=_("Leave empty when it was not said."),
    )


class TravelForm(forms.Form):
    """How many days a trainer may travel in a year."""

    travel_days = forms.IntegerField(
        label=_("Days a year that the employer lets the trainer travel"),
        required=False,
        min_value=0,
        max_value=366,
        help_text=_("Leave empty when it was not said."),
    )


class LevelForm(forms.Form):
    """How far a trainer has come, and on what it rests."""

    family = forms.CharField(
        label=_("Family of modules"), max_length=60, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    language = forms.ChoiceField(label=_("Language"))
    level = forms.ChoiceField(label=_("Level"), choices=LadderStep.choices)
    is_assessor = forms.BooleanField(label=_("May also observe and assess others"), required=False)
    is_recognised = forms.BooleanField(
        label=_("Earned elsewhere: the steps of the ladder are not counted"), required=False
    )
    basis = forms.CharField(
        label=_("On what it rests"),
        max_length=300,
        help_text=_("A certificate, deliveries under supervision, an observation. No names."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    since = day_field(_("Since"))
    valid_until = day_field(
        _("Valid until"), required=False, help_text=_("Three years when you leave it empty.")
    )

    def __init__(self, *args: Any, families: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.families = list(families)
        self.fields["family"].widget.attrs["list"] = FAMILY_LIST
        offer(self.fields["language"], language_choices())

    def clean_level(self) -> LadderStep:
        return LadderStep(self.cleaned_data["level"])


class ObservationForm(forms.Form):
    """A trainer was observed: by whom, when, where, and a grade for each criterion."""

    observer = person_code(
        label=_("Code of the observer"),
        help_text=_("A lead or master trainer, or an assessor."),
    )
    observed_on = day_field(_("Observed on"))
    kind = forms.ChoiceField(label=_("What was observed"), choices=OBSERVED)
    event = forms.CharField(
        label=_("Training"),
        max_length=20,
        required=False,
        help_text=_("Its reference, when it was at a training on record."),
        widget=short(),
    )
    comment = forms.CharField(
        label=_("For the trainer"),
        max_length=300,
        required=False,
        help_text=_("What to keep and what to change. No names of participants."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        comment = self.fields.pop("comment")
        for criterion in Criterion:
            self.fields[f"grade-{criterion.value}"] = forms.TypedChoiceField(
                label=criterion.label,
                choices=[(grade, GRADE_WORDS[grade]) for grade in GRADES],
                coerce=int,
                widget=forms.RadioSelect,
            )
        self.fields["comment"] = comment

    def grades(self) -> Mapping[str, int]:
        """Criterion -> grade of a valid form."""
        return {each.value: self.cleaned_data[f"grade-{each.value}"] for each in Criterion}


class AvailabilityForm(forms.Form):
    """When a trainer can go, or is away."""

    kind = forms.ChoiceField(
        label=_("The trainer is"), choices=AvailabilityKind.choices, widget=forms.RadioSelect
    )
    first = day_field(_("First day"))
    last = day_field(_("Last day"))

    def clean_kind(self) -> AvailabilityKind:
        return AvailabilityKind(self.cleaned_data["kind"])


class RestrictionForm(forms.Form):
    """Why a trainer is not sent, where and how long."""

    kind = forms.ChoiceField(
        label=_("Why"),
        choices=RestrictionKind.choices,
        help_text=_("Details of a vetting stay with the vetting officer."),
    )
    country = forms.ChoiceField(label=_("Where"), required=False)
    since = day_field(_("Since"))
    until = day_field(
        _("Until"), required=False, help_text=_("Leave empty when it holds until it is lifted.")
    )

    def __init__(self, *args: Any, countries: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], [("", _now("Everywhere")), *countries])

    def clean_kind(self) -> RestrictionKind:
        return RestrictionKind(self.cleaned_data["kind"])
