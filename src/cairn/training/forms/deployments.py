"""Forms about deployments: where somebody goes, and what became of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.pseudonyms import tidied
from cairn.oversight.forms import day_field
from cairn.training.actions.deployments import Posting
from cairn.training.forms.people import country_choices, words_field
from cairn.ui.forms import offer


class PostingForm(forms.Form):
    """Somebody goes somewhere."""

    code = words_field(_("Code of the person"), 8)
    mission = words_field(_("Mission or post"), 120)
    unit_name = words_field(_("Unit there"), 120, required=False)
    function = words_field(_("Function there"), 120, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    area = words_field(_("Area"), 120, required=False)
    planned_from = day_field(_("Planned from"), required=False)
    planned_until = day_field(_("Planned until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], country_choices(empty=_("Not known")))

    def clean_code(self) -> str:
        if not (code := tidied(str(self.cleaned_data["code"]))):
            raise forms.ValidationError(_("This is not the code of a person."), code="code")
        return code

    def posting(self) -> Posting:
        given = dict(self.cleaned_data)
        del given["code"]
        return Posting(**given)


class StepForm(forms.Form):
    """A step of a deployment: the actual day where there is one, a reason where it ends early."""

    on = day_field(_("Actual day"), required=False, help_text=_("Today, unless you say otherwise."))
    reason = words_field(
        _("Reason"), 300, required=False, help_text=_("Needed to cancel. No names.")
    )
