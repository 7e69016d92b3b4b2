"""Forms about reports that are typed in: a paper form by its serial, and the questions in order."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.htcds.places import language_code
from cairn.field.texts import TEXTS, Text
from cairn.identification.models import ReceivingUnit
from cairn.identification.rules.choices import Setting, WorkerProfile
from cairn.identification.rules.paper import MOST_AT_ONCE
from cairn.ui.forms import offer

# Read when a page is made, in its language; the stubs of forms know lazy texts by another name.
WORDS: Mapping[str, Any] = TEXTS
PLAIN: Final = {"dir": "auto", "autocomplete": "off"}
# A sign that nobody looked at has no answer; that is not the same as "not seen".
NOT_ASKED: Final = gettext_lazy("Left empty")
BANDS: Final = ("none", "unclear", "concern")
SAFETY_STEPS: Final = ("away", "called", "medical", "told-lead")
CHILD_STEPS: Final = ("stopped", "guardian", "child-focal")
STEPS: Final = (*SAFETY_STEPS, *CHILD_STEPS)
NEEDS: Final = (
    "safe-place",
    "health",
    "counselling",
    "legal",
    "child",
    "asylum",
    "basic-needs",
    "family",
    "work-rights",
    "return",
    "interpreter",
    "hotline",
)


def worded(prefix: str, codes: Sequence[str]) -> list[tuple[str, Text]]:
    """Choices in the words of the phone app: their texts stand under "prefix.code"."""
    return [(code, WORDS[f"{prefix}.{code}"]) for code in codes]


def one(
    title: str, prefix: str, codes: Sequence[str], *, required: bool = False
) -> forms.ChoiceField:
    """A question with one answer; what is not required can be left empty again."""
    choices = worded(prefix, codes)
    if not required:
        choices = [("", NOT_ASKED), *choices]
    return forms.ChoiceField(
        label=WORDS[title], choices=choices, required=required, widget=forms.RadioSelect
    )


def several(title: str, choices: Sequence[tuple[str, Text]]) -> forms.MultipleChoiceField:
    """A question with any number of answers."""
    return forms.MultipleChoiceField(
        label=WORDS[title],
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class PrintForm(forms.Form):
    """Which blanks are to be printed, and how many."""

    unit = forms.ChoiceField(label=gettext_lazy("Receiving unit"))
    profile = forms.ChoiceField(
        label=gettext_lazy("Who writes on it"),
        choices=[("", gettext_lazy("Choose")), *WorkerProfile.choices],
    )
    setting = forms.ChoiceField(
        label=gettext_lazy("Where it is used"),
        choices=[("", gettext_lazy("Choose")), *Setting.choices],
        help_text=gettext_lazy("It decides which signs stand on the form."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    count = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=10
    )

    def __init__(self, *args: Any, units: Sequence[ReceivingUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(each.code, each.name) for each in units]
        offer(self.fields["unit"], [("", _("Choose")), *offered])
        if len(offered) == 1:
            self.fields["unit"].initial = offered[0][0]


class SerialForm(forms.Form):
    """The serial of the paper in one's hand."""

    serial = forms.CharField(
        label=gettext_lazy("Serial"),
        max_length=20,
        help_text=gettext_lazy("At the top of the form, such as P K7Q M2R 9."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


class ReportForm(forms.Form):
    """The questions of the phone app in its order. Nothing is filled in before somebody does so.

    `signs`: of the list, as {"code", "text"}. `unit`: whose areas and recipients are offered.
    """

    danger = one("danger.title", "danger", ("now", "no"), required=True)
    steps = several("emergency.title", worded("step", SAFETY_STEPS))
    privacy = one("privacy.title", "privacy", ("alone", "not-alone"))
    interpreter = one("interpreter.title", "interpreter", ("none", "checked", "unchecked"))
    language = forms.CharField(
        label=WORDS["language.title"],
        max_length=60,
        required=False,
        help_text=gettext_lazy("A code such as ar or din, or the English name."),
        widget=forms.TextInput(attrs={**PLAIN, "dir": "ltr"}),
    )
    age = one("child.title", "child", ("child", "maybe-child", "adult"), required=True)
    child_steps = several("childpath.title", worded("step", CHILD_STEPS))
    told = forms.ChoiceField(
        label=WORDS["who.title"],
        required=False,
        choices=[("", NOT_ASKED), ("yes", WORDS["who.said"]), ("no", WORDS["who.not_said"])],
        widget=forms.RadioSelect,
    )
    judgement = forms.ChoiceField(
        label=WORDS["meaning.own"], required=False, widget=forms.RadioSelect
    )
    needs = several("where.needs", worded("need", NEEDS))
    age_band = one("where.age_band", "age", ("0-11", "12-17", "18-24", "25-59", "60+"))
    sex = one("where.sex", "sex", ("female", "male", "other"))
    area = forms.ChoiceField(label=WORDS["area.title"], required=False)
    consent = one("consent.title", "consent", ("yes", "only", "no", "not-asked"), required=True)
    consent_for = several("consent.to", ())
    name = forms.CharField(
        label=WORDS["identity.name"],
        max_length=200,
        required=False,
        help_text=WORDS["identity.title"],
        widget=forms.TextInput(attrs=PLAIN),
    )
    phone = forms.CharField(
        label=WORDS["identity.phone"],
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "dir": "ltr"}),
    )
    whereabouts = forms.CharField(
        label=WORDS["identity.note"],
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
    )
    outcome = one(
        "handover.title",
        "handover",
        ("emergency", "refer", "child-referral", "information", "nothing"),
        required=True,
    )
    contact = one("contact.title", "contact", ("in-person", "safe-word", "through-service", "none"))
    note = forms.CharField(
        label=WORDS["note.title"],
        max_length=500,
        required=False,
        help_text=WORDS["note.help"],
        widget=forms.Textarea(attrs={**PLAIN, "rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        signs: Sequence[Mapping[str, Any]],
        bands: Mapping[str, Mapping[str, str]],
        unit: ReceivingUnit,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signs = list(signs)
        judged = [("", NOT_ASKED), *((band, bands[band]["label"]) for band in BANDS)]
        offer(self.fields["judgement"], judged)
        offer(self.fields["area"], [("", NOT_ASKED), *((area[0], area[1]) for area in unit.areas)])
        offer(self.fields["consent_for"], [(each[0], each[1]) for each in unit.recipients])
        if not unit.areas:
            del self.fields["area"]
        if not unit.recipients:
            del self.fields["consent_for"]
        self._put_signs()

    def _put_signs(self) -> None:
        """A question for each sign, where it stands in the app: before one's own view."""
        answers = [("", NOT_ASKED), *worded("observed", ("yes", "no", "unknown"))]
        before = list(self.fields)
        place = before.index("judgement")
        for number, sign in enumerate(self.signs):
            self.fields[sign_name(number)] = forms.ChoiceField(
                label=sign["text"], choices=answers, required=False, widget=forms.RadioSelect
            )
        asked = [sign_name(number) for number in range(len(self.signs))]
        self.order_fields([*before[:place], *asked, *before[place:]])

    def clean_language(self) -> str:
        typed = str(self.cleaned_data["language"])
        code = language_code(typed) if typed.strip() else ""
        if typed.strip() and not code:
            raise forms.ValidationError(_("This language is not known. Write its English name."))
        return code

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self._identity(given) and given.get("consent") not in {"yes", "only"}:
            self.add_error(
                "name",
                _(
                    "A name is entered only when the person agreed. Take it out, and cross it out"
                    " on the paper as well."
                ),
            )
        if given.get("consent") == "only" and not given.get("consent_for"):
            place = "consent_for" if "consent_for" in self.fields else "consent"
            self.add_error(place, _("Tick those whom the person agreed to."))
        return given

    def parts(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """The questions by step: its number as on the paper, a heading or "", its questions."""
        signs = [sign_name(number) for number in range(len(self.signs))]
        steps: list[tuple[str, list[str]]] = [
            ("", ["danger", "steps"]),
            ("", ["privacy", "interpreter", "language"]),
            ("", ["age", "child_steps"]),
            ("", ["told"]),
            (str(WORDS["observed.title"]), signs),
            ("", ["judgement"]),
            ("", ["needs", "age_band", "sex", "area"]),
            ("", ["consent", "consent_for", "name", "phone", "whereabouts"]),
            ("", ["outcome", "contact", "note"]),
        ]
        return [
            (number, heading, [self[name] for name in names if name in self.fields])
            for number, (heading, names) in enumerate(steps, 1)
        ]

    def content(self, *, profile: str, setting: str, edition: str) -> dict[str, Any]:
        """The answers as content v1: what was left empty is not there at all."""
        given = self.cleaned_data
        plain = (
            "danger",
            "privacy",
            "interpreter",
            "language",
            "age",
            "told",
            "judgement",
            "needs",
            "age_band",
            "sex",
            "area",
            "consent",
            "consent_for",
            "outcome",
            "contact",
        )
        made = {"v": 1, "profile": profile, "setting": setting, "list": edition}
        made |= {name: given[name] for name in plain if given.get(name)}
        if steps := [*given.get("steps", ()), *given.get("child_steps", ())]:
            made["steps"] = steps
        if note := str(given.get("note", "")).replace("\r\n", "\n").strip():
            made["note"] = note
        seen = {
            sign["code"]: answer
            for number, sign in enumerate(self.signs)
            if (answer := given.get(sign_name(number)))
        }
        if seen:
            made["seen"] = seen
        return made

    def identity(self) -> dict[str, Any] | None:
        """The identity block, or None when nothing of it was written."""
        found = self._identity(self.cleaned_data)
        return {"v": 1, **found} if found else None

    def _identity(self, given: Mapping[str, Any]) -> dict[str, str]:
        named = {"name": "name", "phone": "phone", "note": "whereabouts"}
        return {key: given[name] for key, name in named.items() if given.get(name)}


def sign_name(number: int) -> str:
    """The name of the field of one sign. Numbers: a code of a sign stays out of the page."""
    return f"sign-{number}"
