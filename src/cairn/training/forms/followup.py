"""Shape and wording of questionnaires: opening a wave, and the answers themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.language import language
from cairn.oversight.forms import day_field
from cairn.training.models import SurveyInvitation, SurveyWave
from cairn.training.rules import questionnaires as rules
from cairn.training.rules.choices import InstrumentKind
from cairn.training.rules.questionnaires import Answer


class WaveForm(forms.Form):
    kind = forms.ChoiceField(label=_("Questionnaire"), choices=InstrumentKind.choices)
    months = forms.IntegerField(
        label=_("Months after the end"),
        min_value=0,
        max_value=60,
        initial=0,
        help_text=_("0 for the reaction at the end; 3 and 6 for what is applied."),
    )
    opens_on = day_field(pgettext_lazy("questionnaire", "Opens on"))
    closes_on = day_field(pgettext_lazy("questionnaire", "Closes on"))


class UnreachedForm(forms.Form):
    """What somebody notes about one invitation."""

    state = forms.ChoiceField(
        choices=[
            (SurveyInvitation.State.INVITED, _("Can be asked")),
            (SurveyInvitation.State.UNDELIVERABLE, _("Cannot be reached")),
            (SurveyInvitation.State.INELIGIBLE, _("No longer to be asked")),
        ]
    )


class AnswerForm(forms.Form):
    """The questions of a wave in the reader's language; every one may be left out."""

    def __init__(self, *args: Any, wave: SurveyWave, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in wave.instrument.questions:
            self.fields[item["code"]] = _field(item)


def _field(item: dict[str, Any]) -> forms.Field:
    stem, _lang = rules.words(item["stem"], language())
    options = [(code, rules.words(texts, language())[0]) for code, texts in item["options"].items()]
    match Answer(item["type"]):
        case Answer.SCALE:
            steps = [
                ("5", _("5 - entirely so")),
                ("4", "4"),
                ("3", "3"),
                ("2", "2"),
                ("1", _("1 - not at all")),
            ]
            return forms.ChoiceField(
                label=stem, choices=steps, required=False, widget=forms.RadioSelect
            )
        case Answer.SINGLE:
            return forms.ChoiceField(
                label=stem, choices=options, required=False, widget=forms.RadioSelect
            )
        case Answer.MULTIPLE:
            return forms.MultipleChoiceField(
                label=stem, choices=options, required=False, widget=forms.CheckboxSelectMultiple
            )
        case Answer.NUMBER:
            return forms.IntegerField(
                label=stem, min_value=0, max_value=rules.HIGHEST_NUMBER, required=False
            )
