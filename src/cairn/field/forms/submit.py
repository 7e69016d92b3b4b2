"""Forms of helplines and partners: for whom a report is, and its questions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.field.forms.paper import ReportForm
from cairn.identification.models import ReceivingUnit
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.ui.forms import offer


class StartForm(forms.Form):
    """Whom the report goes to, who writes it and where the person was met: it chooses the signs."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Receiving unit"),
        help_text=gettext_lazy("Only its members can open what you send."),
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("Who writes"),
        choices=[("", gettext_lazy("Choose")), *WorkerProfile.choices],
    )
    setting = forms.ChoiceField(
        label=gettext_lazy("Where the person was met"),
        choices=[("", gettext_lazy("Choose")), *Setting.choices],
        help_text=gettext_lazy("Choose “Other” for a call to a helpline."),
    )

    def __init__(self, *args: Any, units: Sequence[ReceivingUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {each.code: each for each in units}
        offered = [(each.code, each.name) for each in units]
        offer(self.fields["unit"], [("", _("Choose")), *offered])
        if len(offered) == 1:
            self.fields["unit"].initial = offered[0][0]

    def chosen(self) -> ReceivingUnit:
        """The unit that was chosen; after `is_valid`."""
        return self.units[self.cleaned_data["unit"]]


class WebReportForm(ReportForm):
    """The questions, and a number that makes sending twice the same as sending once."""

    once = forms.UUIDField(widget=forms.HiddenInput)

    def number(self) -> UUID:
        """The number of this very form; after `is_valid`."""
        found: UUID = self.cleaned_data["once"]
        return found
