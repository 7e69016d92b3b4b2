"""Payments and promises of a file held one by one against those on record."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cairn.portfolio.iati.codes import TransactionType
from cairn.portfolio.iati.detail import Detail, ReadTransaction
from cairn.portfolio.iati.reading import WARNING, Complaint, ReadActivity
from cairn.portfolio.iati.records import Transaction
from cairn.portfolio.iati.wording import day_as_known

NOT_NAMED = "(donor not named)"  # as the import of pledges writes it
FIELDS: dict[str, str] = {
    TransactionType.PLEDGE: "pledged",
    TransactionType.COMMITMENT: "committed",
    TransactionType.RECEIVED: "received",
    TransactionType.SPENDING: "spent",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A row for an import. `line`: of the file that asks for it; `cells`: column -> text."""

    kind: str
    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Payment:
    """`when`: ISO 8601, of a pledge as exact as it is known; `provider`: name or empty."""

    kind: str
    when: str
    value: Decimal
    currency: str
    provider: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """A signed agreement: where it stands, and what money under it must fit."""

    reference: str
    donor: str
    pledged: str
    signed_on: date
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """The money of a project on record. `paid`: as its own file tells it; `pledges`, `withdrawn`:
    (donor, when) of pledges that stand and of those that were taken back.
    """

    paid: Sequence[Payment] = ()
    pledges: Sequence[tuple[str, str]] = ()
    withdrawn: Sequence[tuple[str, str]] = ()
    agreements: Sequence[Agreed] = ()


def payment(each: Transaction | ReadTransaction) -> Payment:
    """A transaction in the terms in which both sides are compared."""
    provider = each.provider if isinstance(each, ReadTransaction) else None
    if isinstance(each, Transaction) and each.provider is not None:
        provider = each.provider.name
    is_pledge = each.kind == TransactionType.PLEDGE
    when = day_as_known(each.day, each.note) if is_pledge else each.day.isoformat()
    is_spent = each.kind == TransactionType.SPENDING
    value = each.value.quantize(Decimal("0.01"))
    named = "" if is_spent else (provider or "").strip()
    return Payment(str(each.kind), when, value, each.currency, named)


@dataclass(slots=True)
class Payments:
    """Finds what is new or corrected in a file. What it cannot place it refuses in `read`."""

    read: ReadActivity
    detail: Detail
    reference: str
    ledger: Ledger
    _left: list[Payment] = field(default_factory=list)
    _pledges: list[tuple[str, str]] = field(default_factory=list)
    _agreements: list[Agreed] = field(default_factory=list)
    _rows: list[Asked] = field(default_factory=list)

    def rows(self) -> list[Asked]:
        """Rows for what is not on record, in the order of the steps of money."""
        new = self._unmatched()
        self._pledges = list(self.ledger.pledges)
        self._agreements = list(self.ledger.agreements)
        for line, each in self._placeable(new, TransactionType.PLEDGE):
            self._pledge(line, each)
        for line, each in self._placeable(new, TransactionType.COMMITMENT):
            self._agreement(line, each)
        for line, each in self._placeable(new, TransactionType.RECEIVED):
            self._under("receipts", "received_on", line, each)
        for line, each in self._placeable(new, TransactionType.SPENDING):
            self._under("expenditures", "spent_on", line, each)
        return self._rows

    def _unmatched(self) -> list[tuple[int, Payment]]:
        """(line, payment) of the file without a twin on record; the other way in `_left`."""
        twins = Counter(self.ledger.paid)
        new = []
        for each in self.detail.transactions:
            found = payment(each)
            if found.kind not in FIELDS:
                self._say(
                    each.line, "iati.transaction_kind",
                    _("Transactions of type %(kind)s have no place here.") % {"kind": found.kind},
                    _("It was passed over: types 13, 11, 1 and 4 are taken in."), WARNING,
                )  # fmt: skip
            elif twins[found]:
                twins[found] -= 1
            else:
                new.append((each.line, found))
        self._left = list(twins.elements())
        return new

    def _placeable(
        self, new: list[tuple[int, Payment]], kind: TransactionType
    ) -> Iterator[tuple[int, Payment]]:
        """Corrections become rows at once; the rest, unless it may be a correction as well."""
        asked = [(line, each) for line, each in new if each.kind == kind]
        fresh = [(line, each) for line, each in asked if not self._corrected(line, each, asked)]
        if fresh and any(each.kind == kind for each in self._left):
            for line, _each in fresh:
                self._say(
                    line, "iati.replaced",
                    _("Money on record is missing in the file, and other money stands there."),
                    _("A file adds and never deletes: correct the record on its page first."),
                )  # fmt: skip
            return
        for line, each in fresh:
            if each.currency == "USD":
                yield line, each
            else:
                self._no_rate(line, each)

    def _corrected(self, line: int, new: Payment, asked: Sequence[tuple[int, Payment]]) -> bool:
        """The same pledge or agreement with another amount; None of the rest can be told apart."""
        if new.kind not in {TransactionType.PLEDGE, TransactionType.COMMITMENT}:
            return False
        alike = [each for each in self._left if _same(each, new)]
        if len(alike) != 1 or sum(_same(each, new) for _line, each in asked) != 1:
            return False
        if new.currency != "USD":
            return False
        self._left.remove(alike[0])
        if new.kind == TransactionType.PLEDGE:
            self._add("pledges", line, new, donor=new.provider or NOT_NAMED, pledged=new.when)
            return True
        old = next(each for each in self.ledger.agreements if _is_of(each, alike[0]))
        self._add(
            "agreements", line, new, donor=old.donor or NOT_NAMED, pledged=old.pledged,
            reference=old.reference, signed_on=new.when,
        )  # fmt: skip
        return True

    def _pledge(self, line: int, new: Payment) -> None:
        if (new.provider, new.when) in self.ledger.withdrawn:
            self._say(
                line, "iati.withdrawn",
                _("This pledge was withdrawn; it stays so."),
                _("If it stands again, enter it on the page of the project."), WARNING,
            )  # fmt: skip
            return
        self._pledges.append((new.provider, new.when))
        self._add("pledges", line, new, donor=new.provider or NOT_NAMED, pledged=new.when)

    def _agreement(self, line: int, new: Payment) -> None:
        fitting = [each for each in self._pledges if each[0] == new.provider]
        if len(fitting) != 1:
            self._say(
                line, "iati.pledge",
                _("No pledge of this donor, or more than one, could be the one that was signed."),
                _("Enter the agreement on the page of the project, then bring the file again."),
            )  # fmt: skip
            return
        taken = {each.reference for each in self._agreements}
        number = 1
        while (reference := f"{self.reference}/{new.when}/{number}") in taken:
            number += 1
        donor, pledged = fitting[0]
        day = date.fromisoformat(new.when)
        self._agreements.append(Agreed(reference, donor, pledged, day, new.currency, new.value))
        self._add(
            "agreements", line, new, donor=donor or NOT_NAMED, pledged=pledged,
            reference=reference, signed_on=new.when,
        )  # fmt: skip

    def _under(self, kind: str, column: str, line: int, new: Payment) -> None:
        """Money under an agreement: the only one that it can belong to."""
        fitting = [
            each
            for each in self._agreements
            if each.currency == new.currency and each.signed_on.isoformat() <= new.when
        ]
        if kind == "receipts":
            given = [each for each in fitting if each.donor == new.provider]
            fitting = given if given or new.provider else fitting
        if len(fitting) != 1:
            self._say(
                line, "iati.agreement",
                _("No signed agreement, or more than one, could be the one of this money."),
                _("Enter it on the page of the project, then bring the file again."),
            )  # fmt: skip
            return
        cells = {"agreement": fitting[0].reference, column: new.when, "amount_usd": f"{new.value}"}
        self._rows.append(Asked(kind, line, cells))

    def _add(self, kind: str, line: int, new: Payment, **cells: str) -> None:
        given = {"project_id": self.reference, "amount_usd": f"{new.value}"}
        self._rows.append(Asked(kind, line, given | cells))

    def _no_rate(self, line: int, new: Payment) -> None:
        self._say(
            line, "iati.rate",
            _("An amount in %(currency)s needs its rate to the US dollar, which a file of IATI "
              "does not tell.") % {"currency": new.currency},
            _("Enter it with its rate on the page of the project, then bring the file again."),
        )  # fmt: skip

    def _say(self, line: int, code: str, message: str, remedy: str, severity: str = "") -> None:
        said = Complaint(line, "transaction", code, message, remedy)
        if severity:
            said = Complaint(line, "transaction", code, message, remedy, severity)
        self.read.add(said)


def _same(one: Payment, other: Payment) -> bool:
    """Everything but the amount."""
    return (one.kind, one.when, one.currency, one.provider) == (
        other.kind, other.when, other.currency, other.provider,
    )  # fmt: skip


def _is_of(agreed: Agreed, old: Payment) -> bool:
    return (agreed.donor, agreed.signed_on.isoformat(), agreed.currency, agreed.amount) == (
        old.provider, old.when, old.currency, old.value,
    )  # fmt: skip
