"""Forms of plans: goals, services given, what came of them, safety plans, claims."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.models import Organisation
from cairn.oversight.forms import day_field
from cairn.referral.actions.plans import Given
from cairn.referral.models.plans import Goal
from cairn.referral.models.referrals import Referral
from cairn.referral.queries.consent import Recipients
from cairn.referral.rules.plans import (
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    MatterKind,
    MatterState,
    PlanState,
)
from cairn.referral.rules.services import ServiceType
from cairn.ui.forms import offer

LONGEST_NOTE = 4_000
SEALED = _("Sealed.")


def words_field(
    label: Any, help_text: Any = SEALED, *, rows: int = 3, required: bool = False
) -> forms.CharField:
    """Words that are sealed when they are saved."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_NOTE,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"}),
    )


def steps_field(label: Any) -> forms.ChoiceField:
    """One of the steps that `offer_steps` names."""
    return forms.ChoiceField(label=label, widget=forms.RadioSelect)


def offer_steps(field: forms.Field, onward: Iterable[Any]) -> None:
    """The steps that can be taken from here, in the order of the machine."""
    offer(field, [(each.value, each.label) for each in onward])


class OrganisationField(forms.ChoiceField):
    """An organisation: those with a service in the directory first, then all others."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known: dict[str, Organisation] = {}

    def clean(self, value: Any) -> Organisation | None:
        return self.known.get(super().clean(value))


def name_all(field: forms.Field, found: Recipients) -> None:
    """Let people choose one of `found` in `field`, which is an OrganisationField."""
    chosen = cast(OrganisationField, field)
    chosen.known = {str(each.pk): each for each in (*found.giving_help, *found.others)}
    groups = (
        (_("With a service in the directory"), found.giving_help),
        (pgettext_lazy("organisations", "Others"), found.others),
    )
    listed: list[tuple[str, Any]] = [
        (str(words), [(str(each.pk), each.display_name) for each in rows])
        for words, rows in groups
        if rows
    ]
    offer(chosen, [("", _("Choose")), *listed])


class PlanForm(forms.Form):
    """What is proposed to the person."""

    note = words_field(
        _("What is proposed"),
        _("In a few words; goals are written down one by one afterwards. Sealed."),
    )
    review_on = day_field(
        _("To be looked at again on"), required=False, help_text=_("A day to come.")
    )


class PlanStepForm(forms.Form):
    """The next step of a plan. `seen`: the state that the page showed."""

    to = steps_field(_("What comes next"))
    agreed_on = day_field(
        _("The person agreed on"),
        required=False,
        help_text=_("Needed where the person agrees now, or agrees for the first time."),
    )
    review_on = day_field(
        _("To be looked at again on"), required=False, help_text=_("Empty leaves the day as it is.")
    )
    seen = forms.ChoiceField(choices=PlanState, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, onward: Sequence[PlanState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_steps(self.fields["to"], onward)


class GoalForm(forms.Form):
    """What the person wants to reach."""

    area = forms.ChoiceField(label=_("What it is about"), choices=Area, widget=forms.RadioSelect)
    words = words_field(
        _("What the person wants to reach"), _("In the person's words. Sealed."), required=True
    )
    target_on = day_field(
        pgettext_lazy("goal", "To be reached by"), required=False, help_text=_("Empty is fine.")
    )


class GoalStateForm(forms.Form):
    """What became of a goal."""

    state = forms.ChoiceField(
        label=_("What became of it"), choices=GoalState, widget=forms.RadioSelect
    )


class EpisodeForm(forms.Form):
    """A service that is given."""

    service_type = forms.ChoiceField(
        label=_("What is given"),
        help_text=_("For work and training, what came of it is asked after 3, 6 and 12 months."),
    )
    provider = OrganisationField(label=_("Who gives it"))
    starts_on = day_field(_("Since"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Empty while it goes on."))
    goal = forms.ChoiceField(label=_("For which goal"), required=False)
    referral = forms.ChoiceField(label=_("After which referral"), required=False)
    note = words_field(_("In words"))

    def __init__(
        self,
        *args: Any,
        providers: Recipients,
        goals: Sequence[Goal],
        referrals: Sequence[Referral],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        none = ("", pgettext_lazy("choice", "None"))
        offer(self.fields["service_type"], [("", _("Choose")), *ServiceType.choices])
        name_all(self.fields["provider"], providers)
        offer(self.fields["goal"], [none, *((str(each.number), _named(each)) for each in goals)])
        offer(
            self.fields["referral"],
            [none, *((each.code, f"{each.code} {each.service.name}") for each in referrals)],
        )
        for name, rows in (("goal", goals), ("referral", referrals)):
            if not rows:
                del self.fields[name]

    def given(self) -> Given:
        given = self.cleaned_data
        return Given(
            service_type=given["service_type"],
            provider=given["provider"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            goal=int(given["goal"]) if given.get("goal") else None,
            referral=given.get("referral", ""),
            note=given["note"],
        )


def _named(goal: Goal) -> str:
    return f"{goal.number}. {goal.get_area_display()}"


class EpisodeEndForm(forms.Form):
    """The last day of a service, and how it ended."""

    ends_on = day_field(_("Last day"))
    outcome = forms.ChoiceField(
        label=_("How it ended"), choices=EpisodeOutcome, widget=forms.RadioSelect
    )


class FollowUpForm(forms.Form):
    """What came of work or training."""

    seen_on = day_field(_("Asked on"))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=Later, widget=forms.RadioSelect)
    note = words_field(_("In words"))


class SafetyForm(forms.Form):
    """What the person does when danger comes near."""

    signs = words_field(_("How danger shows itself"), _("What the person notices first. Sealed."))
    steps = words_field(
        _("What the person does then"),
        _("Where to go, whom to call, what to take along, a word that means help. Sealed."),
        rows=5,
        required=True,
    )
    helpers = words_field(_("Who helps, and how to reach them"))
    review_on = day_field(
        _("To be looked at again on"), required=False, help_text=_("A day to come.")
    )


class MatterForm(forms.Form):
    """A claim that is noticed."""

    kind = forms.ChoiceField(
        label=_("What is claimed"), choices=MatterKind, widget=forms.RadioSelect
    )
    acts = words_field(_("What the person is accused of, or lost"), required=True)
    link = words_field(_("How it comes from what was done to the person"))
    noticed_on = day_field(_("Noticed on"))
    forum = forms.CharField(
        label=_("Court or authority"),
        max_length=200,
        required=False,
        help_text=_("Colleagues see it. No names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    due_on = day_field(
        pgettext_lazy("claim", "Next term"),
        required=False,
        help_text=_("The day by which something must be handed in, or of a hearing."),
    )


class MatterStepForm(forms.Form):
    """The next step of a claim."""

    to = steps_field(_("What happened"))
    happened_on = day_field(pgettext_lazy("claim", "On which day"))
    forum = forms.CharField(
        label=_("Court or authority"),
        max_length=200,
        required=False,
        help_text=_("Needed where it is raised for the first time. No names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    due_on = day_field(
        pgettext_lazy("claim", "Next term"),
        required=False,
        help_text=_("Empty where nothing has a term now."),
    )
    reason = words_field(
        _("The reason that the authority gave"), _("Needed for a refusal. Sealed.")
    )

    def __init__(self, *args: Any, onward: Sequence[MatterState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_steps(self.fields["to"], onward)
