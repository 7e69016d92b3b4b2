"""When a conflict can be resolved, and as what. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.referral.rules import merging


def check_open(resolved_at: datetime | None) -> None:
    """Raise RuleBroken("conflict.resolved") for what somebody has resolved already."""
    if resolved_at is not None:
        raise RuleBroken(
            "conflict.resolved", _("Somebody has said already which of the two holds.")
        )


def check_clear(*, is_sealed: bool) -> None:
    """Raise RuleBroken("conflict.sealed") where the two versions have to be opened first."""
    if is_sealed:
        raise RuleBroken("conflict.sealed", _("Both versions are sealed. Open them first."))


def check_sealed(*, is_sealed: bool) -> None:
    """Raise RuleBroken("conflict.clear") where nothing is sealed."""
    if not is_sealed:
        raise RuleBroken("conflict.clear", _("Choose one of the values: nothing here is sealed."))


def check_value(value: Any, known: Sequence[Any]) -> None:
    """Raise RuleBroken("conflict.value") for what nobody wrote."""
    if value not in known:
        raise RuleBroken("conflict.value", _("Choose what one of them wrote, or what was before."))


def check_both(both: bool, field: str) -> None:
    """Raise RuleBroken("conflict.both") for two identities in one."""
    if both and field == "identity":
        raise RuleBroken(
            "conflict.both",
            _("Two identities are not put together."),
            _("Choose the better one, then change it by hand."),
        )


def check_readable(is_readable: bool) -> None:
    """Raise RuleBroken("conflict.unreadable") where a version cannot be opened any more."""
    if not is_readable:
        raise RuleBroken("conflict.unreadable", _("One of the versions cannot be read any more."))


def check_unchanged(mark: str, seen: str) -> None:
    """Raise RuleBroken("conflict.changed") when a colleague wrote a third version meanwhile."""
    if mark != seen:
        raise RuleBroken(
            "conflict.changed",
            _("Somebody has changed it while you were looking."),
            _("Open both once more."),
        )


def joined(standing: Any, other: Any) -> Any:
    """Both versions of a text or of a list of lines, each line once where it is a list."""
    if isinstance(standing, list) or isinstance(other, list):
        return list(dict.fromkeys([*(standing or ()), *(other or ())]))
    return "\n\n".join(text for text in (standing, other) if text)


def protecting(field: str) -> Callable[[Any], int]:
    """How much a value of this fact protects, as a key for sorting."""
    return lambda value: merging.protects(field, value)
