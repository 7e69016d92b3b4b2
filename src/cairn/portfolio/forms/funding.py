"""Forms about money: pledge, withdrawal, agreement, receipt, spending."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.portfolio.actions.funding import Money
from cairn.portfolio.forms.fields import NOT_VALID, CellField, day_input, short

DONOR_LIST = "donors-known"


class MoneyForm(forms.Form):
    """An amount in its currency, and what that is in US dollars."""

    amount = CellField(
        cells.positive,
        label=_("Amount"),
        help_text=_("Digits only, with a point before cents."),
        widget=short(inputmode="decimal"),
    )
    currency = CellField(
        cells.currency,
        label=_("Currency"),
        initial="USD",
        help_text=_("Three letters, for example USD or EUR."),
        widget=short(maxlength=3, size=5),
    )
    rate = CellField(
        cells.rate,
        empty=None,
        label=_("Rate to the US dollar"),
        required=False,
        help_text=_("US dollars for one unit, of the day of the pledge. Not for US dollars."),
        widget=short(inputmode="decimal"),
    )
    rate_source = forms.CharField(
        label=_("Where the rate is from"),
        max_length=120,
        required=False,
        help_text=_("And of which day, for example: UN operational rates, 1 March 2026."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        currency = given.get("currency")
        if not currency or self.errors:
            return given
        if currency == "USD":
            if given.get("rate") not in {None, Decimal(1)}:
                self.add_error("rate", _not_valid(_now("US dollars have no rate. Leave it empty.")))
        else:
            if given.get("rate") is None:
                self.add_error("rate", _not_valid(_now("Give the rate: US dollars for one unit.")))
            if not given.get("rate_source"):
                self.add_error("rate_source", _not_valid(_now("Say where the rate is from.")))
        return given

    @property
    def money(self) -> Money:
        """What was typed, once the form is valid."""
        given = self.cleaned_data
        if given["currency"] == "USD":
            return Money(given["amount"])
        return Money(given["amount"], given["currency"], given["rate"], given["rate_source"])


def _not_valid(message: str) -> forms.ValidationError:
    return forms.ValidationError(message, code=NOT_VALID)


class PledgeForm(MoneyForm):
    """Who pledges how much. A donor that is not on record is asked about before it is added.

    `cleaned_data["donor"]`: (name, alpha-3 code of a State or ""); None when it is not named.
    """

    field_order = (
        "donor",
        "is_not_named",
        "is_new",
        "amount",
        "currency",
        "rate",
        "rate_source",
        "pledged",
        "note",
    )
    donor = forms.CharField(
        label=_("Donor"),
        max_length=250,
        required=False,
        help_text=_("A State or an organisation. Begin to type and choose from the list."),
        widget=forms.TextInput(attrs={"list": DONOR_LIST, "dir": "auto", "autocomplete": "off"}),
    )
    is_not_named = forms.BooleanField(label=_("The source does not name the donor"), required=False)
    is_new = forms.BooleanField(label=_("This donor is not on record yet: add it"), required=False)
    pledged = CellField(
        cells.partial_date,
        label=_("Pledged"),
        required=False,
        help_text=_("Day, month or year: 2025-02-03, 2025-02 or 2025."),
        widget=short(),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self, *args: Any, find_donors: Callable[[Sequence[str]], Mapping[str, Any]], **kwargs: Any
    ) -> None:
        """`find_donors`: {name: donor, or the refusal of a name that looks like a slip}."""
        super().__init__(*args, **kwargs)
        self.find_donors = find_donors

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        name = given.get("donor", "").strip()
        if given.get("is_not_named"):
            if name:
                self.add_error(
                    "donor", _not_valid(_now("Either name the donor, or say that it is not named."))
                )
            given["donor"] = None
        elif not name:
            self.add_error("donor", _not_valid(_now("Name the donor.")))
        else:
            given["donor"] = self._donor(name, is_new=bool(given.get("is_new")))
        return given

    def _donor(self, name: str, *, is_new: bool) -> tuple[str, str]:
        """(name, alpha-3 code of a State or ""). A doubtful name is taken once it is confirmed."""
        found = self.find_donors([name])[name]
        if isinstance(found, RuleBroken):
            if not is_new:
                doubt = _now("If it is really another donor, tick the box below to add it.")
                self.add_error("donor", _not_valid(f"{found.message} {doubt}"))
            return name, ""
        if found.is_new and not found.country and not is_new:
            message = _now(
                "“%(name)s” is not on record. Check the spelling; if it is a new donor, tick "
                "the box below."
            )
            self.add_error("donor", _not_valid(message % {"name": name}))
        return name, found.country


class WithdrawForm(forms.Form):
    """When a pledge was withdrawn, and why."""

    on = CellField(cells.past_day, label=_("Withdrawn on"), widget=day_input())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("In a sentence. It stays on record beside the pledge."),
    )


class AgreementForm(MoneyForm):
    """A signed agreement on a pledge."""

    field_order = ("reference", "signed_on", "amount", "currency", "rate", "rate_source")
    reference = forms.CharField(
        label=_("Reference of the agreement"),
        max_length=60,
        help_text=_("As it stands on the document."),
        widget=short(),
    )
    signed_on = CellField(cells.past_day, label=_("Signed on"), widget=day_input())


class ReceiptForm(MoneyForm):
    """Money that came in under an agreement."""

    field_order = ("received_on", "amount", "currency", "rate", "rate_source")
    received_on = CellField(cells.past_day, label=_("Received on"), widget=day_input())


class ExpenditureForm(MoneyForm):
    """Money that was spent out of an agreement."""

    field_order = ("spent_on", "what", "amount", "currency", "rate", "rate_source")
    spent_on = CellField(cells.past_day, label=_("Spent on"), widget=day_input())
    what = forms.CharField(
        label=_("Kind of cost"),
        max_length=200,
        required=False,
        help_text=_("For example travel or printing; no names of persons."),
    )
