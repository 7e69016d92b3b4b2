"""Rules of editions of signs: states, who publishes, what a code means. Pure."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.choices import Setting, WorkerProfile

CODE = re.compile(r"20\d{2}-[1-9]\d{0,2}")


class EditionState(TextChoices):
    DRAFT = "draft", pgettext_lazy("edition", "Draft")
    PUBLISHED = "published", pgettext_lazy("edition", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("edition", "Withdrawn")


MOVES: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.WITHDRAWN}),
    EditionState.WITHDRAWN: frozenset(),
}
_NOT_DRAFT = gettext_lazy("Make a new edition from it and change that one.")


def check_code(code: str) -> None:
    """Raise RuleBroken("edition.code") unless `code` is a year and a number, such as 2026-1."""
    if not CODE.fullmatch(code):
        raise RuleBroken(
            "edition.code",
            _("This is no code of an edition."),
            _("Use the year and a number, for example 2026-2."),
        )


def check_draft(state: str) -> None:
    """Raise RuleBroken("edition.is-not-draft") unless the edition may still change."""
    if state != EditionState.DRAFT:
        raise RuleBroken(
            "edition.is-not-draft",
            _("This edition is not a draft, so nothing in it changes any more."),
            str(_NOT_DRAFT),
        )


def check_move(now: str, to: EditionState) -> None:
    """Raise RuleBroken("edition.move") unless an edition may go from `now` to `to`."""
    if to not in MOVES[EditionState(now)]:
        raise RuleBroken(
            "edition.move",
            _('An edition that is "%(now)s" cannot become "%(to)s".')
            % {"now": EditionState(now).label, "to": to.label},
        )


def check_publisher(user_id: UUID | None, authors: Iterable[str]) -> None:
    """Raise RuleBroken("edition.second-person") for somebody who wrote in the edition."""
    if user_id is not None and str(user_id) in set(authors):
        raise RuleBroken(
            "edition.second-person",
            _("You wrote in this edition, so somebody else publishes it."),
            _("Ask a colleague to read it and to publish it."),
        )


def check_not_last(others: int) -> None:
    """Raise RuleBroken("edition.last") when no other published edition (`others`) would be left."""
    if others == 0:
        raise RuleBroken(
            "edition.last",
            _("This is the only edition in use, and phones need one."),
            _("Publish another one first."),
        )


def check_shown(counts: Mapping[tuple[str, str], int], *, most: int) -> None:
    """Raise RuleBroken("edition.too-many" or "edition.too-few") for what a phone cannot show well.

    `counts`: how many signs for each setting and profile.
    """
    for (setting, profile), count in counts.items():
        place = {
            "setting": Setting(setting).label,
            "profile": WorkerProfile(profile).label,
            "count": count,
            "most": most,
        }
        if count > most:
            raise RuleBroken(
                "edition.too-many",
                ngettext(
                    "For %(setting)s and %(profile)s a phone would show %(count)s sign; at most "
                    "%(most)s can be gone through.",
                    "For %(setting)s and %(profile)s a phone would show %(count)s signs; at most "
                    "%(most)s can be gone through.",
                    count,
                )
                % place,
                _("Take the setting or the profile out of some of them."),
            )
        if count == 0:
            raise RuleBroken(
                "edition.too-few",
                _("For %(setting)s and %(profile)s a phone would show no sign at all.") % place,
                _("Add signs for the field for this setting."),
            )


def check_meanings(
    given: Mapping[str, tuple[str, str, str]], before: Mapping[str, tuple[str, str, str]]
) -> dict[str, str]:
    """{code: why} of codes that mean something else than in an earlier edition.

    A meaning is (list, dimension, kind): reports of years ago are still read by it.
    """
    return {
        code: _("This code stands for another sign in an earlier edition.")
        for code, meaning in given.items()
        if code in before and before[code] != meaning
    }
