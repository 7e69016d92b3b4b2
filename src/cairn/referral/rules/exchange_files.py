"""Files with several records: how many, of whom, and which may not leave and why. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

MOST: Final = 100
# More refusals than these are counted, not listed.
MOST_NAMED: Final = 20
Found = TypeVar("Found")


def check_amount(codes: Sequence[str]) -> None:
    """Raise RuleBroken("file.many" or "file.code")."""
    if "" in codes:
        raise RuleBroken(
            "file.code",
            _("One of these is no code."),
            _("Look at each code again, such as K7Q-M2R."),
        )
    if not 1 <= len(codes) <= MOST:
        raise RuleBroken(
            "file.many",
            _("A file holds between one and %(most)d records.") % {"most": MOST},
            _("Ask for several files."),
        )


def not_seen(codes: Sequence[str]) -> RuleBroken:
    """For codes of no record that the actor may take out."""
    return RuleBroken(
        "file.code",
        _("No record that you may take out of this organisation has the code %(codes)s.")
        % {"codes": ", ".join(codes[:MOST_NAMED])},
        _("Look at the codes again, or leave these out."),
    )


def check_each(records: Iterable[Any], allowed: Callable[[Any], Found]) -> list[tuple[Any, Found]]:
    """Each record with what `allowed` gives for it.

    Raises RuleBroken("file.not-told") that names every one for which it raises a RuleBroken, by
    code and with the reason.
    """
    found, refused = [], []
    for record in records:
        try:
            found.append((record, allowed(record)))
        except RuleBroken as refusal:
            refused.append(f"{record.code}: {refusal.message}")
    if refused:
        more = [_("and %(count)d more") % {"count": len(refused) - MOST_NAMED}]
        raise RuleBroken(
            "file.not-told",
            " ".join(refused[:MOST_NAMED] + (more if len(refused) > MOST_NAMED else [])),
            _("Nothing was made. Leave these out, or agree on it first."),
        )
    return found
