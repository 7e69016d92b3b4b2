"""What the demonstration invents: public: a bulletin of what the invented releases tell."""

from django.utils import timezone

from cairn.observatory.actions.bulletins import issue_bulletin
from cairn.observatory.queries import bulletins, published
from cairn.web.demo_protection import Home

ISSUER = "statistics-officer"


def make_public(home: Home) -> int:
    """The last bulletin whose day has come, once; nothing where nothing is published."""
    actor = home.actors.get(ISSUER)
    if actor is None or not published.published(actor):
        return 0
    due = [each for each in bulletins.dates(actor, timezone.localdate()) if each.is_due]
    last = due[-1]
    if last.is_out:
        return 0
    issue_bulletin(actor, last.year, last.number)
    return 1
