"""Forms of referrals: choosing, writing, answering. Shape and words only."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.referral.actions.referrals import Wanted
from cairn.referral.actions.referrals_answers import Answer, Verb
from cairn.referral.rules.access_points import language_codes
from cairn.referral.rules.choices import DataCategory, Need, Purpose, Urgency
from cairn.referral.rules.clearing import SAVES_LIFE
from cairn.referral.rules.referrals import MOST_WORDS, TOLD_OF, Feedback, Reason, check_place
from cairn.referral.rules.services import Exclusion
from cairn.ui.forms import offer

_CHOOSE = ("", _("Choose"))


class OnceForm(forms.Form):
    """A form that does what it says once, however often it is sent, and only if nobody was faster.

    `expected`: the state that the page showed.
    """

    expected = forms.CharField(required=False, widget=forms.HiddenInput())
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, expected: str = "", **kwargs: Any) -> None:
        first = {"expected": expected, "client_id": uuid4()}
        kwargs["initial"] = first | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def once(self) -> dict[str, Any]:
        """What a valid form hands to an action."""
        client_id: UUID | None = self.cleaned_data.get("client_id")
        return {"expected": self.cleaned_data.get("expected", ""), "client_id": client_id}


def _words(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class ChooseForm(forms.Form):
    """Which service, for which need, how urgent, for what."""

    service = forms.ChoiceField(label=_("Service"))
    need = forms.ChoiceField(label=pgettext_lazy("help", "Need"), choices=[_CHOOSE, *Need.choices])
    urgency = forms.ChoiceField(
        label=_("How urgent"), choices=Urgency.choices, widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(label=_("What for"), choices=[_CHOOSE, *Purpose.of_words()])

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["service"], [_CHOOSE, *services])


class WriteForm(OnceForm):
    """What the service is told: the card at once, the words when it accepts."""

    place = forms.CharField(
        label=_("Area"),
        max_length=80,
        help_text=_("Town or district, no address. The service sees it at once."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    language = forms.CharField(
        label=pgettext_lazy("spoken", "Language"),
        max_length=40,
        required=False,
        help_text=_("The one that the person understands best. The service sees it at once."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    exclusions = forms.MultipleChoiceField(
        label=_("What applies to the person"),
        choices=Exclusion.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The service sees it at once, so that nobody is sent in vain."),
    )
    emergency_reason = _words(
        _("What is the danger to life or health?"),
        _("With it nothing waits: the service may read at once what saves life. It is sealed."),
    )

    def __init__(
        self, *args: Any, agreed: Sequence[str], is_emergency: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        vital = SAVES_LIFE if is_emergency else frozenset[str]()
        self.told = [each for each in DataCategory if each.value in {*agreed, *vital}]
        for each in self.told:
            self.fields[f"words_{each.value}"] = _words(
                each.label,
                _("Sealed until the service accepts.")
                if each.value in agreed
                else _("Not agreed to be told: only with a danger to life, where it saves life."),
            )
        if not is_emergency:
            del self.fields["emergency_reason"]
        else:
            self.order_fields(["expected", "client_id", "emergency_reason"])

    def clean_place(self) -> str:
        place: str = self.cleaned_data["place"]
        try:
            check_place(place)
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="place") from None
        return place

    def clean_language(self) -> str:
        try:
            codes = language_codes(self.cleaned_data["language"], language())
        except RuleBroken as refusal:
            raise forms.ValidationError(str(refusal), code="languages") from None
        return codes[0] if codes else ""

    def wanted(self, need: str, urgency: str, purpose: str) -> Wanted:
        """What a valid form says; a kind of content is told where there are words for it."""
        given = self.cleaned_data
        words = {each.value: given.get(f"words_{each.value}", "") for each in self.told}
        content = {name: text for name, text in words.items() if text.strip()}
        return Wanted(
            need=need,
            urgency=urgency,
            purpose=purpose,
            categories=sorted({DataCategory.NEED.value, *content}),
            content=content,
            exclusions=given["exclusions"],
            language=given["language"],
            place=given["place"],
            emergency_reason=given.get("emergency_reason", ""),
        )


class ConfirmForm(OnceForm):
    """Nothing to type: only that it is done once, and on what the page showed."""


class AgainForm(OnceForm):
    service = forms.ChoiceField(label=_("Service"))

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["service"], [_CHOOSE, *services])


class RecallForm(OnceForm):
    is_wish = forms.BooleanField(
        label=_("The person wishes it"),
        help_text=_("Then it is counted as the person's own decision. The help stays the same."),
        required=False,
    )
    note = _words(_("Why, if you want to say it"), _("Sealed; only your own place reads it."))


class ReplyForm(OnceForm):
    text = _words(
        pgettext_lazy("to a question", "Answer"),
        _("The service reads it at once, before it accepts. Say no more than it needs."),
        required=True,
    )


class AnswerForm(OnceForm):
    """The base of what a service says; `verb` is in the address."""

    verb: Verb = Verb.SEEN

    def answer(self) -> Answer:
        return Answer(self.verb, note=self.cleaned_data.get("note", ""))


class DeclineForm(AnswerForm):
    verb = Verb.DECLINE
    reason = forms.ChoiceField(label=_("Why"), choices=Reason.choices, widget=forms.RadioSelect)
    note = _words(_("A word to the sender"), _("Sealed; the sender reads it."))

    def answer(self) -> Answer:
        given = self.cleaned_data
        return Answer(self.verb, reason=given["reason"], note=given["note"])


class AskForm(AnswerForm):
    verb = Verb.ASK
    note = _words(
        pgettext_lazy("to the sender", "Question"),
        _("What you need to decide. The answer is read before you accept."),
        required=True,
    )


class RedirectForm(AnswerForm):
    verb = Verb.REDIRECT
    service = forms.ChoiceField(
        label=_("Who could help instead"),
        help_text=_("Nothing goes there by itself: the sender decides."),
    )
    note = _words(_("A word to the sender"), _("Sealed; the sender reads it."))

    def __init__(self, *args: Any, services: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["service"], [_CHOOSE, *services])

    def answer(self) -> Answer:
        given = self.cleaned_data
        return Answer(self.verb, service=given["service"], note=given["note"])


class GoesOnForm(AnswerForm):
    verb = Verb.GOES_ON
    note = _words(_("A word to the sender"), _("Sealed; the sender reads it."))


class FinishForm(AnswerForm):
    verb = Verb.FINISH
    feedback = forms.ChoiceField(
        label=_("What came of it"),
        choices=[each for each in Feedback.choices if each[0] != Feedback.NO_NEWS],
        widget=forms.RadioSelect,
    )
    rating = forms.TypedChoiceField(
        label=_("How the person found the help, if the person wants to say it"),
        choices=[
            ("", pgettext_lazy("rating", "Not asked")),
            ("1", pgettext_lazy("rating", "1 of 5: bad")),
            ("2", pgettext_lazy("rating", "2 of 5")),
            ("3", pgettext_lazy("rating", "3 of 5")),
            ("4", pgettext_lazy("rating", "4 of 5")),
            ("5", pgettext_lazy("rating", "5 of 5: very good")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    note = _words(_("A word to the sender"), _("Sealed; the sender reads it."))

    def answer(self) -> Answer:
        given = self.cleaned_data
        code = Feedback(given["feedback"])
        outcome = next(state for state, codes in TOLD_OF.items() if code in codes)
        return Answer(
            self.verb,
            outcome=outcome.value,
            feedback=code.value,
            rating=given["rating"],
            note=given["note"],
        )


FORMS: dict[str, type[AnswerForm]] = {
    form.verb.value: form for form in (DeclineForm, AskForm, RedirectForm, GoesOnForm, FinishForm)
}


class OwnFileForm(OnceForm):
    """What the recipient's own file holds at its beginning."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    safe_contact = forms.CharField(
        label=_("Safe way to make contact"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=4_000,
        required=False,
        help_text=_("Keep only what you need for your own work."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "autocomplete": "off"}),
    )
