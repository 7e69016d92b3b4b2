"""States, moves and sums of the portfolio. Pure: values in, values or RuleBroken out."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.money import parse_amount


class State(TextChoices):
    """States of a project. Source: the casework study, E3, "Project"."""

    CONCEPT = "concept", gettext_lazy("Concept")
    APPRAISED = "appraised", gettext_lazy("Appraised")
    APPROVED = "approved", gettext_lazy("Approved")
    PARTLY_FUNDED = "partly-funded", gettext_lazy("Partly funded")
    FULLY_FUNDED = "fully-funded", gettext_lazy("Fully funded")
    ACTIVE = "active", gettext_lazy("Active")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    OPERATIONALLY_CLOSED = "operationally-closed", gettext_lazy("Operationally closed")
    FINANCIALLY_CLOSED = "financially-closed", gettext_lazy("Financially closed")
    EVALUATED = "evaluated", gettext_lazy("Evaluated")


MOVES: dict[State, frozenset[State]] = {
    State.CONCEPT: frozenset({State.APPRAISED}),
    State.APPRAISED: frozenset({State.APPROVED, State.CONCEPT}),
    State.APPROVED: frozenset({State.PARTLY_FUNDED, State.FULLY_FUNDED}),
    State.PARTLY_FUNDED: frozenset({State.FULLY_FUNDED, State.ACTIVE}),
    State.FULLY_FUNDED: frozenset({State.PARTLY_FUNDED, State.ACTIVE}),
    State.ACTIVE: frozenset({State.SUSPENDED, State.OPERATIONALLY_CLOSED}),
    State.SUSPENDED: frozenset({State.ACTIVE, State.OPERATIONALLY_CLOSED}),
    State.OPERATIONALLY_CLOSED: frozenset({State.FINANCIALLY_CLOSED}),
    State.FINANCIALLY_CLOSED: frozenset({State.EVALUATED}),
    State.EVALUATED: frozenset(),
}


class Publication(TextChoices):
    """What the public sees of a project. Reduced: everything that tells the country is left out."""

    PUBLIC = "public", gettext_lazy("Public")
    REDUCED = "reduced", gettext_lazy("Reduced: country withheld")
    WITHHELD = "withheld", gettext_lazy("Withheld")


class RequestState(TextChoices):
    """States of a request for assistance. Source: the casework study, E3, "Assistance request"."""

    RECEIVED = "received", gettext_lazy("Received")
    ASSESSED = "assessed", gettext_lazy("Assessed")
    MATCHED = "matched", gettext_lazy("Matched")
    FUNDED = "funded", gettext_lazy("Funded")
    DELIVERING = "delivering", gettext_lazy("Delivering")
    DELIVERED = "delivered", gettext_lazy("Delivered")
    FOLLOWED_UP = "followed-up", gettext_lazy("Followed up")
    DECLINED = "declined", gettext_lazy("Declined")


REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.RECEIVED: frozenset({RequestState.ASSESSED, RequestState.DECLINED}),
    RequestState.ASSESSED: frozenset({RequestState.MATCHED, RequestState.DECLINED}),
    RequestState.MATCHED: frozenset({RequestState.FUNDED, RequestState.DECLINED}),
    RequestState.FUNDED: frozenset({RequestState.DELIVERING}),
    RequestState.DELIVERING: frozenset({RequestState.DELIVERED}),
    RequestState.DELIVERED: frozenset({RequestState.FOLLOWED_UP}),
    RequestState.FOLLOWED_UP: frozenset(),
    RequestState.DECLINED: frozenset(),
}


class PledgeStage(TextChoices):
    """How far a pledge has come; computed from its agreements, receipts and spending."""

    PLEDGED = "pledged", gettext_lazy("Pledged")
    AGREED = "agreed", gettext_lazy("Agreement signed")
    PARTLY_RECEIVED = "partly-received", gettext_lazy("Partly received")
    RECEIVED = "received", gettext_lazy("Received")
    SPENT = "spent", gettext_lazy("Spent")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


class Theme(TextChoices):
    """The seven service areas. Source: partnership folder (2010), Global Programme, text."""

    PREVENTION = "prevention", gettext_lazy("Prevention and awareness-raising")
    RESEARCH = "research", gettext_lazy("Data collection and research")
    LEGISLATION = "legislation", gettext_lazy("Legislative assistance")
    STRATEGY = "strategy", gettext_lazy("Strategic planning and policy development")
    CRIMINAL_JUSTICE = "criminal-justice", gettext_lazy("Criminal justice system responses")
    PROTECTION = "protection", gettext_lazy("Victim protection and support")
    COOPERATION = "cooperation", gettext_lazy("International cooperation")


class Subject(TextChoices):
    """What a project is about."""

    TRAFFICKING = "trafficking", gettext_lazy("Trafficking in persons")
    SMUGGLING = "smuggling", gettext_lazy("Smuggling of migrants")
    ORGANIZED_CRIME = "organized-crime", gettext_lazy("Organized crime")


class Chapter(TextChoices):
    """Where a project stands in the folder: its one continent, else several, else the world.

    Each project is in exactly one chapter, so that totals by region add up to the whole.
    Codes are UN M49 regions, but for `several` and `none`.
    """

    WORLD = "001", gettext_lazy("Global")
    AFRICA = "002", gettext_lazy("Africa")
    AMERICAS = "019", gettext_lazy("Americas")
    ASIA = "142", gettext_lazy("Asia")
    EUROPE = "150", gettext_lazy("Europe")
    OCEANIA = "009", gettext_lazy("Oceania")
    SEVERAL = "several", gettext_lazy("Several regions")
    NONE = "none", gettext_lazy("Region not stated")


def inferred_state(
    *, status_as_printed: str, budget: Decimal | None, pledged: Decimal, has_code: bool
) -> tuple[State, str]:
    """The state that a source tells of a project that nobody decided on, and the decision's basis.

    "In progress" in print: active. Else by money (US dollars) and code: pledges reach the budget,
    some pledges, a project code (codes are given on approval), none of these (concept). The basis
    is a code, so that a reader is told in words that it is an inference.
    """
    if status_as_printed.lower() == "in progress":
        return State.ACTIVE, "inferred:printed-status"
    if budget and pledged >= budget:
        return State.FULLY_FUNDED, "inferred:pledges"
    if pledged > 0:
        return State.PARTLY_FUNDED, "inferred:pledges"
    if has_code:
        return State.APPROVED, "inferred:code"
    return State.CONCEPT, "inferred:no-code"


def listed_moves(now: State) -> list[State]:
    """The states that the table allows from `now`, in the order of a project's life."""
    return [state for state in State if state in MOVES[now]]


def listed_request_moves(now: RequestState) -> list[RequestState]:
    """The steps that the table allows from `now`, the way on before the way out."""
    return [state for state in RequestState if state in REQUEST_MOVES[now]]


def check_move(now: State, to: State, *, budget: Decimal | None, pledged: Decimal) -> None:
    """Raise RuleBroken unless a project may go from `now` to `to`.

    "portfolio.move": the table does not list it. "portfolio.funding": the money on record does
    not bear out "fully" or "partly funded" (US dollars; fully means pledges reach the budget).
    """
    if to not in MOVES[now]:
        raise RuleBroken(
            "portfolio.move",
            _('A project that is "%(now)s" cannot become "%(to)s".')
            % {"now": now.label, "to": to.label},
            _("Possible now: %(moves)s.") % {"moves": _labels(MOVES[now])},
        )
    if to == State.FULLY_FUNDED and (budget is None or pledged < budget):
        raise RuleBroken(
            "portfolio.funding",
            _("The pledges on record do not reach the budget, so it is not fully funded."),
            _("Record the missing pledges first, or choose “Partly funded”."),
        )
    if to == State.PARTLY_FUNDED and pledged <= 0:
        raise RuleBroken(
            "portfolio.funding",
            _("No pledge is on record, so the project is not partly funded."),
            _("Record a pledge first."),
        )


def check_request_move(
    now: RequestState, to: RequestState, *, reason: str, has_project: bool
) -> None:
    """Raise RuleBroken unless a request may go from `now` to `to`.

    "request.move"; "request.reason": declining needs a reason; "request.project": from "matched"
    on there must be a project.
    """
    if to not in REQUEST_MOVES[now]:
        raise RuleBroken(
            "request.move",
            _('A request that is "%(now)s" cannot become "%(to)s".')
            % {"now": now.label, "to": to.label},
            _("Possible now: %(moves)s.") % {"moves": _labels(REQUEST_MOVES[now])},
        )
    if to == RequestState.DECLINED and not reason.strip():
        raise RuleBroken(
            "request.reason",
            _("A request is declined with a reason."),
            _("Write why, in a sentence that can be sent to whoever asked."),
        )
    if to == RequestState.MATCHED and not has_project:
        raise RuleBroken(
            "request.project",
            _("A request is matched with a project."),
            _("Choose the project that can answer it."),
        )


def _labels(states: frozenset[State] | frozenset[RequestState]) -> str:
    """The labels of `states`, joined; "none" in words when there is none."""
    return ", ".join(sorted(str(state.label) for state in states)) or str(_("none"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a budget lacks, US dollars. None: the budget is not known, so nothing can be said."""

    budget: Decimal | None
    pledged: Decimal

    @property
    def shortfall(self) -> Decimal | None:
        """Budget less pledges, never below zero."""
        if self.budget is None:
            return None
        return max(self.budget - self.pledged, Decimal(0))

    @property
    def surplus(self) -> Decimal:
        """What was pledged beyond the budget."""
        if self.budget is None:
            return Decimal(0)
        return max(self.pledged - self.budget, Decimal(0))

    @property
    def funded_share(self) -> float | None:
        """Pledged part of the budget, 0 to 1; None when the budget is unknown or zero."""
        if not self.budget:
            return None
        return float(min(self.pledged / self.budget, Decimal(1)))


def in_dollars(amount: Decimal, rate: Decimal) -> Decimal:
    """`amount` in US dollars at `rate` (dollars for one unit), half a cent rounded up.

    Raises AmountRefused("amount.too_large") for more than records can hold.
    """
    return parse_amount(f"{(amount * rate).quantize(Decimal('0.01'), ROUND_HALF_UP):f}")


def check_under_agreement(
    *, currency: str, agreed_currency: str, day: date, signed_on: date
) -> None:
    """Raise RuleBroken unless money of `day` in `currency` can belong to the agreement.

    "funding.currency": the agreement is in another one (ISO 4217). "funding.date": `day` is before
    the signature; the day of signature itself is allowed.
    """
    if currency != agreed_currency:
        raise RuleBroken(
            "funding.currency",
            _("The agreement is in %(currency)s.") % {"currency": agreed_currency},
            _("Give the amount in that currency, with the rate of the day."),
        )
    if day < signed_on:
        raise RuleBroken(
            "funding.date",
            _("This day is before the agreement was signed (%(signed)s).")
            % {"signed": signed_on.isoformat()},
            _("Check the date."),
        )


def check_stage_sum(limit: Decimal, already: Decimal, more: Decimal, *, what: str) -> None:
    """Raise RuleBroken("funding.exceeds") when `already` + `more` pass `limit` (same currency)."""
    if already + more > limit:
        raise RuleBroken(
            "funding.exceeds",
            _("With %(more)s more, %(what)s would pass what was agreed (%(limit)s).")
            % {"more": more, "what": what, "limit": limit},
            _("Check the amount, or record an amended agreement first."),
        )


def pledge_stage(
    *, withdrawn: bool, pledged: Decimal, agreed: Decimal, received: Decimal, spent: Decimal
) -> PledgeStage:
    """The stage that the sums (US dollars) show; `agreed` counts where it is signed."""
    if withdrawn:
        return PledgeStage.WITHDRAWN
    due = agreed or pledged
    if spent > 0 and spent >= due:
        return PledgeStage.SPENT
    if received > 0:
        return PledgeStage.RECEIVED if received >= due else PledgeStage.PARTLY_RECEIVED
    return PledgeStage.AGREED if agreed > 0 else PledgeStage.PLEDGED


def chapter_of(continents: frozenset[str], *, is_world: bool) -> Chapter:
    """The one chapter for a project that works in `continents` (UN M49 region codes)."""
    if is_world:
        return Chapter.WORLD
    if not continents:
        return Chapter.NONE
    if len(continents) > 1:
        return Chapter.SEVERAL
    return Chapter(next(iter(continents)))


def check_reduced(
    *,
    countries: frozenset[str],
    named_in_title: frozenset[str],
    public_title: str,
    named_in_public_title: frozenset[str],
) -> None:
    """Raise RuleBroken("publication.title") when a reduced project's shown title tells a country.

    Codes are ISO 3166-1 alpha-3; `named_in_*`: the countries that the text mentions.
    """
    shown = named_in_public_title if public_title else named_in_title
    if shown & countries:
        raise RuleBroken(
            "publication.title",
            _("The title that the public would see names the country that is to be withheld."),
            _("Give a public title without the country, its people or its places."),
        )
