"""Forms of oversight: reasons, days, codes. Shape and words only; rules are in rules.py."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.oversight import rules
from cairn.oversight.models.desk import Severity
from cairn.oversight.subjects import kinds


def reason_field(label: Any = "", help_text: Any = "") -> forms.CharField:
    """A reason in words; stored sealed, read by reviewers."""
    return forms.CharField(
        label=label or _("Reason"),
        help_text=help_text
        or _("In a sentence or two, without names. It is kept sealed, and read in reviews."),
        min_length=rules.SHORTEST_REASON,
        max_length=rules.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def code_field(**more: Any) -> forms.CharField:
    """The code of a record as people read it aloud or type it."""
    return forms.CharField(
        label=_("Code of the record"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        **more,
    )


class KindField(forms.ChoiceField):
    """One of the registered kinds of records; `only` narrows them."""

    def __init__(self, only: Any = None, **more: Any) -> None:
        chosen = [kind for kind in kinds() if only is None or only(kind)]
        super().__init__(
            label=_("Kind of record"),
            choices=[(kind.key, kind.label) for kind in chosen],
            **more,
        )


class NoteForm(forms.Form):
    """A decision with its reason."""

    note = reason_field(_("Your reason"))


class HoldForm(forms.Form):
    """A legal hold on one record."""

    code = code_field()
    reason = reason_field(_("Legal reason"), _("Which order or law, of which day."))
    ends_on = day_field(
        _("Until"), required=False, help_text=_("Leave empty when no end is known.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"kind": KindField(), **self.fields}


class LongerForm(forms.Form):
    """Keep a record longer."""

    until = day_field(_("Keep it until"), help_text=_("At most a year from today."))
    reason = reason_field()


class ErasureForm(forms.Form):
    """Ask that a record is erased."""

    reason = reason_field(help_text=_("Who wishes it, and on what ground."))


class ConfirmForm(forms.Form):
    """Typing the code again shows that one knows which record it is."""

    code = code_field(help_text=_("Type it again, to confirm."))

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = code

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).strip().upper()
        if typed != self.wanted:
            raise forms.ValidationError(_("This is not the code of the record. Look again."))
        return typed


class EscalateForm(forms.Form):
    """Make an alert an incident."""

    severity = forms.ChoiceField(label=_("How serious"), choices=Severity)
    note = reason_field(_("What happened"))
