"""Rules about the records of persons: age bands, days, how long a record is kept. Pure."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken

# How long a record is kept where nobody says otherwise: five years, the longest first term
# that INTERPOL gives a record (Rules on the Processing of Data). It is a mere
# default; the law of the deployment decides, and each record can have a day of its own.
KEEP_FOR = timedelta(days=5 * 365)
# No day further than this can be asked for: a record without an end is not kept, it is hoarded.
KEEP_AT_MOST = timedelta(days=30 * 365)


class AgeBand(TextChoices):
    """The least that serves: a band, never a date of birth."""

    ADULT = "adult", gettext_lazy("Adult")
    CHILD = "child", gettext_lazy("Child")
    AGE_DISPUTED = "age-disputed", gettext_lazy("Age disputed: treated as a child")


def is_treated_as_child(band: AgeBand) -> bool:
    """A child, and whoever may be one: the doubt counts for the person.

    Source: Convention on Action against Trafficking in Human Beings (Council of Europe, 2005),
    Art. 10(3).
    """
    return band in {AgeBand.CHILD, AgeBand.AGE_DISPUTED}


def check_days(
    opened_on: date, closed_on: date | None, keep_until: date | None, *, today: date
) -> None:
    """Raise RuleBroken("person.opened", "person.closed" or "person.keep") for days out of order."""
    if opened_on > today:
        raise RuleBroken("person.opened", _("A record cannot be opened on a day to come."))
    if closed_on is not None and not opened_on <= closed_on <= today:
        raise RuleBroken(
            "person.closed",
            _("A record is closed on a day between its opening and today."),
        )
    if keep_until is None:
        return
    if keep_until < (closed_on or opened_on):
        raise RuleBroken(
            "person.keep", _("A record is kept at least until the day on which it is closed.")
        )
    if keep_until > today + KEEP_AT_MOST:
        raise RuleBroken(
            "person.keep",
            _("No record is kept for more than thirty years."),
            _("Choose an earlier day; it can be decided again when it comes."),
        )


def kept_until(counted_from: date, decided: date | None) -> date:
    """The last day on which a record is kept: as decided for it, else the default.

    `counted_from`: the day of closing, or of opening as long as the record is open.
    """
    return decided or counted_from + KEEP_FOR


def check_open(closed_on: date | None) -> None:
    """Raise RuleBroken("person.is-closed") for a record that is closed already."""
    if closed_on is not None:
        raise RuleBroken(
            "person.is-closed",
            _("This record is closed, so nothing in it changes any more."),
            _("Enter a new record when the person comes back."),
        )


def check_caseworker(user_id: UUID | None, able: frozenset[UUID]) -> None:
    """Raise RuleBroken("person.caseworker") unless `user_id` is empty or among the `able`."""
    if user_id is not None and user_id not in able:
        raise RuleBroken(
            "person.caseworker",
            _("This colleague does not work with records of this place."),
            _("Choose somebody from the list."),
        )


def check_stays(before: UUID, after: UUID) -> None:
    """Raise RuleBroken("person.elsewhere") for a file that would go to another organisation.

    Whoever has roles in both takes none along by an edit: it is handed over, so that what stands
    for it, and who is left out, is looked at, and whoever has been told of it hears.
    """
    if before != after:
        raise RuleBroken(
            "person.elsewhere",
            _("A file does not go to another organisation by a change of its record."),
            _("Offer it there by a hand-over: what stands for it is looked at then."),
        )


def check_place(organisation_id: UUID, unit_of: UUID | None) -> None:
    """Raise RuleBroken("person.place") when the unit belongs to another organisation."""
    if unit_of is not None and unit_of != organisation_id:
        raise RuleBroken("person.place", _("This unit belongs to another organisation."))
