"""Files about money: pledges, signed agreements, receipts, spending."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.portfolio import rules
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.imports.base import (
    PROJECT_COLUMN,
    Child,
    check_dates,
    child_kind,
    find_projects,
    no_record,
    owners_of,
    plain,
)
from cairn.portfolio.imports.organisations import Donor, create_donors, donor_key, donors_named
from cairn.portfolio.models import Agreement, BudgetLine, Expenditure, Phase, Pledge, Receipt

_l = gettext_lazy
_TOLERANCE = Decimal("0.005")  # of the US dollar value: rates are printed with few digits

AMOUNT_COLUMNS = (
    Column("amount_usd", cells.positive, _l("US dollars, digits only"), empty=None),
    Column("amount", cells.positive, _l("amount in its own currency"), empty=None),
    Column("currency", cells.currency, _l("ISO 4217 code; USD when empty"), empty="USD"),
    Column("rate", cells.rate, _l("US dollars for one unit of the currency"), empty=None),
    Column("rate_source", cells.text(120), _l("where the rate is from, and of which day")),
)
AMOUNT_FIELDS = ("amount", "currency", "rate", "rate_source", "usd")


def settle_amount(row: Row) -> None:
    """Fill amount, currency, rate and usd of a row from what it gives; refuse what disagrees."""
    given = row.cleaned
    usd, amount, rate = given["amount_usd"], given["amount"], given["rate"]
    if given["currency"] == "USD":
        usd = usd if usd is not None else amount
        if usd is None or (amount is not None and amount != usd):
            row.refuse("amount_usd", _no_amount())
            return
        amount, rate = usd, Decimal(1)
    else:
        if amount is None or rate is None:
            row.refuse("rate", _no_rate(given["currency"]))
            return
        try:
            computed = rules.in_dollars(amount, rate)
        except RuleBroken as refusal:
            row.refuse("amount", refusal)
            return
        if usd is not None and abs(usd - computed) > usd * _TOLERANCE:
            row.refuse("amount_usd", _rate_disagrees(usd, computed))
            return
        usd = usd if usd is not None else computed
    given.update(amount=amount, rate=rate, usd=usd)


def _no_amount() -> RuleBroken:
    return RuleBroken(
        "funding.amount",
        _("The row gives no amount, or two that differ."),
        _("Fill in “amount_usd”, or “amount” with “currency” and “rate”."),
    )


def _no_rate(currency: str) -> RuleBroken:
    return RuleBroken(
        "funding.rate",
        _("An amount in %(currency)s needs “amount” and the “rate” to the US dollar.")
        % {"currency": currency},
        _("Give both; the rate is US dollars for one unit of the currency."),
    )


def _rate_disagrees(usd: Decimal, computed: Decimal) -> RuleBroken:
    return RuleBroken(
        "funding.rate",
        _("The row says US$ %(usd)s, but amount and rate come to US$ %(computed)s.")
        % {"usd": usd, "computed": computed},
        _("Correct one of them, or leave “amount_usd” empty."),
    )


def _compared(amount: Mapping[str, Any]) -> dict[str, Any]:
    """The AMOUNT_FIELDS of `amount` as they are compared: as exact as they are stored."""
    return {name: plain(amount[name], 8 if name == "rate" else 2) for name in AMOUNT_FIELDS}


def _prepare_pledges(rows: Sequence[Row]) -> None:
    found = find_projects(rows)
    good = [row for row in rows if row.number in found]
    donors = donors_named([row.cleaned["donor"] for row in good])
    for row in good:
        settle_amount(row)
        donor = donors[row.cleaned["donor"]]
        if isinstance(donor, RuleBroken):
            row.refuse("donor", donor)
        if row.problems or isinstance(donor, RuleBroken):
            continue
        if donor.is_new:
            row.notes.append(_("New donor: %(name)s") % {"name": donor.name})
        row.cleaned["_parent"], row.cleaned["_donor"] = found[row.number], donor
        row.key = (found[row.number], donor.key, row.cleaned["pledged"])
        row.label = f"{row.cleaned['project_id']} · {donor.name}"
        row.after = {**_compared(row.cleaned), **row.given({"note": "note"})}
        if "rate_source" not in row.values:
            del row.after["rate_source"]


def _existing_pledges(
    keys: Sequence[Hashable],
) -> Existing:
    return {
        (pledge.project_id, donor_key(pledge.donor), pledge.pledged): (
            pledge.pk,
            {**_compared(vars(pledge)), "note": pledge.note},
        )
        for pledge in _current_pledges(owners_of(keys))
    }


def _current_pledges(projects: Collection[Any]) -> QuerySet[Pledge]:
    return Pledge.objects.current().filter(project__in=projects).select_related("donor")


def _write_pledges(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    donors: list[Donor] = [row.cleaned["_donor"] for row in created]
    ids = create_donors(actor, donors)
    Pledge.objects.bulk_create(
        [
            Pledge(
                project_id=row.cleaned["_parent"],
                donor_id=ids[row.cleaned["_donor"].key],
                pledged=row.cleaned["pledged"],
                note=row.cleaned["note"],
                **{name: row.cleaned[name] for name in AMOUNT_FIELDS},
            )
            for row in created
        ],
        batch_size=500,
    )
    records = Pledge.objects.in_bulk([row.target for row in changed])
    for row in changed:
        for name in row.after:
            setattr(records[row.target], name, row.cleaned[name])
    if records:
        Pledge.objects.bulk_update(records.values(), [*AMOUNT_FIELDS, "note"], batch_size=200)


def _finish_pledges(actor: Actor, rows: Sequence[Row]) -> None:
    refresh_findings({row.cleaned["_parent"] for row in rows})


register(
    Kind(
        code="pledges",
        label=_l("Pledges"),
        permission=Permission.FUNDING_EDIT.value,
        columns=(
            PROJECT_COLUMN,
            Column(
                "donor",
                cells.text(250),
                _l("State or organisation; “(donor not named)” when the source names none"),
                True,
            ),
            *AMOUNT_COLUMNS,
            Column("pledged", cells.partial_date, _l("day, month or year of the pledge")),
            Column("note", cells.text(300), _l("note")),
        ),
        prepare=_prepare_pledges,
        existing=_existing_pledges,
        write=_write_pledges,
        finish=_finish_pledges,
        order=20,
    )
)


def _find_pledges(rows: Sequence[Row]) -> dict[int, Any]:
    """{row number: pledge}: by project, donor and date of the pledge."""
    found = find_projects(rows)
    good = [row for row in rows if row.number in found]
    donors = donors_named([row.cleaned["donor"] for row in good])
    pledges = {
        (pledge.project_id, donor_key(pledge.donor), pledge.pledged): pledge.pk
        for pledge in _current_pledges(set(found.values()))
    }
    result = {}
    for row in good:
        settle_amount(row)
        donor = donors[row.cleaned["donor"]]
        if isinstance(donor, RuleBroken):
            row.refuse("donor", donor)
            continue
        key = (found[row.number], donor.key, row.cleaned["pledged"])
        if key in pledges:
            result[row.number] = pledges[key]
        else:
            row.refuse("donor", no_record("donor", row.cleaned["donor"]))
    return result


def _find_agreements(rows: Sequence[Row], day: str) -> dict[int, Any]:
    """{row number: agreement} by reference; refuses money that cannot belong to it.

    `day`: the column that says when the money came or went.
    """
    agreements = {
        each.reference: each
        for each in Agreement.objects.filter(
            reference__in={row.cleaned["agreement"] for row in rows}
        )
    }
    result = {}
    for row in rows:
        settle_amount(row)
        agreement = agreements.get(row.cleaned["agreement"])
        if agreement is None:
            row.refuse("agreement", no_record("agreement", row.cleaned["agreement"]))
            continue
        try:
            rules.check_under_agreement(
                currency=row.cleaned["currency"],
                agreed_currency=agreement.currency,
                day=row.cleaned[day],
                signed_on=agreement.signed_on,
            )
        except RuleBroken as refusal:
            row.refuse("currency" if refusal.code == "funding.currency" else day, refusal)
        if not row.problems:
            row.cleaned["_agreement"] = agreement
            result[row.number] = agreement.pk
    return result


def _check_received(rows: Sequence[Row]) -> None:
    """An agreement brings no more than it is over."""
    limits = {row.cleaned["_agreement"].pk: row.cleaned["_agreement"].amount for row in rows}
    _check_sums(rows, Receipt, ("received_on", "amount"), limits, _("money received"))


def _check_spent(rows: Sequence[Row]) -> None:
    """No more is spent under an agreement than was received."""
    owners = {row.cleaned["_agreement"].pk for row in rows}
    limits = dict.fromkeys(owners, Decimal(0)) | dict(
        Receipt.objects.filter(agreement__in=owners)
        .order_by()
        .values_list("agreement")
        .annotate(total=Sum("amount"))
    )
    _check_sums(rows, Expenditure, ("spent_on", "amount", "what"), limits, _("spending"))


def _check_sums(
    rows: Sequence[Row],
    model: type[Receipt] | type[Expenditure],
    key: tuple[str, ...],
    limits: Mapping[Any, Decimal],
    what: str,
) -> None:
    """Refuse each row with which an agreement ({primary key: limit}) would pass its limit.

    A row whose `key` is on record is there already and adds nothing.
    """
    known = set(model.objects.filter(agreement__in=limits).values_list("agreement", *key))
    sums = dict.fromkeys(limits, Decimal(0))
    for agreement, _day, amount, *_rest in known:
        sums[agreement] += amount
    for row in rows:
        agreement, amount = row.cleaned["_agreement"].pk, row.cleaned["amount"]
        if (agreement, *(row.cleaned[name] for name in key)) in known:
            continue
        try:
            rules.check_stage_sum(limits[agreement], sums[agreement], amount, what=what)
        except RuleBroken as refusal:
            row.refuse("amount" if row.values.get("amount") else "amount_usd", refusal)
        else:
            sums[agreement] += amount


def _complete_lines(rows: Sequence[Row]) -> None:
    """Find the phase that a line of the budget belongs to; none means the project as a whole."""
    phases = {
        (phase.project.reference, phase.number): phase.pk
        for phase in Phase.objects.filter(
            project__reference__in={row.cleaned["project_id"] for row in rows}
        ).select_related("project")
    }
    for row in rows:
        settle_amount(row)
        check_dates(row, "starts", "ends")
        number = row.cleaned["phase_number"]
        row.cleaned["phase_id"] = phases.get((row.cleaned["project_id"], number))
        if number is not None and row.cleaned["phase_id"] is None:
            row.refuse("phase_number", no_record("phase_number", str(number)))


register(
    child_kind(
        "budgets",
        _l("Budgets by phase and period"),
        Child(
            model=BudgetLine,
            columns=[
                Column(
                    "phase_number", cells.small, _l("number of the phase, or empty"), empty=None
                ),
                Column("starts", cells.partial_date, _l("first day, month or year")),
                Column("ends", cells.partial_date, _l("last day, month or year")),
                *AMOUNT_COLUMNS,
            ],
            key=["phase_id", "starts", "ends"],
            fields=[*AMOUNT_FIELDS],
            complete=_complete_lines,
            name="project_id",
        ),
        order=31,
        permission=Permission.FUNDING_EDIT,
        finish=_finish_pledges,
    )
)

_AGREEMENT_COLUMN = Column(
    "agreement", cells.text(60), _l("reference of the signed agreement"), True
)
register(
    child_kind(
        "agreements",
        _l("Signed agreements"),
        Child(
            model=Agreement,
            columns=[
                Column("donor", cells.text(250), _l("donor, as in the pledge"), True),
                Column("pledged", cells.partial_date, _l("date of the pledge, as recorded")),
                Column("reference", cells.text(60), _l("reference of the agreement"), True),
                Column("signed_on", cells.past_day, _l("day of signature"), True),
                *AMOUNT_COLUMNS,
            ],
            key=["reference"],
            fields=["signed_on", *AMOUNT_FIELDS],
            parents=_find_pledges,
            parent_field="pledge",
        ),
        order=21,
        permission=Permission.FUNDING_EDIT,
    )
)
register(
    child_kind(
        "receipts",
        _l("Money received"),
        Child(
            model=Receipt,
            columns=[
                Column("received_on", cells.past_day, _l("day of receipt"), True),
                *AMOUNT_COLUMNS,
            ],
            key=["received_on", "amount"],
            fields=["currency", "rate", "rate_source", "usd"],
            parents=partial(_find_agreements, day="received_on"),
            parent_field="agreement",
            parent_column=_AGREEMENT_COLUMN,
            complete=_check_received,
            name="agreement",
        ),
        order=22,
        permission=Permission.FUNDING_EDIT,
    )
)
register(
    child_kind(
        "expenditures",
        _l("Money spent"),
        Child(
            model=Expenditure,
            columns=[
                Column("spent_on", cells.past_day, _l("day of spending"), True),
                Column("what", cells.text(200), _l("kind of cost, no names of persons")),
                *AMOUNT_COLUMNS,
            ],
            key=["spent_on", "amount", "what"],
            fields=["currency", "rate", "rate_source", "usd"],
            parents=partial(_find_agreements, day="spent_on"),
            parent_field="agreement",
            parent_column=_AGREEMENT_COLUMN,
            complete=_check_spent,
            name="agreement",
        ),
        order=23,
        permission=Permission.FUNDING_EDIT,
    )
)
