"""Forms of files of the directory: bringing one, taking one out."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.referral.exports.directory import FileFormat
from cairn.ui.forms import offer

AUDIENCES = (
    ("public", gettext_lazy("Everybody: public services only")),
    ("partners", gettext_lazy("Partners: restricted services too, without their places")),
)


class BringDirectoryForm(forms.Form):
    """A file of services, and the country of those that name none."""

    file = forms.FileField(label=gettext_lazy("File"))
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("For services of the file that name none."),
    )

    def __init__(
        self, *args: Any, countries: Sequence[tuple[str, str]], most_bytes: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["country"], [("", _("None")), *countries])
        words = {"size": filesizeformat(most_bytes)}
        self.fields["file"].help_text = (
            _("Services of HSDS 3.0, as JSON or as tables in a ZIP, at most %(size)s.") % words
        )
        self.fields["file"].error_messages["required"] = (
            _("Choose a file of at most %(size)s. Larger ones are refused unread.") % words
        )


class ExportDirectoryForm(forms.Form):
    """For whom the file is, and in which form."""

    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=AUDIENCES, widget=forms.RadioSelect
    )
    form = forms.ChoiceField(label=gettext_lazy("Form of the file"), choices=FileFormat.choices)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)

    def __init__(
        self, *args: Any, countries: Sequence[tuple[str, str]], every: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        first = [("", _("All"))] if every else []
        offer(self.fields["country"], [*first, *countries])
        self.fields["country"].required = not every
