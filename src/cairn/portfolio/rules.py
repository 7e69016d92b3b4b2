"""States, moves and sums of the portfolio. Pure: values in, values or RuleBroken out."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken

_ = gettext_lazy


class State(TextChoices):
    """States of a project. Source: the casework study, E3, "Project"."""

    CONCEPT = "concept", _("Concept")
    APPRAISED = "appraised", _("Appraised")
    APPROVED = "approved", _("Approved")
    PARTLY_FUNDED = "partly-funded", _("Partly funded")
    FULLY_FUNDED = "fully-funded", _("Fully funded")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    OPERATIONALLY_CLOSED = "operationally-closed", _("Operationally closed")
    FINANCIALLY_CLOSED = "financially-closed", _("Financially closed")
    EVALUATED = "evaluated", _("Evaluated")


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

    PUBLIC = "public", _("Public")
    REDUCED = "reduced", _("Reduced: country withheld")
    WITHHELD = "withheld", _("Withheld")


class RequestState(TextChoices):
    """States of a request for assistance. Source: the casework study, E3, "Assistance request"."""

    RECEIVED = "received", _("Received")
    ASSESSED = "assessed", _("Assessed")
    MATCHED = "matched", _("Matched")
    FUNDED = "funded", _("Funded")
    DELIVERING = "delivering", _("Delivering")
    DELIVERED = "delivered", _("Delivered")
    FOLLOWED_UP = "followed-up", _("Followed up")
    DECLINED = "declined", _("Declined")


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

    PLEDGED = "pledged", _("Pledged")
    AGREED = "agreed", _("Agreement signed")
    PARTLY_RECEIVED = "partly-received", _("Partly received")
    RECEIVED = "received", _("Received")
    SPENT = "spent", _("Spent")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Theme(TextChoices):
    """The seven service areas. Source: partnership folder (2010), Global Programme, text."""

    PREVENTION = "prevention", _("Prevention and awareness-raising")
    RESEARCH = "research", _("Data collection and research")
    LEGISLATION = "legislation", _("Legislative assistance")
    STRATEGY = "strategy", _("Strategic planning and policy development")
    CRIMINAL_JUSTICE = "criminal-justice", _("Criminal justice system responses")
    PROTECTION = "protection", _("Victim protection and support")
    COOPERATION = "cooperation", _("International cooperation")


class Subject(TextChoices):
    """What a project is about."""

    TRAFFICKING = "trafficking", _("Trafficking in persons")
    SMUGGLING = "smuggling", _("Smuggling of migrants")
    ORGANIZED_CRIME = "organized-crime", _("Organized crime")


class Chapter(TextChoices):
    """Where a project stands in the folder: its one continent, else several, else the world.

    Each project is in exactly one chapter, so that totals by region add up to the whole.
    Codes are UN M49 regions, but for `several` and `none`.
    """

    WORLD = "001", _("Global")
    AFRICA = "002", _("Africa")
    AMERICAS = "019", _("Americas")
    ASIA = "142", _("Asia")
    EUROPE = "150", _("Europe")
    OCEANIA = "009", _("Oceania")
    SEVERAL = "several", _("Several regions")
    NONE = "none", _("Region not stated")


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
            _("Possible now: %(moves)s.") % {"moves": names(MOVES[now])},
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
            _("Possible now: %(moves)s.") % {"moves": names(REQUEST_MOVES[now])},
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


def names(states: frozenset[State] | frozenset[RequestState]) -> str:
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
