"""Forms of triage: opening with a passphrase, closing with a reason, linking, taking up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.identification.forms.unit_keys import passphrase_field
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.triage import CONSEQUENCES, REASONS
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.ui.forms import offer


class ReadForm(OpenForm):
    """Why an opened report is read again. Kept, and read by the data-protection officer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].initial = Purpose.IDENTIFICATION


class OpenReportForm(ReadForm):
    """The same with the reading passphrase, which is used on this one request."""

    passphrase = passphrase_field()


class SettleForm(forms.Form):
    """Close a report. The reasons stand in groups, one for each outcome."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"))
    repeats = forms.CharField(
        label=_("Code of the report that it repeats"),
        required=False,
        max_length=16,
        help_text=_("Only for “reported already”."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1_000,
        help_text=_("What the next colleague should know. Sealed."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, outcomes: list[ReportState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["outcome"], [(each.value, each.label) for each in outcomes])
        groups: list[tuple[str, Any]] = [
            (str(each.label), [(reason.value, reason.label) for reason in REASONS[each]])
            for each in outcomes
        ]
        offer(self.fields["reason"], [("", _("Choose")), *groups])
        if ReportState.DUPLICATE not in outcomes:
            del self.fields["repeats"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("outcome") == ReportState.DUPLICATE and not given.get("repeats"):
            self.add_error("repeats", _("Say which report it repeats."))
        return given


def explained(outcomes: list[ReportState]) -> list[tuple[Any, Any]]:
    """Each outcome in words with what it brings about."""
    return [(each.label, CONSEQUENCES[each]) for each in outcomes]


class LinkForm(forms.Form):
    """The procedure of the person whom a report is about."""

    NEW, EXISTING = "new", "existing"

    which = forms.ChoiceField(
        label=_("Which procedure"),
        choices=[(NEW, _("Begin a new procedure")), (EXISTING, _("One that exists"))],
        widget=forms.RadioSelect,
        initial=NEW,
    )
    procedure = forms.CharField(
        label=_("Code of the procedure"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("which") == self.EXISTING and not given.get("procedure"):
            self.add_error("procedure", _("Say which procedure it is."))
        return given


class TakeUpForm(forms.Form):
    """Why a closed report is taken up again."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(each.value, each.label) for each in REASONS[ReportState.OPENED]],
        widget=forms.RadioSelect,
    )
