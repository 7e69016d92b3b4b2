"""Forms about people: their record, service, consents, opening, searching and joining."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cairn.core import geography
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.oversight.forms import day_field, reason_field
from cairn.oversight.queries.records import Places
from cairn.oversight.rules import Purpose
from cairn.portfolio.forms.fields import CellField
from cairn.training.actions.people import PersonFacts
from cairn.training.models import Practitioner, TrainingConsent
from cairn.training.rules import names
from cairn.training.rules import person as rules
from cairn.training.rules.choices import ConsentMethod, Profession, Sex
from cairn.training.templatetags.people import sex_of_one
from cairn.ui.forms import offer

PURPOSES = (
    Purpose.TRAINING,
    Purpose.SUBJECT_REQUEST,
    Purpose.SAFETY,
    Purpose.LEGAL_ORDER,
    Purpose.SUPERVISION,
)
LANGUAGES = (("en", _("English")), ("fr", _("French")), ("ar", _("Arabic")))


def words_field(label: Any, longest: int, *, rows: int = 0, **more: Any) -> forms.CharField:
    """A line of text, or a box of `rows` lines, in whichever direction it is written."""
    attrs: dict[str, Any] = {"dir": "auto", "autocomplete": "off"}
    widget: forms.Widget = (
        forms.Textarea(attrs=attrs | {"rows": rows}) if rows else forms.TextInput(attrs=attrs)
    )
    return forms.CharField(label=label, max_length=longest, widget=widget, **more)


def country_choices(*, empty: Any) -> list[tuple[str, Any]]:
    """Every country by name in the reader's language, after `empty`."""
    found = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    return [("", empty), *sorted(found, key=lambda pair: str(pair[1]))]


class AgencyField(forms.ChoiceField):
    """One of the organisations that `give` offers; cleaned to the organisation."""

    def give(self, organisations: Iterable[Organisation], *, empty: Any = None) -> None:
        self.known = {str(each.pk): each for each in organisations}
        offered = [(key, each.display_name) for key, each in self.known.items()]
        self.choices = [("", empty or _("Choose")), *offered]

    def clean(self, value: Any) -> Any:
        return self.known.get(super().clean(value))


def give(
    form: forms.Form, name: str, organisations: Iterable[Organisation], *, empty: Any = None
) -> None:
    """Offer `organisations` in the agency field `name` of `form`."""
    cast(AgencyField, form.fields[name]).give(organisations, empty=empty)


class NamesForm(forms.Form):
    """A name in its own script and in Latin letters; both are sealed."""

    name = CellField(
        lambda cell: _checked_name(cell),
        label=_("Name"),
        max_length=120,
        help_text=_("As the person writes it, in their own script. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    name_latin = CellField(
        lambda cell: _checked_name(cell),
        label=_("Name in Latin letters"),
        max_length=120,
        required=False,
        help_text=_("Where it differs, as in the passport. Sealed."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


def _checked_name(cell: str) -> str:
    rules.check_name(cell)
    return cell


class ServiceFields(forms.Form):
    """What is known of somebody besides the name; none of it is sealed but the last two."""

    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=lambda: [(each.value, sex_of_one(each.value)) for each in Sex],
        initial=Sex.NOT_STATED,
    )
    country = forms.ChoiceField(label=_("Country of service"), required=False)
    profession = forms.ChoiceField(
        label=_("Profession"), choices=Profession.choices, initial=Profession.NOT_STATED
    )
    rank = words_field(_("Rank"), 80, required=False)
    function = words_field(_("Function"), 120, required=False, help_text=_("What the person does."))
    unit_name = words_field(_("Unit or post"), 120, required=False)
    languages = CellField(
        rules.languages,
        empty=[],
        label=_("Languages"),
        max_length=80,
        required=False,
        help_text=_("Codes with levels from A1 to C2, for example fr:C1|en:B2."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    birth_band = CellField(
        lambda cell: rules.birth_band(cell, today=timezone.localdate()),
        label=_("Years of birth"),
        max_length=9,
        required=False,
        help_text=_("Five years, for example 1980-1984. Tells people of one name apart."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    service_number = words_field(
        _("Service number"), 60, required=False, help_text=_("Sealed; it finds doubles.")
    )
    contact = words_field(_("How to reach the person"), 200, required=False, help_text=_("Sealed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            offer(self.fields["country"], country_choices(empty=_("Not known")))

    def facts(self, agency: Organisation | None) -> PersonFacts:
        """What a valid form with a name says."""
        given = self.cleaned_data
        names_given = {name: given[name] for name in ("name", "name_latin")}
        taken = set(PersonFacts.__dataclass_fields__) & given.keys() - {"agency"}
        return PersonFacts(**names_given | {name: given[name] for name in taken}, agency=agency)


class PersonForm(ServiceFields, NamesForm):
    """Somebody new in the directory."""

    organisation = AgencyField(label=_("Record kept by"))
    agency = AgencyField(label=_("Serves at"), required=False)
    is_highly_sensitive = forms.BooleanField(
        label=_("Being on this list endangers the person more than others"), required=False
    )
    field_order = ("organisation", "name", "name_latin", "agency")

    def __init__(
        self, *args: Any, places: Places, agencies: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        give(self, "organisation", places.organisations.values())
        if len(places.organisations) == 1:
            self.fields["organisation"].initial = next(iter(places.organisations))
            self.fields["organisation"].widget = forms.HiddenInput()
        give(self, "agency", agencies, empty=_("Not known"))
        country = self.fields["country"]
        country.required = True
        offer(country, [("", _("Choose")), *places.countries])


class ChangeForm(ServiceFields):
    """What is not sealed of a record, and sealed parts to be written anew."""

    rank = function = unit_name = None  # type: ignore[assignment]
    name = words_field(
        _("New name"), 120, required=False, help_text=_("Leave empty to keep what is sealed.")
    )
    name_latin = words_field(
        _("New name in Latin letters"), 120, required=False, help_text=_("Given with the name.")
    )
    area = words_field(_("Area"), 120, required=False)
    is_highly_sensitive = forms.BooleanField(
        label=_("Being on this list endangers the person more than others"), required=False
    )

    @staticmethod
    def of(person: Practitioner) -> dict[str, Any]:
        """What the form begins with; sealed fields are empty."""
        shown = ("sex", "country", "profession", "birth_band", "area", "is_highly_sensitive")
        return {name: getattr(person, name) for name in shown} | {
            "languages": rules.languages_text(person.languages)
        }

    def changes(self) -> dict[str, Any]:
        """Fields to write; a sealed one only where something was typed."""
        given = dict(self.cleaned_data)
        latin = given.pop("name_latin")
        for name in ("name", "service_number", "contact"):
            if not given[name]:
                del given[name]
        return given | ({"name_latin": latin} if "name" in given else {})


class MoveForm(forms.Form):
    """Somebody serves elsewhere from a day on."""

    agency = AgencyField(label=_("Serves at"))
    since = day_field(_("Since"))
    unit_name = words_field(_("Unit or post"), 120, required=False)
    rank = words_field(_("Rank"), 80, required=False)
    function = words_field(_("Function"), 120, required=False)
    country = forms.ChoiceField(label=_("Country of service"), required=False)

    def __init__(self, *args: Any, agencies: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give(self, "agency", agencies)
        offer(self.fields["country"], country_choices(empty=_("As before")))


class ConsentForm(forms.Form):
    """What somebody agreed to, in which words."""

    purpose = forms.ChoiceField(label=_("To what"), choices=TrainingConsent.Purpose.choices)
    wording_version = words_field(
        _("Wording"), 20, help_text=_("The version of the text that was read or read out.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    method = forms.ChoiceField(label=_("How"), choices=ConsentMethod.choices)


class OpenForm(forms.Form):
    """Why names are opened. Kept, and read by the data-protection officer."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=[("", _("Choose")), *((each.value, each.label) for each in PURPOSES)],
    )
    reason = reason_field(
        _("Reason"),
        _("Why now, in your own words. The data-protection officer reads it. No names."),
    )


class ReasonForm(forms.Form):
    """A short reason that stands in the history."""

    reason = words_field(
        _("Reason"), 300, rows=3, help_text=_("It stands in the history. No names.")
    )


class NameSearchForm(forms.Form):
    """A name to look for. It is sent in the form, never in an address."""

    wanted = words_field(
        _("Name"),
        120,
        help_text=_("At least two words, in any order and script. Who searched is written down."),
    )

    def clean_wanted(self) -> str:
        wanted = str(self.cleaned_data["wanted"])
        if not names.can_be_searched(wanted):
            raise forms.ValidationError(_("Type at least two words of the name."), code="two-words")
        return wanted


class JoinForm(ReasonForm):
    """Two records are one person: which of them stays."""

    keep = forms.ChoiceField(label=_("Which record is kept"), widget=forms.RadioSelect)
    field_order = ("keep", "reason")

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["keep"], [(code, code) for code in codes])
        self.fields["reason"] = reason_field(
            _("Reason"),
            _("Both names are opened and compared. The data-protection officer reads this."),
        )


class FileForm(forms.Form):
    """A file of people. Its rows are sealed as soon as they are read."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file in UTF-8, or an Excel workbook (.xlsx) with the table first."),
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={
                "accept": ".csv,.xlsx,text/csv,"
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        ),
    )
