"""Forms about files: taking procedures out, bringing a file of a partner."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.identification.exports.htcds import FileFormat
from cairn.identification.models import ReceivingUnit
from cairn.oversight.forms import reason_field
from cairn.oversight.record_forms import PURPOSES
from cairn.ui.forms import offer


class HtcdsExportForm(forms.Form):
    """Which procedures go out, how, and why."""

    codes = forms.CharField(
        label=gettext_lazy("Codes of the procedures"),
        max_length=1_200,
        help_text=gettext_lazy("One, or several with spaces between them; at most a hundred."),
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    form = forms.ChoiceField(label=gettext_lazy("Form of the file"), choices=FileFormat.choices)
    with_names = forms.BooleanField(
        label=gettext_lazy("With the name of the person (one procedure only)"), required=False
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=[("", gettext_lazy("Choose")), *((each.value, each.label) for each in PURPOSES)],
    )
    reason = reason_field(
        gettext_lazy("Reason"),
        gettext_lazy("Who receives the file and why. The data-protection officer reads it."),
    )


class BringForm(forms.Form):
    """A file for one receiving unit."""

    unit = forms.ChoiceField(
        label=gettext_lazy("Receiving unit"),
        help_text=gettext_lazy("Only its members can open what you send."),
    )
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(
        self, *args: Any, units: Sequence[ReceivingUnit], most_bytes: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.most_bytes = most_bytes
        offered = [(each.code, each.name) for each in units]
        offer(self.fields["unit"], [("", _("Choose")), *offered])
        if len(offered) == 1:
            self.fields["unit"].initial = offered[0][0]
        words = {"size": filesizeformat(most_bytes)}
        self.fields["file"].help_text = _("CSV, XLSX or JSON, at most %(size)s.") % words
        self.fields["file"].error_messages["required"] = (
            _("Choose a file of at most %(size)s. Larger ones are refused unread.") % words
        )
