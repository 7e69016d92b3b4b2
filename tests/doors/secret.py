"""A secret: what brings it about, who must not learn of it, and what might tell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doors.stage import Scene

MANY = 26  # more than a page of any list
# Digits that no code holds, as letters.
SIGNS = str.maketrans("015", "CDF")


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that is there for some and not for others.

    `happen`: brings it about. `readers`: roles that must not learn of it ("" is a visitor).
    `addresses`: all that might tell; `twice`: more of them, which a second rule keeps
    as well. `rules`: what keeps it, each (owner, name, what stands there
    when the rule is gone): the tests take the rule away to see that they would notice.
    """

    happen: Callable[[Scene], None]
    readers: tuple[str, ...]
    addresses: tuple[str, ...]
    twice: tuple[str, ...]
    rules: tuple[tuple[Any, str, Any], ...] = field(default=())


def everything(queryset: Any, actor: object) -> Any:
    """What `visible_to` would be if it let everybody see all."""
    return queryset.all()
