"""Forms about recipients that nobody is referred to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.core.models import Organisation
from cairn.oversight.forms import day_field
from cairn.oversight.record_forms import PlaceForm
from cairn.referral.rules.risks import RiskGround
from cairn.ui.forms import offer

LONGEST_NOTE = 4_000


class RiskForm(PlaceForm):
    """Whom nobody is referred to. `recipients`: organisations that may be chosen, by id."""

    recipient = forms.ChoiceField(label=_("To whom nobody is referred"))
    service = forms.CharField(
        label=_("Code of one service"),
        max_length=7,
        required=False,
        help_text=_("Only where the others of the same organisation may still be asked."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    ground = forms.ChoiceField(
        label=_("Ground"), choices=RiskGround.choices, widget=forms.RadioSelect
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(
        _("Until"), required=False, help_text=_("Leave empty when no end is known.")
    )
    note = forms.CharField(
        label=_("What was found out"),
        max_length=LONGEST_NOTE,
        help_text=_("What, when and from whom, as far as it may be written. Sealed."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, recipients: dict[str, Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipients = recipients
        named = [(pk, each.display_name) for pk, each in recipients.items()]
        offer(self.fields["recipient"], [("", _("Choose")), *named])
        self.fields["country"].help_text = _("Where you work on this. It holds everywhere.")
        self.fields.pop("unit", None)

    def clean_recipient(self) -> Organisation:
        return self.recipients[self.cleaned_data["recipient"]]

    def clean_service(self) -> str:
        return str(self.cleaned_data["service"]).strip().upper()


class LetBackForm(forms.Form):
    """A box to tick, so that an empty request lets nobody back in."""

    sure = forms.BooleanField(
        label=_("I have read what was found out, and it does not hold any more")
    )
