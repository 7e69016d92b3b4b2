"""Forms of the bank: questions as the rows of the spreadsheet, plans of tests, estimates."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.training.testing.kinds import ITEM_TYPES, LONGEST_OPTION, LONGEST_STEM, QuestionType
from cairn.training.testing.rows import LETTERS, PROMPTS
from cairn.ui.forms import offer

_TEXT = {"dir": "auto", "autocomplete": "off"}
_WITH_OPTIONS = frozenset(
    {QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.ORDERING, QuestionType.MATCHING}
)
_KEY_HELP = {
    QuestionType.SINGLE: _("The letter of the right answer, such as b."),
    QuestionType.MULTIPLE: _("The letters of all right answers, such as a c."),
    QuestionType.TRUE_FALSE: _("Write true or false."),
    QuestionType.ORDERING: _("The letters in the right order, such as c a b."),
    QuestionType.MATCHING: _("Number and letter of each pair, such as 1c 2a."),
}
# Answers that a form offers room for; a spreadsheet has ten.
_ROOM = 6


class IdentityForm(forms.Form):
    """What a question is, apart from its words."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        label=_("Code"),
        max_length=20,
        help_text=_("Letters, digits, points and hyphens, such as IDENT-04."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    objective = forms.ChoiceField(label=_("Learning objective"), required=False)
    language = forms.RegexField(
        r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$",
        label=_("Language it is written in"),
        max_length=8,
        initial="en",
        help_text=_("A code such as en, fr or ar."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, objectives: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["objective"], [("", _("None")), *objectives])


class WordsForm(forms.Form):
    """The words of one question, or of one question of a case: fields called as the columns.

    `kind` None: the type is chosen in the form (in a case). `is_translation`: words alone.
    """

    def __init__(
        self,
        *args: Any,
        kind: QuestionType | None,
        is_translation: bool = False,
        prompts: int = 4,
        options: int = _ROOM,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if kind is None:
            self.fields["type"] = forms.ChoiceField(label=_("Type"), required=False)
            types = [(each.value, each.label) for each in QuestionType if each in ITEM_TYPES]
            offer(self.fields["type"], [("", _("No question here")), *types])
        stem = _("Story of the case") if kind == QuestionType.CASE else _("Question")
        self.fields["stem"] = _area(stem, LONGEST_STEM, rows=4)
        self.fields["stem"].required = kind is not None or is_translation
        if kind == QuestionType.CASE:
            return
        if kind in {None, QuestionType.MATCHING}:
            for number, name in enumerate(PROMPTS[: max(prompts, 2)], start=1):
                self.fields[name] = _line(_("To match: %(number)d") % {"number": number})
        if kind is None or kind in _WITH_OPTIONS:
            for letter in LETTERS[: max(options, 2)]:
                self.fields[letter] = _line(_("Answer %(letter)s") % {"letter": letter.upper()})
        if not is_translation and kind != QuestionType.SHORT:
            self.fields["key"] = forms.CharField(
                label=_("What is right"),
                required=False,
                max_length=60,
                help_text=_KEY_HELP[kind] if kind else _("As in a question of that type alone."),
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )
        if kind in {None, QuestionType.SHORT}:
            self.fields["rubric"] = _area(
                _("Rubric"),
                LONGEST_STEM,
                rows=3,
                help_text=_("What a good answer says, | between: 2: names two signs | 1: says why"),
            )
        if not is_translation:
            self.fields["max_mark"] = forms.CharField(
                label=_("Highest mark"),
                required=False,
                max_length=8,
                help_text=_("1 when empty; of a short answer the sum of its rubric."),
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )
        self.fields["rationale"] = _area(
            _("Why this is right"), LONGEST_STEM, rows=2, help_text=_("For trainers only.")
        )

    def cells(self) -> dict[str, str]:
        """{column: text} of a valid form, blanks left out."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class NoteForm(forms.Form):
    """What the change is for."""

    note = forms.CharField(
        label=_("What changed, and why"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_TEXT),
    )
    drop = forms.BooleanField(
        label=_("Leave out translations that no longer fit"),
        required=False,
        help_text=_("They stay in the version before, if a test has used it."),
    )


def _area(label: Any, longest: int, *, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=longest,
        help_text=help_text,
        widget=forms.Textarea(attrs={**_TEXT, "rows": rows}),
    )


def _line(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_OPTION,
        widget=forms.TextInput(attrs=_TEXT),
    )


class PlanForm(forms.Form):
    """How many questions a form has for each objective. `stock`: (code, words, questions there)."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs=_TEXT))

    def __init__(self, *args: Any, stock: Iterable[tuple[str, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes: dict[str, str] = {}
        for number, (code, words, there) in enumerate(stock):
            name = f"count-{number}"
            self.codes[name] = code
            self.fields[name] = forms.IntegerField(
                label=f"{code} · {words}",
                required=False,
                min_value=0,
                max_value=60,
                help_text=_("In the bank: %(there)d. Two forms need twice the number.")
                % {"there": there},
            )

    def counts(self) -> dict[str, int]:
        """{code of an objective: number} of a valid form."""
        given: Mapping[str, Any] = self.cleaned_data
        return {code: given[name] for name, code in self.codes.items() if given.get(name)}


class JudgeForm(forms.Form):
    """Of a hundred participants who just pass, how many answer rightly. `asked`: (position,
    words)."""

    def __init__(self, *args: Any, asked: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position, words in asked:
            self.fields[str(position)] = forms.IntegerField(
                label=words, min_value=0, max_value=100, help_text=_("From 0 to 100.")
            )

    def shares(self) -> dict[int, Decimal]:
        """{position: share from 0 to 1} of a valid form."""
        return {int(name): Decimal(value) / 100 for name, value in self.cleaned_data.items()}
