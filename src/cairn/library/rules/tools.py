"""What holds for tools and their versions."""

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken


def check_version(held: int, seen: int) -> None:
    """Raises RuleBroken ("tool.version") when somebody else was faster."""
    if held != seen:
        raise RuleBroken(
            "tool.version",
            _("Somebody else changed this entry while you were writing."),
            _("Open it in another tab, compare, and save again."),
        )


def taken_already(title: str) -> RuleBroken:
    """The refusal of a second tool with the same title."""
    return RuleBroken(
        "tool.title",
        _("Another tool has the title “%(title)s”.") % {"title": title},
        _("Open that one, or write the edition as a version of it."),
    )


def known_already() -> RuleBroken:
    """The refusal of a second version of the same edition and language."""
    return RuleBroken(
        "tool.edition",
        _("This edition is entered in this language already."),
        _("Change that version, or name another edition."),
    )
