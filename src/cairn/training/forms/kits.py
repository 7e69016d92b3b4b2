"""Forms of kits: enrolling one, taking an event along, bringing a bundle."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.training.rules.kits import MOST_LABEL, MOST_REASON


class EnrolForm(forms.Form):
    label = forms.CharField(
        label=_("What stands on the laptop"),
        max_length=MOST_LABEL,
        help_text=_("Such as an inventory number. No name of a person."),
    )
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Whose laptop it is")
    )
    card = forms.CharField(
        label=_("Card of the kit"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr", "autocomplete": "off"}),
        help_text=_(
            "The line that “./cairn kit init” prints on the laptop. Nothing on it is secret."
        ),
    )
    mark = forms.CharField(
        label=_("Mark on the screen of the kit"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("Eighteen signs. Read them from the laptop itself, not from a message."),
    )

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own = [scope.organisation_id for scope in actor.scopes_with(Permission.KIT_OPERATE)]
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type
        field.queryset = Organisation.objects.filter(pk__in=own)
        if len(set(own)) == 1:
            field.initial = own[0]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept, and the data-protection officer can read it. No names."),
    )


class TakeForm(ReasonForm):
    with_names = forms.BooleanField(
        label=_("Names leave too"),
        required=False,
        help_text=_("Needed for badges and certificates on the way. Else only codes leave."),
    )
    field_order = ("with_names", "reason")


class BundleForm(forms.Form):
    bundle = forms.FileField(
        label=_("Bundle"),
        help_text=_("The file that ends in .cairn-bundle, from the memory stick."),
    )


class ExportForm(forms.Form):
    is_last = forms.BooleanField(
        label=_("Give the event back"),
        required=False,
        help_text=_(
            "With this bundle the work on this laptop ends: nothing is changed here any more."
        ),
    )
    true_time = forms.DateTimeField(
        label=_("What a right clock says now (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("Only when the clock of this laptop may be wrong."),
    )
