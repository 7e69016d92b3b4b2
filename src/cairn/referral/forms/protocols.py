"""Forms of protocols: what is agreed, the signatures, the end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.core.models import Organisation
from cairn.oversight.forms import day_field
from cairn.oversight.queries.records import Places
from cairn.referral.actions.protocols import Terms
from cairn.referral.models.protocols import Protocol
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.ui.forms import offer

MOST_OTHERS = 4
OTHERS = tuple(f"party_{number}" for number in range(1, MOST_OTHERS + 1))


class ProtocolForm(forms.Form):
    """What the parties agree on. `others`: organisations that may be a party, by id."""

    organisation = forms.ChoiceField(label=_("Which of your organisations keeps it"))
    is_party = forms.BooleanField(
        label=_("Our own organisation is a party"),
        required=False,
        initial=True,
        help_text=_("Untick only where it keeps the protocol for others and is not bound by it."),
    )
    title = forms.CharField(
        label=pgettext_lazy("protocol", "Title"),
        max_length=160,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    country = forms.ChoiceField(
        label=_("Where it holds"),
        required=False,
        help_text=_("Persons who are helped elsewhere are not covered."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("For what something may be shared"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=DataCategory.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is never sent on the ground of this protocol."),
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), help_text=_("At most five years later."))
    text = forms.CharField(
        label=_("What the parties agree"),
        max_length=20_000,
        help_text=_("What each party does and does not do with what it is told. All sign it."),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )

    def __init__(
        self,
        *args: Any,
        places: Places,
        others: dict[str, Organisation],
        countries: Sequence[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.others = places, others
        own = [(pk, each.name) for pk, each in places.organisations.items()]
        offer(self.fields["organisation"], own)
        if len(own) == 1:
            self.fields["organisation"].initial = own[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()
        offer(self.fields["country"], countries)
        named = [("", "–"), *((pk, each.display_name) for pk, each in others.items())]
        words = _("Party"), _("Another party")
        added = {
            name: forms.ChoiceField(label=words[index > 0], required=index == 0, choices=named)
            for index, name in enumerate(OTHERS)
        }
        order = ["organisation", "is_party", *OTHERS]
        self.fields |= added
        self.order_fields([*order, *(name for name in self.fields if name not in order)])

    def clean_organisation(self) -> Organisation:
        return self.places.organisations[self.cleaned_data["organisation"]]

    def terms(self) -> Terms:
        """What a valid form says."""
        given = self.cleaned_data
        chosen = [self.others[given[name]] for name in OTHERS if given[name]]
        own = [given["organisation"]] if given["is_party"] else []
        parties = {each.pk: each for each in [*own, *chosen]}
        return Terms(
            title=given["title"],
            text=given["text"],
            parties=list(parties.values()),
            categories=given["categories"],
            purposes=given["purposes"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            country=given["country"],
        )

    @staticmethod
    def initial_of(protocol: Protocol) -> dict[str, Any]:
        parties = [str(each.pk) for each in protocol.parties.all()]
        keeper = str(protocol.organisation_id)
        others = [pk for pk in parties if pk != keeper]
        return {
            "organisation": keeper,
            "is_party": keeper in parties,
            "title": protocol.title,
            "country": protocol.country,
            "purposes": protocol.purposes,
            "categories": protocol.categories,
            "starts_on": protocol.starts_on.isoformat(),
            "ends_on": protocol.ends_on.isoformat(),
            "text": protocol.text,
            **dict(zip(OTHERS, others, strict=False)),
        }


class PartyForm(forms.Form):
    """For which organisation. `parties`: id and name of those that may be chosen."""

    party = forms.ChoiceField(label=_("For which party"))

    def __init__(self, *args: Any, parties: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["party"], parties)

    def clean_party(self) -> UUID:
        return UUID(self.cleaned_data["party"])


class SignForm(PartyForm):
    """A signature, given here."""

    agrees = forms.BooleanField(
        label=_("I have read the words above, and I may sign for this organisation")
    )


class PaperForm(PartyForm):
    """A signature that was given on paper."""

    signed_on = day_field(_("Signed on"))
    paper = forms.CharField(
        label=_("Where the signed paper is kept"),
        max_length=120,
        help_text=_("So that somebody can find it and look at it. No name of a person."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class EndForm(forms.Form):
    """The end of a protocol."""

    on = day_field(
        _("It does not hold any more from"),
        help_text=_("Today, or a day that all can prepare for."),
    )
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=240,
        help_text=_("All parties read it. No name of a person."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
