"""States of an issue of a document, and who may take it on. Pure."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken


class IssueState(TextChoices):
    """An issue is computed anew while it is a draft, and never again."""

    DRAFT = "draft", gettext_lazy("Draft")
    IN_REVIEW = "in_review", gettext_lazy("In review")
    APPROVED = "approved", gettext_lazy("Approved")
    PUBLISHED = "published", gettext_lazy("Published")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


class HighlightState(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", pgettext_lazy("entry of a register", "Published")


_S = IssueState
MOVES: Final[Mapping[IssueState, frozenset[IssueState]]] = {
    _S.DRAFT: frozenset({_S.IN_REVIEW}),
    _S.IN_REVIEW: frozenset({_S.APPROVED, _S.DRAFT}),
    _S.APPROVED: frozenset({_S.PUBLISHED, _S.DRAFT}),
    _S.PUBLISHED: frozenset({_S.WITHDRAWN}),
    _S.WITHDRAWN: frozenset(),
}
# What the public reads, also after a later issue came out.
OPEN: Final = frozenset({_S.PUBLISHED})


def check_move(now: IssueState, to: IssueState) -> None:
    """Raises RuleBroken("issue.move") unless an issue may go from `now` to `to`."""
    if to not in MOVES[now]:
        raise RuleBroken(
            "issue.move",
            _("An issue that is “%(now)s” cannot become “%(to)s”.")
            % {"now": now.label, "to": to.label},
            _("Load the page again: somebody may have been faster."),
        )


def check_reviewer(reviewer: UUID | None, writers: Collection[str]) -> None:
    """Raises RuleBroken("issue.reviewer"): whoever wrote a part does not review the whole."""
    if reviewer is None or str(reviewer) in writers:
        raise RuleBroken(
            "issue.reviewer",
            _("Whoever wrote a part of this issue does not review it."),
            _("Ask a colleague who wrote nothing of it."),
        )


def check_reason(reason: str) -> None:
    """Raises RuleBroken("issue.reason"): what is sent back or withdrawn says why."""
    if not reason.strip():
        raise RuleBroken(
            "issue.reason",
            _("Say why, so that the writers and the readers know."),
            _("One sentence is enough."),
        )


def check_version(now: int, seen: int) -> None:
    """Raises RuleBroken("document.version") where somebody else was faster."""
    if now != seen:
        raise RuleBroken(
            "document.version",
            _("Somebody else changed this while you were writing."),
            _("What is on record now stands beside what you wrote. Compare, and save again."),
        )
