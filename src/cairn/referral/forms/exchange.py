"""Files for other programs: what goes out and why, what comes in and to where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.oversight.forms import reason_field
from cairn.oversight.record_forms import OpenForm, PlaceForm
from cairn.referral.forms.plans import OrganisationField, name_all
from cairn.referral.models.services import Service
from cairn.referral.queries.consent import Recipients
from cairn.referral.queries.exchange import codes_in
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.rules.exchange_files import check_amount
from cairn.referral.rules.referrals import Feedback, Reason
from cairn.ui.forms import offer

_CHOOSE = ("", _("Choose"))
_FORMS = [
    ("json", _("Data standard for cases, JSON")),
    ("csv", _("Data standard for cases, table (CSV)")),
]


class FileForm(OpenForm):
    field_order = ("form",)

    form = forms.ChoiceField(
        label=_("Form of the file"),
        choices=[
            ("own", _("JSON, with the words that may be told")),
            ("primero", _("JSON for Primero, without sealed words")),
        ],
        widget=forms.RadioSelect,
        initial="own",
    )


def _told_for() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What the recipient needs it for"),
        choices=[_CHOOSE, *Purpose.of_words()],
        help_text=_("What the person agreed to for this purpose decides what the file holds."),
    )


class PersonFileForm(OpenForm):
    """One person, for whom, and why."""

    recipient = OrganisationField(label=_("For whom"))
    told_for = _told_for()
    form = forms.ChoiceField(
        label=_("Form of the file"),
        choices=[*_FORMS, ("primero", _("JSON for Primero: age, sex and name, if covered"))],
        widget=forms.RadioSelect,
        initial="json",
    )

    field_order = ("recipient", "told_for", "form")

    def __init__(self, *args: Any, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_all(self.fields["recipient"], recipients)
        self.fields["purpose"].label = _now("Why you open the record")


class _SeveralForm(forms.Form):
    """Records by code, of one organisation, and why. Another person decides."""

    organisation = forms.ChoiceField(label=_("Records of"))
    codes = forms.CharField(
        label=_("Codes"),
        max_length=1_200,
        help_text=_("One, or several with spaces between them; at most a hundred."),
        widget=forms.Textarea(
            attrs={"rows": 2, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    reason = reason_field(
        _("Reason"), _("What the file is for and who receives it. Another person decides on it.")
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(each.pk), each.display_name) for each in organisations]
        offer(self.fields["organisation"], known)
        if len(known) == 1:
            self.fields["organisation"].initial = known[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()

    def clean_codes(self) -> list[str]:
        found = codes_in(self.cleaned_data["codes"])
        try:
            check_amount(found)
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return found


class PersonsFileForm(_SeveralForm):
    recipient = OrganisationField(label=_("For whom"))
    told_for = _told_for()
    form = forms.ChoiceField(
        label=_("Form of the file"),
        choices=_FORMS,
        widget=forms.RadioSelect,
        initial="json",
    )

    field_order = ("organisation", "codes", "recipient", "told_for", "form")

    def __init__(self, *args: Any, recipients: Recipients, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_all(self.fields["recipient"], recipients)


class ReferralsFileForm(_SeveralForm):
    field_order = ("organisation", "codes")


def _file_field(most_bytes: int, help_text: str) -> forms.FileField:
    words = {"size": filesizeformat(most_bytes)}
    return forms.FileField(
        label=_now("File"),
        help_text=help_text % words,
        error_messages={
            "required": _now("Choose a file of at most %(size)s. Larger ones are refused unread.")
            % words
        },
    )


class BringPersonsForm(PlaceForm):
    """A file of persons, and whose their records will be."""

    def __init__(self, *args: Any, most_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = _file_field(most_bytes, _now("CSV, XLSX or JSON, at most %(size)s."))


class BringReferralForm(forms.Form):
    """A referral as a file, and to which of our services it came."""

    service = forms.ChoiceField(label=_("For which of your services"))

    def __init__(
        self, *args: Any, services: Sequence[Service], most_bytes: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known = {each.code: each for each in services}
        offered = [(each.code, f"{each.name} – {each.area}") for each in services]
        offer(self.fields["service"], [_CHOOSE, *offered])
        if len(offered) == 1:
            self.fields["service"].initial = offered[0][0]
        self.fields["file"] = _file_field(most_bytes, _now("JSON, at most %(size)s."))

    def clean_service(self) -> Service:
        return self.known[self.cleaned_data["service"]]


class BroughtAnswerForm(forms.Form):
    """Accept, or decline and say why. `to`: a code of BroughtState."""

    to = forms.ChoiceField(
        choices=[(each, each) for each in ("accepted", "declined")],
        widget=forms.HiddenInput,
        initial=BroughtState.DECLINED.value,
    )
    reason = forms.ChoiceField(
        label=_("Why you decline"),
        required=False,
        choices=Reason.choices,
        widget=forms.RadioSelect,
    )


class BroughtOutcomeForm(forms.Form):
    feedback = forms.ChoiceField(
        label=_("What came of it"),
        choices=[each for each in Feedback.choices if each[0] != Feedback.NO_NEWS.value],
        widget=forms.RadioSelect,
    )
