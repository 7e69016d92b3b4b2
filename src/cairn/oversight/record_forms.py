"""Forms that contexts with records about persons share: place, opening, file, links."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.models import Organisation, Unit
from cairn.oversight.forms import day_field, reason_field
from cairn.oversight.queries.records import Places
from cairn.oversight.rules import LinkBasis, Purpose
from cairn.oversight.subjects import SubjectKind, kinds
from cairn.ui.forms import offer

# What somebody may choose; the other purposes are set by the way in which values are opened.
PURPOSES = (
    Purpose.ASSISTANCE,
    Purpose.SAFETY,
    Purpose.IDENTIFICATION,
    Purpose.LEGAL_ORDER,
    Purpose.SUBJECT_REQUEST,
    Purpose.SUPERVISION,
)


class PlaceForm(forms.Form):
    """Whose record it is and where the work is done. Forms of a context add their own fields.

    Cleaned: an Organisation, a Unit or None, a code of a country.
    """

    organisation = forms.ChoiceField(label=_("Organisation"))
    unit = forms.ChoiceField(
        label=pgettext_lazy("part of an organisation", "Unit"),
        required=False,
        help_text=_("Colleagues who work for another unit only do not see the record."),
    )
    country = forms.ChoiceField(
        label=_("Country"), help_text=_("Where the work is done, not where the person is from.")
    )

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        organisations = list(places.organisations.items())
        offer(self.fields["organisation"], [(pk, each.name) for pk, each in organisations])
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()
        units = [(pk, _unit_words(each, len(organisations))) for pk, each in places.units.items()]
        offer(self.fields["unit"], [("", _("None")), *units])
        if not units:
            del self.fields["unit"]
        offer(self.fields["country"], [("", _("Choose")), *places.countries])
        if len(places.countries) == 1:
            self.fields["country"].initial = places.countries[0][0]

    def clean_organisation(self) -> Organisation:
        return self.places.organisations[self.cleaned_data["organisation"]]

    def clean_unit(self) -> Unit | None:
        return self.places.units.get(self.cleaned_data["unit"])


def _unit_words(unit: Unit, organisations: int) -> str:
    return f"{unit.name} ({unit.organisation.name})" if organisations > 1 else unit.name


class OpenForm(forms.Form):
    """Why a sealed part is opened. Kept, and read by the data-protection officer."""

    purpose = forms.ChoiceField(
        label=_("What for"), choices=[("", _("Choose")), *((p.value, p.label) for p in PURPOSES)]
    )
    reason = reason_field(
        _("Reason"),
        _("Why now, in your own words. The data-protection officer reads it. No names."),
    )


class ExportForm(forms.Form):
    """Which records are to leave, with which sealed parts, and why."""

    organisation = forms.ChoiceField(label=_("Records of"))
    parts = forms.MultipleChoiceField(
        label=_("Sealed parts that the file is to hold"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any the file holds codes and countries only. Ask for the least."),
    )
    reason = reason_field(
        _("Reason"), _("What the file is for and who receives it. Another person decides on it.")
    )

    def __init__(self, *args: Any, kind: SubjectKind, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self.fields["organisation"],
            [(pk, each.name) for pk, each in places.organisations.items()],
        )
        offer(self.fields["parts"], list(kind.sealed.items()))


class ReadForm(forms.Form):
    """Why something sealed is opened that needs no purpose of its own."""

    reason = reason_field(_("Reason"), _("Why now, in your own words. It is read in reviews."))


class LinkForm(forms.Form):
    """Join a record of one's own with one of another zone."""

    other_kind = forms.ChoiceField(label=_("Kind of the other record"))
    other_code = forms.CharField(
        label=_("Code of the other record"),
        max_length=24,
        help_text=_("As the other side told it to you."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    basis = forms.ChoiceField(label=_("On what ground"), choices=LinkBasis)
    purpose = forms.CharField(
        label=_("What for"),
        max_length=200,
        help_text=_("Without names: it is shown to both sides and to data protection."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    scope = forms.MultipleChoiceField(
        label=_("What the other side may read"), widget=forms.CheckboxSelectMultiple
    )
    ends_on = day_field(
        _("Until"), required=False, help_text=_("Ninety days, unless you choose another day.")
    )

    def __init__(self, *args: Any, kind: SubjectKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What cannot leave by itself (the decisions of a procedure) is not linked by itself either.
        others = [each for each in kinds() if each.zone != kind.zone and each.export]
        offer(self.fields["other_kind"], [(each.key, each.label) for each in others])
        offer(self.fields["scope"], list(kind.linkable.items()))
