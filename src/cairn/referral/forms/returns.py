"""Forms of returns: what the person says, how dangerous it is, the journey, visits, a concern."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import geography
from cairn.core.language import language
from cairn.oversight.forms import day_field
from cairn.referral.forms.plans import (
    OrganisationField,
    name_all,
    offer_steps,
    steps_field,
    words_field,
)
from cairn.referral.queries.consent import Recipients
from cairn.referral.rules.returns import Danger, Found, ReturnState, Wish
from cairn.ui.forms import offer

_YES_NO = (("yes", _("Yes")), ("no", _("No")))


def _country_field(**more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("To which country"), required=False, **more)


def _offer_countries(field: forms.Field) -> None:
    named = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    offer(field, [("", _("Not said")), *sorted(named, key=lambda pair: pair[1])])


class ConsiderForm(forms.Form):
    """A return is thought about; nothing is decided by it."""

    to_country = _country_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_countries(self.fields["to_country"])


class CounselForm(forms.Form):
    """What the person says when the choices, staying among them, were explained."""

    wish = forms.ChoiceField(
        label=_("What does the person say?"), choices=Wish, widget=forms.RadioSelect
    )
    said_on = day_field(pgettext_lazy("wish", "Said on"))
    to_country = _country_field(help_text=_("Needed where the person says yes."))
    wishes = words_field(_("What the person wishes"), _("In the person's words. Sealed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_countries(self.fields["to_country"])


class AssessForm(forms.Form):
    """How dangerous the return would be."""

    found = forms.ChoiceField(
        label=_("What was found"),
        choices=Found,
        widget=forms.RadioSelect,
        help_text=_("“Not safe” and “not known” block the return: nobody travels on a guess."),
    )
    dangers = forms.MultipleChoiceField(
        label=_("Which dangers there are"),
        choices=Danger,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    assessed_on = day_field(_("Assessed on"))
    sources = words_field(
        _("On what it rests"),
        _("What the person says comes first; then who was asked there. Sealed."),
        required=True,
    )
    safeguards = words_field(
        _("What was agreed to keep the person safe"),
        _("Needed where it is safe with that. Sealed."),
    )


class PrepareForm(forms.Form):
    """The journey, and who meets the person there."""

    partner = OrganisationField(label=_("Who meets the person there"))
    departs_on = day_field(
        _("Departure on"), required=False, help_text=_("Empty while no day is set.")
    )
    arrangements = words_field(_("What was arranged"), rows=4)

    def __init__(self, *args: Any, partners: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_all(self.fields["partner"], partners)


class ReturnStepForm(forms.Form):
    """A step that asks for little more than that it was taken."""

    to = steps_field(_("What happened"))
    received_on = day_field(
        _("Arrived on"), required=False, help_text=_("Where the person was met there.")
    )
    is_wish = forms.BooleanField(
        label=_("The person wants no further visits"),
        required=False,
        help_text=_("Only needed to close a return before its last visit."),
    )
    seen = forms.ChoiceField(choices=ReturnState, required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, onward: Sequence[ReturnState], shown: ReturnState, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_steps(self.fields["to"], onward)
        if ReturnState.RECEIVED in onward:
            self.fields["received_on"].required = len(onward) == 1
        else:
            del self.fields["received_on"]
        if shown is not ReturnState.MONITORED:
            del self.fields["is_wish"]


class VisitForm(forms.Form):
    """A visit, or that the person was not reached."""

    held_on = day_field(pgettext_lazy("visit", "On which day"))
    is_reached = forms.ChoiceField(
        label=_("Was the person reached?"), choices=_YES_NO, widget=forms.RadioSelect
    )
    has_concern = forms.ChoiceField(
        label=_("Is it feared that it has happened again?"),
        choices=_YES_NO,
        widget=forms.RadioSelect,
        help_text=_("Yes opens the help again at once, and tells those who work with the person."),
    )
    note = words_field(_("What was heard and seen"), _("Needed where something is feared. Sealed."))


class ConcernForm(forms.Form):
    """What is feared."""

    words = words_field(_("What is feared, and what was heard or seen"), rows=4, required=True)
