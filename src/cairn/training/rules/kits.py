"""Rules of event kits. Pure: values in, values or RuleBroken out."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core.errors import RuleBroken
from cairn.training.rules.states import CheckoutState, EventState

MOST_LABEL, MOST_REASON, LEAST_REASON = 80, 300, 10
# An event is taken along from when it is planned until its report is made.
TAKEN_ALONG = frozenset(
    {
        EventState.PLANNED,
        EventState.CALL_OPEN,
        EventState.SELECTION,
        EventState.CONFIRMED,
        EventState.RUNNING,
        EventState.DELIVERED,
    }
)


def check_label(label: str) -> str:
    """A kit's label, tidied. Raises RuleBroken ("kits.label")."""
    tidy = " ".join(label.split())
    if not 1 <= len(tidy) <= MOST_LABEL:
        raise RuleBroken(
            "kits.label",
            _("A kit needs a label of at most %(most)d signs.") % {"most": MOST_LABEL},
            _("Write what stands on the laptop, such as an inventory number."),
        )
    return tidy


def check_reason(reason: str) -> str:
    """A reason in words, tidied. Raises RuleBroken ("kits.reason")."""
    tidy = " ".join(reason.split())
    if not LEAST_REASON <= len(tidy) <= MOST_REASON:
        raise RuleBroken(
            "kits.reason",
            _("Say why, in %(least)d to %(most)d signs.")
            % {"least": LEAST_REASON, "most": MOST_REASON},
            _("Name the training and who carries the kit, without names of participants."),
        )
    return tidy


def check_mark(of_card: str, typed: str) -> None:
    """Raise RuleBroken ("kits.mark") unless the mark on the kit's screen is that of the card."""
    if typed != of_card:
        raise RuleBroken(
            "kits.mark",
            _("The mark that you typed is not the mark of this card."),
            _(
                "Read the mark from the kit's own screen once more. If it differs again, the card "
                "is not from this laptop: do not enrol it."
            ),
        )


def check_not_revoked(revoked_at: datetime | None) -> None:
    """Raise RuleBroken ("kits.revoked") for a kit that is no longer trusted."""
    if revoked_at is not None:
        raise RuleBroken(
            "kits.revoked",
            _("This kit was revoked; nothing goes to it and nothing comes from it."),
            _("If the laptop is back and safe, wipe it and enrol it anew."),
        )


def check_event(state: EventState, *, is_named: bool) -> None:
    """Raise RuleBroken ("kits.event-state", "kits.aggregate") unless a kit may take the event."""
    if not is_named:
        raise RuleBroken(
            "kits.aggregate",
            _("This event keeps counts only, so there is nothing to take along."),
            _("Report its counts when you are back."),
        )
    if state not in TAKEN_ALONG:
        raise RuleBroken(
            "kits.event-state",
            _("An event that is “%(state)s” cannot be checked out.") % {"state": state.label},
            _("Check out an event that is planned or running."),
        )


def check_persons(count: int, most: int) -> None:
    """Raise RuleBroken ("kits.too-many") when more names would leave than are opened at once."""
    if count > most:
        raise RuleBroken(
            "kits.too-many",
            ngettext(
                "%(count)d name would leave; at most %(most)d do.",
                "%(count)d names would leave; at most %(most)d do.",
                count,
            )
            % {"count": count, "most": most},
            _("Check the event out without names: badges then carry codes only."),
        )


def check_is_out(state: CheckoutState) -> None:
    """Raise RuleBroken ("kits.not-out") unless the event is on the kit."""
    if state is not CheckoutState.OUT:
        raise RuleBroken(
            "kits.not-out",
            _("This event is no longer on the kit."),
            _("Look at the kit's page for what became of it."),
        )


def check_may_return(state: CheckoutState) -> None:
    """Raise RuleBroken ("kits.recalled") for what was called back."""
    if state is CheckoutState.RECALLED:
        raise RuleBroken(
            "kits.recalled",
            _("This event was recalled from the kit, so what the kit brings is refused."),
            _("Keep the file. Enter by hand what is missing, or ask who recalled it."),
        )
