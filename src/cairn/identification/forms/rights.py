"""Forms about what follows a decision: telling, review, time for reflection, age."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.identification.rules.procedures import AgeStatus
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.telling import (
    Acknowledged,
    AskedBy,
    Interpreter,
    Telling,
    ToldHow,
    ToldTo,
)
from cairn.oversight.forms import day_field
from cairn.ui import formats
from cairn.ui.forms import offer


def languages() -> list[tuple[str, str]]:
    """Languages with a code of two letters (ISO 639-1), by their names on the page."""
    named = formats.locale().languages
    found = [(code, str(named[code])) for code in map(str, named) if len(code) == 2]
    return sorted(found, key=lambda pair: pair[1])


def language_field(label: Any, **more: Any) -> forms.ChoiceField:
    """A language; `offer_languages` fills it when the form is made."""
    return forms.ChoiceField(label=label, **more)


def offer_languages(field: forms.Field) -> None:
    """Let people choose a language, in the words of the page."""
    offer(field, [("", _("Choose")), *languages()])


class TellForm(forms.Form):
    """The person was told of a decision."""

    told_on = day_field(_("Told on"))
    told_to = forms.ChoiceField(label=_("Who was told"), choices=ToldTo, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("How"), choices=ToldHow, widget=forms.RadioSelect)
    language = language_field(_("In which language"))
    interpreter = forms.ChoiceField(
        label=_("With an interpreter"), choices=Interpreter, widget=forms.RadioSelect
    )
    acknowledged = forms.ChoiceField(
        label=_("Did whoever was told say or sign that they understood?"),
        choices=Acknowledged,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.fields["language"])

    def telling(self) -> Telling:
        """What a valid form says."""
        given = self.cleaned_data
        return Telling(
            given["told_on"],
            ToldTo(given["told_to"]),
            ToldHow(given["how"]),
            given["language"],
            Interpreter(given["interpreter"]),
            Acknowledged(given["acknowledged"]),
        )


class ReviewForm(forms.Form):
    """Somebody asked for a review of the newest decision."""

    asked_on = day_field(_("Asked for on"))
    asked_by = forms.ChoiceField(
        label=_("Who asked for it"), choices=AskedBy, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=_("What is said against the decision"),
        max_length=8_000,
        help_text=_("Sealed."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
    )


class ReflectionForm(forms.Form):
    """The next step of the time for recovery and reflection."""

    step = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)
    happened_on = day_field(_("On which day"))
    until = day_field(
        _("Extended until"), required=False, help_text=_("Only for an extension: its last day.")
    )

    def __init__(self, *args: Any, steps: list[Reflection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["step"], [(each.value, _STEPS.get(each, each.label)) for each in steps])
        if Reflection.EXTENDED not in steps:
            del self.fields["until"]


_STEPS = {
    Reflection.OFFERED: pgettext_lazy("step of the time for reflection", "Offered to the person"),
    Reflection.RUNNING: pgettext_lazy("step of the time for reflection", "Begins to run"),
    Reflection.EXTENDED: pgettext_lazy("step of the time for reflection", "Extend it"),
}


class AgeForm(forms.Form):
    """What is known of the age."""

    age_status = forms.ChoiceField(
        label=_("Age"),
        choices=AgeStatus,
        widget=forms.RadioSelect,
        help_text=_("Where it is disputed or not known, the person counts as a child."),
    )
