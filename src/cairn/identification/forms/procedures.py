"""Forms about identification: entering a procedure, deciding, profiles of countries."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import geography
from cairn.core.language import language
from cairn.identification.actions.procedures import Place
from cairn.identification.rules.procedures import CONSEQUENCES, STANDARDS, Standard, State
from cairn.identification.subjects import SEALED
from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.ui.forms import offer


class ProcedureForm(PlaceForm):
    """A procedure is opened. The last two fields are sealed when it is saved."""

    opened_on = day_field(pgettext_lazy("record", "Opened on"))
    keep_until = day_field(
        _("Keep until"),
        required=False,
        help_text=_("Without a day the procedure is kept for ten years. It decides nothing."),
    )
    subject_name = forms.CharField(
        label=SEALED["subject_name"],
        max_length=200,
        required=False,
        help_text=_("Only where the procedure needs it. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    summary = forms.CharField(
        label=SEALED["summary"],
        max_length=8_000,
        required=False,
        help_text=_("What was observed and by whom; no conclusions. Sealed."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )

    def place(self) -> Place:
        """Authority, country and unit of a valid form."""
        given = self.cleaned_data
        return Place(given["organisation"], given["country"], given.get("unit"))


class DecisionForm(forms.Form):
    """The next decision. Which outcomes there are depends on the decisions before."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    standard = forms.ChoiceField(
        label=_("Standard"),
        widget=forms.RadioSelect,
        help_text=_("How sure you had to be. The page says which standard each decision takes."),
    )
    authority = forms.CharField(
        label=_("On what authority"),
        max_length=200,
        help_text=_("The law or order, with its article. No names of persons."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=8_000,
        help_text=_("What was found and why it leads to this decision. Sealed."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, outcomes: list[State], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["outcome"], [(each.value, each.label) for each in outcomes])
        takes = {standard for each in outcomes for standard in STANDARDS[each]}
        offer(
            self.fields["standard"],
            [(each.value, each.label) for each in Standard if each in takes],
        )


def explained(outcomes: list[State]) -> list[dict[str, Any]]:
    """Each possible decision with the standards that it takes and what it brings about."""
    return [
        {
            "label": each.label,
            "standards": [one.label for one in Standard if one in STANDARDS[each]],
            "consequence": CONSEQUENCES[each],
        }
        for each in outcomes
    ]


class ProfileForm(forms.Form):
    """What the law of a country says about who decides."""

    country = forms.ChoiceField(label=_("Country"))
    investigator_may_decide = forms.BooleanField(
        label=_("Whoever investigates a procedure may also decide it"), required=False
    )
    source = forms.CharField(
        label=_("Law or order"),
        max_length=300,
        help_text=_("With its article and date."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [
            (each.alpha3, geography.country_name(each.alpha3, language()))
            for each in geography.countries()
        ]
        names.sort(key=lambda pair: pair[1])
        offer(self.fields["country"], [("", _("Choose")), *names])
