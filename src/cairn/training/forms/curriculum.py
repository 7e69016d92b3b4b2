"""Shape and wording of what people enter about modules, versions, plans and needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.oversight.forms import day_field
from cairn.training.rules import curriculum as rules
from cairn.training.rules.choices import Competency, CourseType, Profession
from cairn.training.rules.states import AdaptationState, VersionState
from cairn.ui.forms import offer

CODE = r"^[A-Za-z0-9][A-Za-z0-9-]*$"


def country_field(*, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Country"), required=required)


def fill_countries(field: forms.Field) -> None:
    """All countries by their names in the reader's language."""
    codes = [each.alpha3 for each in geography.countries()]
    named = [(code, geography.country_name(code, language())) for code in codes]
    offer(field, [("", _("None")), *sorted(named, key=lambda pair: pair[1].casefold())])


class ModuleForm(forms.Form):
    code = forms.RegexField(
        label=_("Code"),
        regex=CODE,
        max_length=20,
        help_text=_("Short, with letters, digits and hyphens: TIP-1."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    family = forms.CharField(
        label=_("Family"),
        max_length=60,
        required=False,
        help_text=_("Modules that one trainer qualifies for together."),
    )
    owner = forms.ModelChoiceField(
        label=_("Kept by"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = organisations  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    hours = forms.DecimalField(
        label=_("Taught hours"), min_value=0, max_value=500, decimal_places=1, max_digits=4
    )
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea, required=False)
    methods = forms.CharField(
        label=_("Methods"),
        max_length=300,
        required=False,
        help_text=_("With commas between: case work, role play."),
    )
    outline = forms.CharField(
        label=_("Outline"),
        widget=forms.Textarea,
        required=False,
        help_text=_("A line for each part: minutes | method | title."),
    )
    objectives = forms.ModelMultipleChoiceField(
        label=_("Objectives"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    change_note = forms.CharField(
        label=_("What is new"), max_length=300, required=False, help_text=_("In one sentence.")
    )
    is_major = forms.BooleanField(
        label=_("A new main version"),
        required=False,
        help_text=_("When what is taught changes, not only how."),
    )

    def __init__(self, *args: Any, objectives: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objectives"].queryset = objectives  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["is_major"]

    def clean_methods(self) -> list[str]:
        return [each.strip() for each in self.cleaned_data["methods"].split(",") if each.strip()]

    def clean_outline(self) -> list[dict[str, Any]]:
        return _outline(self.cleaned_data["outline"])


def _outline(text: str) -> list[dict[str, Any]]:
    try:
        return rules.parse_outline(text)
    except RuleBroken as refusal:
        # The code without its dot: an outline that cannot be read is a slip, not a refusal.
        raise forms.ValidationError(str(refusal), code="outline") from None


class VariantForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea, required=False)
    outline = forms.CharField(
        label=_("Outline"),
        widget=forms.Textarea,
        required=False,
        help_text=_("A line for each part: minutes | method | title."),
    )
    translated_by = forms.CharField(
        label=_("Translated by"), max_length=120, required=False, help_text=_("A function.")
    )
    reviewed_by = forms.CharField(
        label=_("Reviewed by"), max_length=120, required=False, help_text=_("A function.")
    )

    def clean_outline(self) -> list[dict[str, Any]]:
        return _outline(self.cleaned_data["outline"])


class MoveForm(forms.Form):
    to = forms.ChoiceField(label=_("What it becomes"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, states: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["to"], [(state.value, state.label) for state in states])


class VersionMoveForm(MoveForm):
    def clean_to(self) -> VersionState:
        return VersionState(self.cleaned_data["to"])


class AdaptForm(forms.Form):
    code = forms.RegexField(label=_("Code of the adapted module"), regex=CODE, max_length=20)
    title = forms.CharField(label=_("Title"), max_length=200)
    country = country_field()
    mission = forms.CharField(label=_("Mission"), max_length=120, required=False)
    what_changed = forms.CharField(label=_("What changes, and why"), widget=forms.Textarea)
    legal_references = forms.CharField(
        label=_("Legal references"), widget=forms.Textarea, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_countries(self.fields["country"])


class AdaptationMoveForm(MoveForm):
    piloted_in = forms.CharField(label=_("Piloted in"), max_length=200, required=False)
    approved_by = forms.CharField(
        label=_("Approved by"), max_length=200, required=False, help_text=_("An authority.")
    )
    adopted_by = forms.ModelChoiceField(
        label=_("Adopted by"), queryset=Organisation.objects.none(), required=False
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adopted_by"].queryset = organisations  # type: ignore[attr-defined]

    def clean_to(self) -> AdaptationState:
        return AdaptationState(self.cleaned_data["to"])


class IntegrationForm(forms.Form):
    institution = forms.ModelChoiceField(
        label=_("Institution"), queryset=Organisation.objects.none()
    )
    course_type = forms.ChoiceField(label=_("In which course"), choices=CourseType.choices)
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0, max_value=500, decimal_places=1, max_digits=4
    )
    since = day_field(pgettext_lazy("from a day on", "Since"))
    evidence = forms.CharField(
        label=_("Evidence"),
        max_length=300,
        help_text=_("The document that says so, with its date: a syllabus, an order, a letter."),
    )
    evidence_link = forms.URLField(
        label=_("Where it is"), required=False, max_length=300, assume_scheme="https"
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = organisations  # type: ignore[attr-defined]


class PlanForm(forms.Form):
    code = forms.RegexField(label=_("Code"), regex=CODE, max_length=20)
    title = forms.CharField(label=_("Title"), max_length=200)
    versions = forms.ModelMultipleChoiceField(
        label=_("Modules"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the order in which they stand here."),
    )
    minimum_minutes = forms.IntegerField(
        label=_("Presence needed, in percent"), min_value=0, max_value=100, initial=80
    )
    cut_score = forms.IntegerField(
        label=_("Test score needed, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty: there is no test."),
    )
    tasks = forms.CharField(
        label=_("Practical tasks to be passed"),
        max_length=300,
        required=False,
        help_text=_("With commas between: micro-teaching, interview."),
    )

    def __init__(self, *args: Any, versions: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["versions"].queryset = versions  # type: ignore[attr-defined]
        if not is_new:
            del self.fields["code"]

    def clean_tasks(self) -> list[str]:
        return [each.strip() for each in self.cleaned_data["tasks"].split(",") if each.strip()]


class ObjectiveForm(forms.Form):
    code = forms.RegexField(label=_("Code"), regex=CODE, max_length=20)
    competency = forms.ChoiceField(label=_("Competency"), choices=Competency.choices)
    text_en = forms.CharField(label=_("In English"), max_length=300)
    text_fr = forms.CharField(label=_("In French"), max_length=300, required=False)
    text_ar = forms.CharField(label=_("In Arabic"), max_length=300, required=False)


class NeedForm(forms.Form):
    audience = forms.CharField(
        label=_("Who"), max_length=200, help_text=_("Which officers, of which units.")
    )
    gap = forms.CharField(label=_("What they lack"), widget=forms.Textarea)
    competency = forms.ChoiceField(
        label=_("Competency"), choices=[("", _("Several")), *Competency.choices], required=False
    )
    country = country_field()
    area = forms.CharField(label=_("Area"), max_length=120, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Which assessment says so, and when.")
    )
    recorded_on = day_field(_("Assessed on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_countries(self.fields["country"])


class StrengthForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none()
    )
    country = country_field(required=True)
    area = forms.CharField(label=_("Area"), max_length=120, required=False)
    profession = forms.ChoiceField(
        label=_("Profession"), choices=[("", _("All")), *Profession.choices], required=False
    )
    total = forms.IntegerField(label=_("People"), min_value=1, max_value=10_000_000)
    women = forms.IntegerField(
        label=_("Women among them"),
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text=_("Empty: not known."),
    )
    as_of = day_field(_("Counted on"))
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("Which document says so, and when.")
    )

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        fill_countries(self.fields["country"])
