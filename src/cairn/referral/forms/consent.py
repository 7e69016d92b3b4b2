"""Forms of consent and of the rights of a person: what is asked, what was said, what is wished."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cairn.core.models import Organisation
from cairn.oversight.forms import day_field, reason_field
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import LONGEST_REASON
from cairn.referral.actions.consent import Explained, Question, Reply
from cairn.referral.rules.choices import DataCategory, Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import (
    ANSWERS,
    AUTHORITY,
    NAMED,
    RECIPIENTS,
    Assent,
    Capacity,
    ConsentState,
    GivenBy,
    Said,
)
from cairn.referral.rules.services import ServiceType
from cairn.ui import formats
from cairn.ui.forms import offer

LONGEST_NOTE = 2_000


def language_choices(spoken: Sequence[str]) -> list[tuple[str, Any]]:
    """Languages by their names on the page, those of the person first."""
    named = formats.locale().languages
    own = [(code, str(named.get(code, code))) for code in spoken]
    others = [
        (str(code), str(name))
        for code, name in named.items()
        if len(str(code)) == 2 and code not in spoken
    ]
    rest = sorted(others, key=lambda pair: pair[1])
    if not own:
        return rest
    return [(str(_("Languages of the person")), own), (str(_("Other languages")), rest)]


def shipped_language(spoken: Sequence[str]) -> str:
    """The person's best language in which the platform can write, else the platform's first."""
    shipped = [code for code, _name in settings.LANGUAGES]
    return next((code for code in spoken if code in shipped), shipped[0])


def _sealed_text(label: Any, help_text: Any, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "off"}),
    )


class ExplainForm(forms.Form):
    """In which language it was explained, and with whom."""

    language = forms.ChoiceField(label=_("In which language was it explained?"))
    interpreter = forms.ChoiceField(
        label=_("With an interpreter"),
        choices=Interpreter,
        widget=forms.RadioSelect,
        initial=Interpreter.NONE,
    )

    def __init__(self, *args: Any, spoken: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["language"], [("", _("Choose")), *language_choices(spoken)])

    def explained(self) -> Explained:
        given = self.cleaned_data
        return Explained(given["language"], Interpreter(given["interpreter"]))


class AskForm(ExplainForm):
    """What the person is asked to agree to."""

    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose, widget=forms.RadioSelect)
    recipient_class = forms.ChoiceField(label=_("Who is told"))
    recipient = forms.ChoiceField(
        label=_("Which organisation"),
        required=False,
        help_text=_("Only where one organisation is named above."),
    )
    categories = forms.MultipleChoiceField(
        label=_("What may be told"),
        choices=DataCategory,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The least that serves. What is not ticked is told to nobody."),
    )
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        choices=[(e.value, e.label) for e in LegalBasis if e is not LegalBasis.VITAL_INTEREST],
        widget=forms.RadioSelect,
        initial=LegalBasis.CONSENT,
        help_text=_(
            "What makes the handling lawful. It is named also where the person agrees; danger to "
            "life is stated later, on the very act."
        ),
    )
    field_order = (
        "purpose",
        "recipient_class",
        "recipient",
        "categories",
        "basis",
        "language",
        "interpreter",
    )

    def __init__(
        self,
        *args: Any,
        giving_help: Sequence[Organisation],
        others: Sequence[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._organisations = {str(each.pk): each for each in (*giving_help, *others)}
        words = dict(RECIPIENTS)
        kinds = [(each.value, each.label) for each in ServiceType]
        offer(
            self.fields["recipient_class"],
            [
                (NAMED, words[NAMED]),
                (str(_("Any service of this kind")), kinds),
                (AUTHORITY, words[AUTHORITY]),
            ],
        )
        groups = [
            (str(_("In the directory of services")), [(str(e.pk), str(e)) for e in giving_help]),
            (str(_("Other organisations")), [(str(e.pk), str(e)) for e in others]),
        ]
        offer(self.fields["recipient"], [("", _("Choose")), *groups])
        self.fields["language"].required = False
        self.fields["language"].help_text = _("Leave empty while it is not explained yet.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        is_named = given.get("recipient_class") == NAMED
        if is_named and not given.get("recipient"):
            self.add_error("recipient", _("Choose the organisation, or a kind of service above."))
        return given

    def question(self) -> Question:
        given = self.cleaned_data
        is_named = given["recipient_class"] == NAMED
        return Question(
            Purpose(given["purpose"]),
            given["recipient_class"],
            self._organisations[given["recipient"]] if is_named else None,
            given["categories"],
            LegalBasis(given["basis"]),
        )

    def explained_already(self) -> Explained | None:
        return self.explained() if self.cleaned_data["language"] else None


class AnswerForm(forms.Form):
    """What the person said. Whatever it is, the help stays the same."""

    state = forms.ChoiceField(
        label=_("What did the person say?"),
        choices=[(each.value, each.label) for each in ANSWERS],
        widget=forms.RadioSelect,
    )
    limits = _sealed_text(
        _("Limits, in the person's words"),
        _("Only for an agreement with limits. Sealed."),
    )
    given_by = forms.ChoiceField(
        label=_("Who agreed?"),
        choices=[("", _("Nobody: it was a no, or nobody could be asked")), *GivenBy.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    assent = forms.ChoiceField(
        label=_("What does the child say?"),
        choices=Assent,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Nothing is agreed over the child's own no."),
    )
    capacity = forms.ChoiceField(
        label=_("Could the person decide?"), choices=Capacity, widget=forms.RadioSelect
    )
    starts_on = day_field(_("Day of the answer"))
    expires_on = day_field(
        _("Until"),
        required=False,
        help_text=_("The person chooses, a year at most. Without a day it is half a year."),
    )
    note = _sealed_text(
        _("Note on the conversation"), _("Only what a colleague must know. Sealed.")
    )

    def __init__(self, *args: Any, is_child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_child:
            del self.fields["assent"]

    def reply(self) -> Reply:
        given = self.cleaned_data
        return Reply(
            ConsentState(given["state"]),
            Capacity(given["capacity"]),
            GivenBy(given["given_by"]) if given["given_by"] else None,
            Assent(given["assent"]) if given.get("assent") else None,
            given["starts_on"],
            given["expires_on"],
            given["limits"],
            given["note"],
        )


class WithdrawForm(forms.Form):
    """How the person said it, and how to answer safely."""

    said_how = forms.ChoiceField(
        label=_("How did the person say it?"),
        choices=[(e.value, e.label) for e in Said if e is not Said.LATER_ANSWER],
        widget=forms.RadioSelect,
    )
    safe_channel = forms.CharField(
        label=_("How to answer safely"),
        max_length=300,
        required=False,
        help_text=_("Without one, nothing is sent: whoever works with the person says it. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    note = _sealed_text(
        _("What data protection must know"),
        _("For whoever looks at what has to be erased. Sealed."),
    )


class LanguageForm(forms.Form):
    """In which language a document is written for the person."""

    language = forms.ChoiceField(label=_("Language of the paper"), choices=settings.LANGUAGES)


class WishForm(forms.Form):
    """What the person wishes about the own file, and how to answer without endangering anybody."""

    wish = forms.ChoiceField(
        label=_("What the person wishes"), choices=Wish, widget=forms.RadioSelect
    )
    received_on = day_field(_("Said on"))
    safe_channel = forms.CharField(
        label=_("How to answer safely"),
        max_length=300,
        help_text=_("What the person said is safe. The answer takes no other way. Sealed."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    statement = forms.CharField(
        label=_("In the person's words"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("What is wrong, what should go, or what the person objects to. Sealed."),
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4, "autocomplete": "off"}),
    )


class FileForm(LanguageForm):
    """Everything is opened once, for the person who asked."""

    reason = reason_field(
        _("Reason"), _("That the person asked, and when. It is kept sealed, and read in reviews.")
    )
